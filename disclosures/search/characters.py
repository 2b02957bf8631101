"""Traditional characters as their simplified ones, character by character."""

from functools import cache
from importlib.resources import files


@cache
def simplified() -> dict[int, str]:
    """A table for `str.translate`; closed, so that folding twice changes nothing. OpenCC's list, Apache licence."""
    listed = (files("opencc") / "dictionary" / "TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split() for line in listed.splitlines() if line)
    first = {pair[0]: pair[1] for pair in pairs if pair[0] != pair[1]}
    return {ord(character): _last(character, first) for character in first}


def _last(character: str, table: dict[str, str]) -> str:
    """Follow the table to a character that it leaves alone; a ring ends at its smallest member."""
    seen = [character]
    while (following := table.get(seen[-1])) is not None:
        if following in seen:
            return min(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1]
