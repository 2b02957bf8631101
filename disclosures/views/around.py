"""Where a reader goes on from an item: the one before and after it in its category, and what belongs beside it."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DateTimeField, Q, QuerySet, Subquery

from disclosures.addresses import item_address
from disclosures.models import Release
from disclosures.prepared import Prepared
from disclosures.remembered import remembered
from disclosures.views.asking import BoardRequest, open_to, reads_in_public, visible
from disclosures.views.rows import Row, dated, is_internal
from disclosures.visibility import PUBLIC, Reader, since_field

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
    asked: dict[str, Any] = {
        "at": request.at,
        "near": near,
        "category": release.category_id,
        "item": release.item_id,
        "since": here[0],
        "pk": release.pk,
    }
    found = _around_in_public(**asked) if reads_in_public(request) else _around(request.reader, **asked)
    lines = {line.pk: line for line in (Nearby(*row) for row in found)}
    places = [(dated(request, line), pk) for pk, line in lines.items() if line.category_id == release.category_id]
    newer = min((place for place in places if place > here), default=None)
    older = max((place for place in places if place < here), default=None)
    return Around(
        _row(request, lines[newer[1]]) if newer else None,
        _row(request, lines[older[1]]) if older else None,
        [_row(request, lines[pk]) for pk in near if pk in lines],
    )


class Nearby(NamedTuple):
    """The values of a line: these lists stand on the page that is read most."""

    pk: int
    category_id: int
    number: str
    title: str
    public_since: datetime | None
    internal_since: datetime
    public_from: datetime | None
    public_until: datetime | None


def _around(
    reader: Reader, *, at: datetime, near: list[int], category: int, item: int, since: datetime, pk: int
) -> QuerySet[Release, Any]:
    """The items with the keys `near`, and one step along an index each the newer and the older item of the category.

    `since` and `pk` are the place of the item in that order.
    """
    by = since_field(reader)
    rows = open_to(reader, at)
    others = rows.filter(category_id=category).exclude(item_id=item)
    newer = others.filter(Q(**{f"{by}__gt": since}) | Q(**{by: since, "pk__gt": pk}), **{f"{by}__gte": since})
    older = others.filter(Q(**{f"{by}__lt": since}) | Q(**{by: since, "pk__lt": pk}), **{f"{by}__lte": since})
    beside = [
        Subquery(newer.order_by(by, "pk").values("pk")[:1]),
        Subquery(older.order_by(f"-{by}", "-pk").values("pk")[:1]),
    ]
    return (
        rows.filter(Q(pk__in=near) | Q(pk__in=beside))
        .order_by()
        .values_list("pk", "category_id", "item__number", "revision__title", *PLACES)
    )


PLACES = ("public_since", "internal_since", "public_from", "public_until")
_around_in_public = Prepared(
    partial(_around, PUBLIC),
    at=DateTimeField(),
    near=(BigIntegerField(), RELATED),
    category=BigIntegerField(),
    item=BigIntegerField(),
    since=DateTimeField(),
    pk=BigIntegerField(),
)


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


def _row(request: BoardRequest, line: Nearby) -> Row:
    return Row(item_address(line.number), line.title, dated(request, line), is_internal=is_internal(request, line))
