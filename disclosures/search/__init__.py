"""Full-text search without extensions: one document a release, and an index of characters beside it."""
