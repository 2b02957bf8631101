"""Finding a quoted passage in a frozen text, and marking it in the body as readers see it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from disclosures.models.readings import AROUND, PassageRemark

_TAG = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
_SIGNS = re.compile(r"&(?:#[0-9]+|#x[0-9a-fA-F]+|[0-9A-Za-z]+);|.", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """Where a quote stands: `begin <= character < end` of the plain text, and the words around it."""

    begin: int
    end: int
    quote: str
    before: str
    after: str


def places_of(quote: str, text: str) -> list[Place]:
    """Every place of `quote` in `text`, whatever spaces and line ends stand between its characters."""
    wanted = "".join(quote.split())
    kept = [place for place, sign in enumerate(text) if not sign.isspace()]
    dense = "".join(text[place] for place in kept)
    found: list[Place] = []
    at = dense.find(wanted) if wanted else -1
    while at >= 0:
        found.append(_place(text, kept[at], kept[at + len(wanted) - 1] + 1))
        at = dense.find(wanted, at + 1)
    return found


def _place(text: str, begin: int, end: int) -> Place:
    around = (text[max(0, begin - AROUND) : begin], text[end : end + AROUND])
    return Place(begin, end, text[begin:end], *(" ".join(words.split()) for words in around))


def marked(body: str, text: str, remarks: Iterable[PassageRemark]) -> SafeString:
    """The sanitised `body` with each quoted passage of `remarks` marked and numbered, linked to `#remark-<number>`.

    `text` is its plain text. Spaces are passed over: markup and plain text differ in nothing else.
    """
    rows = sorted(enumerate(remarks, start=1), key=lambda pair: pair[1].position)
    spans = [(_dense(text, row.position), _dense(text, row.position + len(row.quote)), number) for number, row in rows]
    return mark_safe("".join(_pieces(body, spans)))


def _dense(text: str, position: int) -> int:
    """Number of characters before `position`, spaces left out."""
    return sum(not sign.isspace() for sign in text[:position])


def _pieces(body: str, spans: list[tuple[int, int, int]]) -> Iterator[str]:
    at = 0
    for part in _TAG.split(body):
        if _TAG.fullmatch(part):
            yield part
        elif part:
            signs = _SIGNS.findall(part)
            yield from _text(signs, at, spans)
            at += sum(_weight(sign) for sign in signs)


def _text(signs: list[str], at: int, spans: list[tuple[int, int, int]]) -> Iterator[str]:
    """One run of text between two tags, marked where a span covers it; numbers stand where a span ends."""
    is_open = False
    for sign in signs:
        weight = _weight(sign)
        inside = any(begin <= at < end for begin, end, _number in spans)
        if weight and inside != is_open:
            yield '<mark class="quoted">' if inside else "</mark>"
            is_open = inside
        yield sign
        at += weight
        ending = [number for _begin, end, number in spans if weight and end == at]
        if ending:
            yield ("</mark>" if is_open else "") + "".join(_anchor(number) for number in ending)
            is_open = False
    if is_open:
        yield "</mark>"


def _weight(sign: str) -> int:
    """How many characters an entity or character counts for, spaces none."""
    return sum(not one.isspace() for one in unescape(sign))


def _anchor(number: int) -> str:
    link = '<sup class="quoted__number" id="passage-{n}"><a href="#remark-{n}">{n}</a></sup>'
    return format_html(link, n=number)
