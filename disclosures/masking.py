"""Known strings masked wherever they stand, in whatever width, case and spacing; asks no database.

`disclosures.screening` finds what may be personal data; here what a person chose is masked in plain text and in HTML.
"""

import html as entities
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from disclosures.screening.folding import BETWEEN, fold, small

SHORTEST = 2  # signs of a string that may be masked everywhere
_BETWEEN = f"{BETWEEN}*"
_SIGNS_BETWEEN = re.compile(_BETWEEN)
_TAG = re.compile(r"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_TAG_NAME = re.compile(r"</?[a-zA-Z0-9]*")


@dataclass(frozen=True)
class Leak:
    """A string to be masked, and what stands in its place."""

    text: str
    mask: str
    kind: str = ""

    @property
    def core(self) -> str:
        """The string without width, case and the signs people put between digits; what is compared."""
        return _SIGNS_BETWEEN.sub("", small(fold(self.text)))


def mask_segments(segments: Sequence[str], leaks: Iterable[Leak]) -> list[str]:
    """The texts of `segments` read as one, every leak masked; a mask stands in the segment where its leak begins."""
    pattern, masks = _pattern(leaks)
    if pattern is None:
        return list(segments)
    found = [(match.start(), match.end(), masks[str(match.lastgroup)]) for match in pattern.finditer(_flat(segments))]
    masked, reached = [], 0
    for segment in segments:
        masked.append(_mask_one(segment, reached, found))
        reached += len(segment)
    return masked


def mask_text(text: str, leaks: Iterable[Leak]) -> str:
    """`text` with every leak masked."""
    return mask_segments([text], leaks)[0]


def mask_html(html: str, leaks: Iterable[Leak]) -> str:
    """A body with every leak masked, also one that marks divide; a tag that names it keeps its name alone."""
    chosen = list(leaks)
    tags = _TAG.findall(html)
    raw = _TAG.split(html)
    plain = [entities.unescape(piece) for piece in raw]
    masked = mask_segments(plain, chosen)
    words = [
        entities.escape(new, quote=False) if new != old else piece
        for piece, old, new in zip(raw, plain, masked, strict=True)
    ]
    bare = [_without_leak(tag, chosen) for tag in tags] + [""]
    return "".join(part for pair in zip(words, bare, strict=True) for part in pair)


def holds(text: str, leaks: Iterable[Leak]) -> bool:
    """Whether any of `leaks` stands in `text`."""
    pattern, _masks = _pattern(leaks)
    return pattern is not None and pattern.search(_flat([text])) is not None


def _flat(segments: Sequence[str]) -> str:
    return small(fold("".join(segments)))


def _pattern(leaks: Iterable[Leak]) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """One pattern for all, longest first; a group of it names the mask."""
    ordered = sorted((leak for leak in leaks if leak.core), key=lambda leak: -len(leak.core))
    if not ordered:
        return None, {}
    groups = {f"g{number}": leak for number, leak in enumerate(ordered)}
    parts = [f"(?P<{name}>{_BETWEEN.join(map(re.escape, leak.core))})" for name, leak in groups.items()]
    return re.compile("|".join(parts)), {name: leak.mask for name, leak in groups.items()}


def _mask_one(segment: str, offset: int, found: Sequence[tuple[int, int, str]]) -> str:
    pieces, reached = [], 0
    for start, end, mask in found:
        begin, stop = max(start - offset, 0), min(end - offset, len(segment))
        if begin >= stop:
            continue
        pieces += [segment[reached:begin], mask if start >= offset else ""]
        reached = stop
    return "".join((*pieces, segment[reached:]))


def _without_leak(tag: str, leaks: Sequence[Leak]) -> str:
    told = entities.unescape(tag)
    if not holds(told, leaks) and not holds(unquote(told), leaks):
        return tag
    name = _TAG_NAME.match(tag)
    return f"{name.group() if name else '<'}>"
