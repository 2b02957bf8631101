"""Recomputes the text in which the search looks; derived data, so it may be done at any time and again."""

from collections.abc import Iterator
from dataclasses import dataclass

from disclosures.models import Release
from disclosures.services.releasing import haystack

BATCH = 500


@dataclass(frozen=True)
class Progress:
    """How many releases were read so far, and how many of them had an outdated text."""

    read: int
    changed: int


def reindex() -> Iterator[Progress]:
    """Bring `Release.search_text` up to date in batches by primary key; yield after each.

    A revision is frozen, so what is written does not depend on what happens meanwhile; each batch stands by itself.
    """
    last = read = changed = 0
    while batch := _batch_after(last):
        outdated = [release for release in batch if _refold(release)]
        Release.objects.bulk_update(outdated, ["search_text"])
        last, read, changed = batch[-1].pk, read + len(batch), changed + len(outdated)
        yield Progress(read, changed)


def _batch_after(pk: int) -> list[Release]:
    rows = Release.objects.filter(pk__gt=pk).order_by("pk").select_related("revision__item", "revision__unit")
    return list(rows.prefetch_related("revision__attachments")[:BATCH])


def _refold(release: Release) -> bool:
    """Set the text anew; whether it differs from the one stored."""
    before, release.search_text = release.search_text, haystack(release.revision)
    return release.search_text != before
