"""The admin of this room: edges that decide nothing."""

from disclosures.admin import catalogue, items

__all__ = ["catalogue", "items"]
