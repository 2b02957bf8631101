"""Two versions of one paragraph compared by word; Chinese has no spaces, so a dictionary finds the words."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

import rjieba

SAME, OLD, NEW = "same", "old", "new"
MOST_WORK = 160_000  # words of one text times words of the other; beyond that a paragraph is changed as a whole
ALIKE = 0.4  # share of words in common below which word by word is harder to read than the whole
_PIECES = re.compile(r"[0-9A-Za-z]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """Words in a row that stayed (`same`), went (`old`) or came (`new`)."""

    kind: str
    text: str


def words_of(text: str) -> list[str]:
    """The words and signs of `text` in order; joined they are the text again."""
    found = [word for word in rjieba.cut(text) if word]
    return found if "".join(found) == text else _PIECES.findall(text)


def likeness(old: list[str], new: list[str]) -> float:
    """Share of words in common, from 0 to 1, whatever their order; punctuation does not count."""
    before, after = Counter(filter(_is_word, old)), Counter(filter(_is_word, new))
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else float(old == new)


def word_changes(old: str, new: str) -> list[Piece] | None:
    """The words that went and came, in reading order; None where the whole paragraph should be shown instead."""
    before, after = words_of(old), words_of(new)
    if len(before) * len(after) > MOST_WORK or likeness(before, after) < ALIKE:
        return None
    return _joined(_calm(_raw(before, after)))


def _raw(before: list[str], after: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(SAME, "".join(before[a1:a2])))
        else:
            pieces += [Piece(OLD, "".join(before[a1:a2])), Piece(NEW, "".join(after[b1:b2]))]
    return pieces


def _calm(pieces: list[Piece]) -> list[Piece]:
    """Without islands: a comma or a 的 that stayed between two changes belongs to both of them."""
    calm: list[Piece] = []
    for place, piece in enumerate(pieces):
        is_inside = 0 < place < len(pieces) - 1
        if piece.kind == SAME and is_inside and len(piece.text.strip()) <= 1 and "\n" not in piece.text:
            calm += [Piece(OLD, piece.text), Piece(NEW, piece.text)]
        else:
            calm.append(piece)
    return calm


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Each change as what went, then what came, without empty pieces."""
    joined: list[Piece] = []
    waiting = {OLD: "", NEW: ""}
    for piece in [*pieces, Piece(SAME, "")]:
        if piece.kind != SAME:
            waiting[piece.kind] += piece.text
            continue
        joined += [Piece(kind, text) for kind, text in waiting.items() if text]
        joined += [piece] if piece.text else []
        waiting = {OLD: "", NEW: ""}
    return joined


def _is_word(token: str) -> bool:
    return any(sign.isalnum() for sign in token)
