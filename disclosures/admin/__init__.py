"""The admin of this room: edges that decide nothing."""

from disclosures.admin import catalogue, items, screening_words

__all__ = ["catalogue", "items", "screening_words"]
