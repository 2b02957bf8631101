"""Where a reader goes on from an item: the one before and after it in its category, and what belongs beside it."""

from typing import Any

from django.db.models import Case, IntegerField, Q, Subquery, Value, When

from disclosures.models import Release
from disclosures.views.asking import BoardRequest, visible
from disclosures.views.rows import HEAVY, Row, dated, row_of
from disclosures.visibility import ReleaseQuerySet, since_field

RELATED = 5
LOOKED_AT = 200  # newest rows of the unit among which related ones are sought, whatever the size of the archive


def beside(request: BoardRequest, release: Release) -> dict[str, Any]:
    """The newer and the older item of the same category; one query, two steps along its index."""
    since = since_field(request.reader)
    rows = _begun(request).filter(category=release.category_id).exclude(item_id=release.item_id)
    at = dated(request, release)
    newer = rows.filter(Q(**{f"{since}__gt": at}) | Q(**{since: at, "pk__gt": release.pk}), **{f"{since}__gte": at})
    older = rows.filter(Q(**{f"{since}__lt": at}) | Q(**{since: at, "pk__lt": release.pk}), **{f"{since}__lte": at})
    newer_pk = Subquery(newer.order_by(since, "pk").values("pk")[:1])
    older_pk = Subquery(older.order_by(f"-{since}", "-pk").values("pk")[:1])
    found = _light(Release.objects.filter(Q(pk=newer_pk) | Q(pk=older_pk)))
    place = (at, release.pk)
    return {"newer" if _place(request, row) > place else "older": row_of(request, row) for row in found}


def related(request: BoardRequest, release: Release) -> list[Row]:
    """Items of the same duty of the unit, then of the same category of the unit, newest first; one bounded query."""
    revision = release.revision
    newest = _begun(request).filter(unit=release.unit_id).exclude(item_id=release.item_id)
    near = newest.newest_first(request.reader).values("pk")[:LOOKED_AT]
    same_duty = Q(revision__entry=revision.entry_id) if revision.entry_id else Q(pk__in=[])
    rows = Release.objects.filter(pk__in=near).filter(same_duty | Q(category=release.category_id))
    ranked = rows.annotate(
        other=Case(When(same_duty, then=Value(0)), default=Value(1), output_field=IntegerField())
    ).order_by("other", f"-{since_field(request.reader)}", "-id")
    return [row_of(request, row, unit="", category="", phase="") for row in _light(ranked)[:RELATED]]


def _begun(request: BoardRequest) -> ReleaseQuerySet:
    """What this reader may read; the bound on the first opening lets an index leave out rows without one."""
    return visible(request).filter(**{f"{since_field(request.reader)}__lte": request.at})


def _light(rows: ReleaseQuerySet) -> ReleaseQuerySet:
    return rows.for_reading().defer(*HEAVY)


def _place(request: BoardRequest, release: Release) -> tuple[Any, int]:
    return dated(request, release), release.pk
