"""What a query means: its words as they stand, else another reading that does find something.

Pages and feeds ask here alike, so that a feed holds what the page behind it shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from disclosures.search import index
from disclosures.search.finding import Asked, find
from disclosures.search.pinyin import may_be_initials
from disclosures.textnorm import with_document_number, without_signs
from disclosures.visibility import ReleaseQuerySet


def understood(words: Sequence[str], rows: ReleaseQuerySet, *, below: int = index.TOP, is_public: bool = True) -> Asked:
    """The first reading that finds something in `rows`, all below `below`; the words themselves where none does."""
    plain = Asked(tuple(words), is_public=is_public)
    others = list(_others(plain))
    readings = [plain, *others] if others else []
    return next((reading for reading in readings if find(rows, reading, 1, below=below)), plain)


def _others(asked: Asked) -> Iterator[Asked]:
    """Further readings, the likeliest first: as a document number, without signs between words, as initials."""
    for words in (with_document_number(asked.words), without_signs(asked.words)):
        if words and tuple(words) != asked.words:
            yield replace(asked, words=tuple(words))
    if may_be_initials(list(asked.words)):
        yield Asked(initials=asked.words[0], is_public=asked.is_public)
