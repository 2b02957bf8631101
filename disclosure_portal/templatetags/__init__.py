"""Template filters of the whole portal."""
