"""Two plain texts compared: paragraphs first, then the words of those that were changed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from disclosures.comparing.words import Piece, likeness, word_changes, words_of

SAME, OLD, NEW, CHANGED = "same", "old", "new", "changed"
PAIRED_IN_ORDER = 400  # old times new paragraphs of one place that are paired by likeness
MOST_EQUAL_PAIRS = 400_000  # equal pairs of paragraphs before frequent ones (empty table rows) are passed over
MOST_WORDS = (
    20_000_000  # characters of old times new paragraphs compared by word; what comes later is shown as whole paragraphs
)
PAIR = 0.45  # share of words in common from which two paragraphs are one that was changed


@dataclass(frozen=True)
class Passage:
    """Paragraphs in a row that stayed, went or came; or one that was `changed`, with its `pieces`."""

    kind: str
    lines: list[str]
    pieces: list[Piece] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Number of paragraphs."""
        return len(self.lines)


def text_changes(old: str, new: str) -> list[Passage]:
    """What happened to the text, in reading order; empty when nothing did. A text of 200 pages takes under a second."""
    before, after = old.split("\n"), new.split("\n")
    if before == after:
        return []
    return list(_Comparison(before, after).passages())


class _Comparison:
    """One comparison with the work it may still spend on words."""

    def __init__(self, before: list[str], after: list[str]) -> None:
        self.before, self.after = before, after
        self.left = MOST_WORDS

    def passages(self) -> Iterator[Passage]:
        """Passages of both texts, unchanged beginnings and ends set aside before anything is compared."""
        head = _common(self.before, self.after)
        tail = _common(self.before[head:][::-1], self.after[head:][::-1])
        if head:
            yield Passage(SAME, self.before[:head])
        yield from self._middle(self.before[head : len(self.before) - tail], self.after[head : len(self.after) - tail])
        if tail:
            yield Passage(SAME, self.before[-tail:])

    def _middle(self, before: list[str], after: list[str]) -> Iterator[Passage]:
        counts, others = Counter(before), Counter(after)
        crowded = sum(count * others[line] for line, count in counts.items()) > MOST_EQUAL_PAIRS
        matcher = SequenceMatcher(None, before, after, autojunk=crowded)
        for kind, a1, a2, b1, b2 in matcher.get_opcodes():
            if kind == "equal":
                yield Passage(SAME, before[a1:a2])
            else:
                yield from self._place(before[a1:a2], after[b1:b2])

    def _place(self, old: list[str], new: list[str]) -> Iterator[Passage]:
        """One place where the texts differ: changed paragraphs in pairs, the others whole."""
        a = b = 0
        for i, j in [*_pairs(old, new), (len(old), len(new))]:
            yield from _whole(old[a:i], new[b:j])
            if i < len(old):
                yield from self._pair(old[i], new[j])
            a, b = i + 1, j + 1

    def _pair(self, old: str, new: str) -> Iterator[Passage]:
        cost = len(old) * len(new)
        pieces = word_changes(old, new) if self.left > 0 else None
        self.left -= cost
        if pieces is None:
            yield from _whole([old], [new])
        else:
            yield Passage(CHANGED, [new], pieces)


def _common(one: list[str], other: list[str]) -> int:
    for place, (first, second) in enumerate(zip(one, other, strict=False)):
        if first != second:
            return place
    return min(len(one), len(other))


def _whole(old: list[str], new: list[str]) -> Iterator[Passage]:
    if old:
        yield Passage(OLD, old)
    if new:
        yield Passage(NEW, new)


def _pairs(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Which old paragraph became which new one, in order; by place alone where there are too many to compare."""
    if not old or not new:
        return []
    if len(old) * len(new) > PAIRED_IN_ORDER:
        return [(place, place) for place in range(len(old))] if len(old) == len(new) else []
    before, after = [words_of(line) for line in old], [words_of(line) for line in new]
    alike = [[likeness(one, other) for other in after] for one in before]
    return _best_chain(alike)


def _best_chain(alike: list[list[float]]) -> list[tuple[int, int]]:
    """The chain of pairs that has the most in common altogether; each pair has at least `PAIR`."""
    rows, columns = len(alike), len(alike[0])
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= PAIR else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    return list(_walk(alike, best))


def _walk(alike: list[list[float]], best: list[list[float]]) -> Iterator[tuple[int, int]]:
    i = j = 0
    while i < len(alike) and j < len(alike[0]):
        if alike[i][j] >= PAIR and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
