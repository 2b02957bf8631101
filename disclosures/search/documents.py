"""Writes the documents of the search, in the transaction that opens or masks a release; nothing else writes them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain

from django.db import connection, transaction
from django.db.models import prefetch_related_objects

from disclosures.models import Release, Revision, SearchDocument, StoredFile
from disclosures.search import grams, index
from disclosures.search.pinyin import initials_of
from disclosures.textnorm import norm

LONGEST_FILES = 300_000  # characters of attachments that are searched in one release
READ_PARTS = frozenset(("body", "notes", "drawing"))  # no comments, deletions or properties
SLOTS = 10  # bits of a sort key below the second
SPREAD = 60  # seconds after its opening in which a document finds a free place
WRITTEN = ("title", "body", "initials", "is_public", "tokenizer_version")


def index_release(release: Release) -> None:
    """Bring the document of one release up to date."""
    index_releases([release])


def index_releases(releases: Sequence[Release]) -> int:
    """Bring the documents of `releases` up to date; returns how many were written.

    What goes into the index is worked out before the transaction: nobody else waits for it.
    """
    fresh = documents_of(releases)
    pks = [document.pk for document in fresh]
    before = SearchDocument.objects.in_bulk(pks)
    rows = {
        document.pk: index.row(connection, grams_of(document))
        for document in fresh
        if _differs(document, before.get(document.pk))
    }
    with transaction.atomic():
        stored = SearchDocument.objects.in_bulk(pks)
        changed = [document for document in fresh if _differs(document, stored.get(document.pk))]
        _take_out([stored[document.pk] for document in changed if document.pk in stored])
        _place(changed, stored)
        old = [document for document in changed if document.pk in stored]
        SearchDocument.objects.bulk_update(old, [*WRITTEN, "sort_key"])
        SearchDocument.objects.bulk_create(document for document in changed if document.pk not in stored)
        for document in changed:
            if document.pk not in rows:  # another took it away meanwhile
                rows[document.pk] = index.row(connection, grams_of(document))
        index.add(connection, {document.sort_key: rows[document.pk] for document in changed})
    return len(changed)


def index_file(file: StoredFile) -> None:
    """Bring the documents up to date in which the text of `file` is searched, after it was read or destroyed."""
    holding = Release.objects.filter(revision__attachments__file=file, revision__attachments__is_published=True)
    index_releases(list(holding.distinct()))


def documents_of(releases: Sequence[Release]) -> list[SearchDocument]:
    """Documents as they ought to be, not stored."""
    prefetch_related_objects(releases, "revision__item", "revision__unit", "revision__attachments__file__text")
    return [_document(release) for release in releases]


def haystack(revision: Revision) -> str:
    """The text in which the search looks: title, numbers, unit, body, names and texts of published attachments.

    Every line stands for itself: no word is found across the end of one.
    """
    files = [row for row in revision.attachments.all() if row.is_published]
    lines = [revision.title, revision.item.number or "", revision.document_number, revision.unit.name]
    lines += revision.body_text.splitlines()
    lines += [row.title for row in files]
    texts = "\n".join(chain.from_iterable(texts_of(row.file) for row in files))[:LONGEST_FILES]
    return "\n".join(filter(None, [*map(norm, lines), norm(texts)]))


def texts_of(file: StoredFile) -> list[str]:
    """What a reader of a stored file sees, as far as it was read."""
    read = getattr(file, "text", None)
    return [part["text"] for part in read.parts if part.get("kind", "body") in READ_PARTS] if read else []


def sort_key_at(at: datetime, slot: int = 0) -> int:
    """The place of an instant in the order of the search: seconds, and below them `slot`, 0 to 1023."""
    return max(0, int(at.timestamp())) << SLOTS | slot


def place_above(at: datetime) -> int:
    """The first sort key above all that was open to the public at `at` or before; openings never move (a trigger)."""
    return sort_key_at(at + timedelta(seconds=SPREAD + 1))


def instant_of(sort_key: int) -> int:
    """Seconds since 1970 that a sort key stands for."""
    return sort_key >> SLOTS


def grams_of(document: SearchDocument) -> set[int]:
    """The numbers of a document in the index."""
    found = grams.grams_of(document.body, document.initials)
    return found | {grams.PUBLIC} if document.is_public else found


def _document(release: Release) -> SearchDocument:
    title = norm(release.revision.title)
    opened = release.public_since or release.internal_since
    return SearchDocument(
        release=release,
        sort_key=sort_key_at(opened, release.pk % (1 << SLOTS)),
        title=title,
        body=haystack(release.revision),
        initials=initials_of(title),
        is_public=release.public_from is not None,  # a release never changes sides
        tokenizer_version=grams.VERSION,
    )


def _differs(document: SearchDocument, stored: SearchDocument | None) -> bool:
    return stored is None or any(getattr(document, name) != getattr(stored, name) for name in WRITTEN)


def _take_out(stored: Iterable[SearchDocument]) -> None:
    """Remove old rows of the index; those of other rules cannot be told to SQLite and are left to no document."""
    rows = [document for document in stored if _keeps(document) or index.removes_by_name(connection)]
    told = {row.sort_key: index.row(connection, grams_of(row)) for row in rows}
    index.remove(connection, told)


def _place(changed: list[SearchDocument], stored: dict[int, SearchDocument]) -> None:
    """Give new documents the first free place at or after their own; old ones keep theirs while it can be used."""
    kept = [document for document in changed if _keeps(stored.get(document.pk))]
    for document in kept:
        document.sort_key = stored[document.pk].sort_key
    moved = [document for document in changed if not _keeps(stored.get(document.pk))]
    wanted = [document.sort_key for document in moved]
    taken = set(SearchDocument.objects.filter(sort_key__in=wanted).values_list("sort_key", flat=True))
    for document in moved:
        while document.sort_key in taken or _is_taken_beside(document, wanted):
            document.sort_key += 1
        taken.add(document.sort_key)


def _is_taken_beside(document: SearchDocument, wanted: list[int]) -> bool:
    """Whether a place that nobody of these documents wanted, and that was therefore not asked for, is taken."""
    return document.sort_key not in wanted and SearchDocument.objects.filter(sort_key=document.sort_key).exists()


def _keeps(stored: SearchDocument | None) -> bool:
    return stored is not None and stored.tokenizer_version == grams.VERSION
