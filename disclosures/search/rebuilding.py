"""Writes documents and index anew, looks for room on the disk first, and compares both with the releases."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from django.conf import settings
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    connection,
    connections,
    transaction,
)
from django.db.models import Max, Min, Q

from disclosures.models import Release, SearchDocument
from disclosures.search import grams, index
from disclosures.search.documents import grams_of, index_releases
from disclosures.visibility import ReleaseQuerySet

BATCH = 500
FEW = 3  # of so many releases fewer than one has a document: keeping the index meanwhile takes four times as long
CHANCES = 3  # to write a batch
BYTES_EACH = {"sqlite": 24_000, "postgresql": 40_000}  # document, index and what sorting needs, measured and doubled
SAMPLE = 200


@dataclass(frozen=True)
class Progress:
    """How many releases were read so far, and how many documents were written."""

    read: int
    changed: int


class NoRoom(Exception):
    """The disk cannot take what is about to be written."""


def reindex(*, only_missing: bool = False, processes: int = 1) -> Iterator[Progress]:
    """Bring every document up to date in batches by primary key, each a transaction; yield after each.

    A revision is frozen, so what is written does not depend on what happens meanwhile. `only_missing` leaves alone
    what was written by the present rules. Where little is indexed yet, PostgreSQL makes its index at the end.
    With several `processes` one batch is read while the database takes in another.
    """
    _lift_time_limit()
    is_postgres = connection.vendor == "postgresql"
    if is_postgres and SearchDocument.objects.count() * FEW < Release.objects.count():
        index.drop_gin(connection)
    _learn_sizes()
    ends = Release.objects.aggregate(first=Min("pk"), last=Max("pk"))
    batches = range(ends["first"] or 0, (ends["last"] or -1) + 1, BATCH)
    read = changed = 0
    for of_batch in _written(batches, processes, partial(_write_batch, only_missing=only_missing)):
        read, changed = read + of_batch.read, changed + of_batch.changed
        yield Progress(read, changed)
    if is_postgres:
        index.create_gin(connection)  # also what a run broken off has left undone


def most_processes() -> int:
    """SQLite has one writer at a time, and others wait; a run inside a transaction is one process too."""
    can_share = connection.vendor == "postgresql" and not connection.in_atomic_block
    return (os.cpu_count() or 1) + 1 if can_share else 1


def empty() -> None:
    """Forget every document and the whole index; until `reindex` is through, the search finds less."""
    _lift_time_limit()
    with transaction.atomic():
        index.clear(connection)
        SearchDocument.objects.all().delete()


def outdated() -> ReleaseQuerySet:
    """Releases without a document written by the present rules."""
    return Release.objects.filter(Q(document__isnull=True) | ~Q(document__tokenizer_version=grams.VERSION))


def check_room() -> None:
    """Raises NoRoom when the disk of the database, where it can be seen, lacks the space for all releases."""
    folder = _folder_of_the_database()
    needed = outdated().count() * BYTES_EACH[connection.vendor]
    if folder and (free := shutil.disk_usage(folder).free) < needed:
        raise NoRoom(f"{needed >> 20} MB are needed and {free >> 20} MB are free on the disk of {folder}.")


def problems() -> list[str]:
    """What does not agree between releases, documents and index; empty when all is well."""
    _lift_time_limit()
    found = []
    if (count := outdated().count()) > 0:
        found.append(f"{count} releases have no document of the present rules.")
    documents, rows = SearchDocument.objects.count(), index.count(connection)
    if rows not in (-1, documents):
        found.append(f"The index has {rows} rows for {documents} documents.")
    try:
        index.check(connection)
    except DatabaseError as broken:
        return [*found, f"The index is damaged: {broken}"]
    lost = sum(not _is_found(document) for document in SearchDocument.objects.order_by("?")[:SAMPLE])
    return [*found, f"{lost} of {SAMPLE} documents are not found by their words."] if lost else found


def _written(batches: range, processes: int, write: Callable[[int], Progress]) -> Iterator[Progress]:
    if processes == 1 or len(batches) < processes:
        yield from map(write, batches)
        return
    connections.close_all()  # a connection is never shared with a child
    with get_context("fork").Pool(processes, initializer=_lift_time_limit) as pool:
        yield from pool.imap_unordered(write, batches)


def _write_batch(begin: int, *, only_missing: bool) -> Progress:
    """Write the documents of the releases whose keys begin there; again where another process took a place first."""
    batch = _batch(begin, only_missing)
    for chance in range(CHANCES):
        try:
            with transaction.atomic():
                return Progress(len(batch), index_releases(batch))
        except (IntegrityError, OperationalError):
            if chance == CHANCES - 1 or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")


def _batch(begin: int, only_missing: bool) -> list[Release]:
    """Releases by key; every question names its rows, so that none grows with what is indexed already."""
    keys = range(begin, begin + BATCH)
    rows = Release.objects.filter(pk__in=keys).order_by("pk").select_related("revision__item", "revision__unit")
    if only_missing:
        present = SearchDocument.objects.filter(pk__in=keys, tokenizer_version=grams.VERSION)
        rows = rows.exclude(pk__in=list(present.values_list("pk", flat=True)))
    return list(rows)


def _is_found(document: SearchDocument) -> bool:
    """Whether the index names the document by some of its numbers."""
    some = sorted(grams_of(document))[:: max(1, len(document.body) // 8)][: grams.MOST]
    return index.newest(connection, some, document.sort_key + 1, 1) == [document.sort_key]


def _learn_sizes() -> None:
    """PostgreSQL plans by what it last counted: after a bulk load that is an empty table, read whole for each batch."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _lift_time_limit() -> None:
    """An index of a million documents takes longer than a page may; on SQLite its processes wait for each other."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
        else:
            cursor.execute("PRAGMA busy_timeout = 600000")


def _folder_of_the_database() -> Path | None:
    """Where the database keeps its files, if this process can see it."""
    if connection.vendor == "sqlite":
        return Path(settings.DATABASES["default"]["NAME"]).parent
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            folder = Path(cursor.fetchone()[0])
    except ProgrammingError:  # the account may not ask
        return None
    try:
        return folder if folder.exists() else None
    except PermissionError:
        return folder.parent if folder.parent.exists() else None
