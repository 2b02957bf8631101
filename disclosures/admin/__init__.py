"""The admin of this room: edges that decide nothing."""

from disclosures.admin import catalogue, items, routes

__all__ = ["catalogue", "items", "routes"]
