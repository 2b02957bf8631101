"""What changed from one revision to a later one: words within paragraphs, fields, openings, files."""
