"""Disclosed items as data: one list of fields behind the yearly files, their schema and the data of a single item."""
