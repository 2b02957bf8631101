"""What a reader would see of an item if its text were approved now: computed by the rules of real releases, unsaved.

Nothing here writes. The windows come from `services.releasing.plan`, visibility from the predicate twins.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from disclosures.models import Category, Item, Revision
from disclosures.services import releasing
from disclosures.visibility import PUBLIC, Answer, Reader, is_visible, was_open
from organizations.models import Unit, UnitKind
from organizations.tree import party_parents, with_ancestors


class As(StrEnum):
    """Whose eyes a preview borrows."""

    PUBLIC = "public"
    MEMBER = "member"
    OTHER = "other"


WORDS: dict[As, Promise] = {
    As.PUBLIC: _("the public"),
    As.MEMBER: _("a member of this branch"),
    As.OTHER: _("a member of another branch"),
}


@dataclass
class Planned:
    """A release that is not stored: everything the page of an item and the rules of visibility ask of one."""

    item: Item
    revision: Item | Revision
    unit: Unit
    category: Category | None
    created_at: datetime
    is_limited: bool = False
    is_urgent: bool = False
    internal_from: Any = None
    internal_until: Any = None
    internal_since: Any = None
    public_not_before: Any = None
    public_from: Any = None
    public_until: Any = None
    public_since: Any = None
    pk: None = field(default=None)

    @property
    def item_id(self) -> int:
        """Key of the item."""
        return self.item.pk

    @property
    def branches(self) -> Any:
        """The branches it is limited to."""
        return self.revision.branches


def planned(source: Item | Revision, at: datetime) -> Planned:
    """The release that approval at `at` would open, with the windows of what is open already taken over."""
    item = source if isinstance(source, Item) else source.item
    release = Planned(
        item=item,
        revision=source,
        unit=source.unit,
        category=source.entry.category if source.entry else None,
        created_at=at,
        is_limited=source.branches.exists(),
    )
    releasing.plan(release, source, item, at)
    return release


def reader_as(who: As, source: Item | Revision) -> Reader:
    """A reader of that kind: for a limited item a member of a chosen branch, or of one that was not chosen."""
    if who is As.PUBLIC:
        return PUBLIC
    chosen = set(source.branches.values_list("pk", flat=True)) or {source.unit_id}
    parents = party_parents()
    branches = Unit.objects.filter(kind=UnitKind.BRANCH, is_active=True).order_by("order")
    reach = {pk: with_ancestors([pk], parents) for pk in branches.values_list("pk", flat=True)}
    inside = next((pk for pk in reach if reach[pk] & chosen), None)
    outside = next((pk for pk in reach if not reach[pk] & chosen), None)
    found = inside if who is As.MEMBER else outside
    if found is None:
        found = outside if who is As.MEMBER else inside
    return Reader(is_member=found is not None, branches=reach[found] if found is not None else frozenset())


def answer(release: Planned, reader: Reader, at: datetime) -> Answer:
    """The answer such a reader would get at `at`."""
    stored: Any = release
    if is_visible(stored, reader, at):
        return Answer.VISIBLE
    return Answer.GONE if was_open(stored, reader, at) else Answer.MISSING


def opens_at(release: Planned, reader: Reader) -> datetime | None:
    """When it opens to such a reader; None for never."""
    stored: Any = release
    instants = [at for at in (release.internal_from, release.public_from) if at is not None]
    return next((at for at in sorted(instants) if is_visible(stored, reader, at)), None)
