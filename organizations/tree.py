"""Walks over the two trees of units: administrative and Party."""

from collections.abc import Iterable, Mapping

from organizations.models import Unit, UnitKind


def with_ancestors(ids: Iterable[int], parents: Mapping[int, int | None]) -> frozenset[int]:
    """The units of `ids` and everything above them; a loop in the data ends the walk instead of hanging it."""
    seen: set[int] = set()
    for start in ids:
        current: int | None = start
        while current is not None and current not in seen:
            seen.add(current)
            current = parents.get(current)
    return frozenset(seen)


def party_parents() -> dict[int, int | None]:
    """Each unit's Party superior, by primary key: one query."""
    return dict(Unit.objects.values_list("id", "party_parent_id"))


def subtree(unit_id: int) -> frozenset[int]:
    """The unit and every unit below it in the administrative tree: one query."""
    parents = dict(Unit.objects.values_list("id", "parent_id"))
    return frozenset(pk for pk in parents if unit_id in with_ancestors([pk], parents))


def at_or_above(ids: Iterable[int]) -> frozenset[int]:
    """The units of `ids` and those they stand under, in either tree: one query.

    A discipline group stands under nobody here: it answers to its own superior, not to the unit it sits in.
    """
    starts = list(ids)
    rows = list(Unit.objects.values_list("id", "parent_id", "party_parent_id", "kind"))
    bound = [row for row in rows if row[3] != UnitKind.DISCIPLINE_GROUP]
    trees = ({row[0]: row[1] for row in bound}, {row[0]: row[2] for row in bound})
    return frozenset[int]().union(*(with_ancestors(starts, tree) for tree in trees))


def party_superiors(unit: Unit) -> list[Unit]:
    """The Party superiors of `unit`, nearest first: one query."""
    units = {row.pk: row for row in Unit.objects.all()}
    found: list[Unit] = []
    above = unit.party_parent_id
    while above is not None and units[above] not in found:
        found.append(units[above])
        above = units[above].party_parent_id
    return found
