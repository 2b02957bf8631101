"""Reads the text of one file in a process of its own with little memory and time; knows nothing of Django.

`python -m disclosures.extraction PATH EXTENSION` writes lines of JSON: progress, parts of text with their place, gaps
(what was not read, and why), and an end.
"""
