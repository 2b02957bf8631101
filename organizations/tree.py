"""Walks over the two trees of units: administrative and Party."""

from collections.abc import Iterable, Mapping

from organizations.models import Unit


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
