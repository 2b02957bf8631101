"""Feeds of what is open to the public, whoever asks (P5): Atom, RSS 2.0 and JSON Feed 1.1 of the same entries."""
