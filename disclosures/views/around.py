"""Where a reader goes on from an item: the one before and after it in its category, and what belongs beside it."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, Subquery

from disclosures.models import Release
from disclosures.remembered import remembered
from disclosures.views.asking import BoardRequest, visible
from disclosures.views.rows import LINE, Row, dated, is_internal
from disclosures.visibility import ReleaseQuerySet, since_field

RELATED = 5
LOOKED_AT = 200  # newest rows of the unit among which related ones are sought, whatever the size of the archive


@dataclass(frozen=True)
class Around:
    """The lines around an item: `newer` and `older` in its category, and related ones."""

    newer: Row | None
    older: Row | None
    related: list[Row]


def around(request: BoardRequest, release: Release) -> Around:
    """What surrounds an item: keys of related ones from memory, then all rows in one query."""
    near = _related(request, release)
    here = (dated(request, release), release.pk)
    places, rows = [], {}
    for row in _light(visible(request).filter(Q(pk__in=near) | Q(pk__in=_beside(request, release)))).order_by():
        rows[row.pk] = _row(request, row)
        if row.category_id == release.category_id:
            places.append((dated(request, row), row.pk))
    newer = min((place for place in places if place > here), default=None)
    older = max((place for place in places if place < here), default=None)
    return Around(
        rows[newer[1]] if newer else None, rows[older[1]] if older else None, [rows[pk] for pk in near if pk in rows]
    )


def _beside(request: BoardRequest, release: Release) -> list[Subquery]:
    """Keys of the newer and the older item of the same category: one step along an index each."""
    since = since_field(request.reader)
    rows = visible(request).filter(category=release.category_id).exclude(item_id=release.item_id)
    at = dated(request, release)
    newer = rows.filter(Q(**{f"{since}__gt": at}) | Q(**{since: at, "pk__gt": release.pk}), **{f"{since}__gte": at})
    older = rows.filter(Q(**{f"{since}__lt": at}) | Q(**{since: at, "pk__lt": release.pk}), **{f"{since}__lte": at})
    return [
        Subquery(newer.order_by(since, "pk").values("pk")[:1]),
        Subquery(older.order_by(f"-{since}", "-pk").values("pk")[:1]),
    ]


def _related(request: BoardRequest, release: Release) -> list[int]:
    """Keys of items of the same duty of the unit, then of the same category of the unit, newest first."""
    entry = release.revision.entry_id
    near = [row for row in _newest_of_unit(request, release.unit_id) if row.item != release.item_id]
    same_duty = [row.pk for row in near if entry and row.entry == entry]
    same_category = [row.pk for row in near if row.category == release.category_id and row.pk not in same_duty]
    return (same_duty + same_category)[:RELATED]


class Near(NamedTuple):
    """What makes one release of a unit related to another."""

    pk: int
    item: int
    category: int
    entry: int | None


def _newest_of_unit(request: BoardRequest, unit: int) -> list[Near]:
    """The newest rows of a unit, for all pages of its items until something changes."""

    def newest() -> list[Near]:
        rows = visible(request).filter(unit=unit).newest_first(request.reader)
        return [Near(*row) for row in rows.values_list("pk", "item", "category", "revision__entry")[:LOOKED_AT]]

    return remembered(request, ("newest of unit", unit), newest)


def _light(rows: ReleaseQuerySet) -> ReleaseQuerySet:
    """The few columns a line shows: these lists stand on the page that is read most."""
    return rows.select_related("item", "revision").only("category_id", *LINE)


def _row(request: BoardRequest, release: Release) -> Row:
    return Row(
        release.get_absolute_url(),
        release.revision.title,
        dated(request, release),
        is_internal=is_internal(request, release),
    )
