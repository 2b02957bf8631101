"""Chinese titles as the first letters of their pinyin; the library is loaded when it is first needed."""

import re
from functools import lru_cache

_LETTERS = re.compile("[a-z]{2,20}", re.ASCII)
_KEPT = re.compile("[^a-z0-9]", re.ASCII)


def initials_of(title: str) -> str:
    """``党务公开`` as ``dwgk``; letters and digits stay, signs go."""
    from pypinyin import Style, lazy_pinyin  # a fifth of a second and 20 MB that most processes never need

    return _KEPT.sub("", "".join(lazy_pinyin(title, style=Style.FIRST_LETTER)).lower())


@lru_cache(maxsize=4096)
def sound_of(word: str) -> str:
    """A word as it is spoken, without tones."""
    from pypinyin import lazy_pinyin  # see above

    return " ".join(lazy_pinyin(word))


def may_be_initials(words: list[str]) -> bool:
    """Whether a query could mean the first letters of a title."""
    return len(words) == 1 and _LETTERS.fullmatch(words[0]) is not None
