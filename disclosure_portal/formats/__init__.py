"""Formats of dates where Django's do not serve."""
