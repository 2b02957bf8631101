"""The admin of this room: edges that decide nothing."""

from disclosures.admin import catalogue, items, routes, screening_words

__all__ = ["catalogue", "items", "routes", "screening_words"]
