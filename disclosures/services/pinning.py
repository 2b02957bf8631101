"""Pins: put a disclosed item at the top of a list, order them by hand, take them off. The office alone does it."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.verbs import describe
from disclosures.models import Category, Item, Pin, Release
from disclosures.refusal import Refused, Sentence
from disclosures.services.trail import tell
from organizations import roles
from organizations.models import Unit, User
from organizations.roles import Ability
from organizations.tree import with_ancestors

LONGEST = 5  # pins of one list: more of them would be a list of their own

describe(
    {
        "pin.added": gettext_lazy("put the item at the top of a list"),
        "pin.removed": gettext_lazy("took the item off the top of a list"),
        "pin.moved": gettext_lazy("changed the order of the items at the top of a list"),
    }
)


@dataclass(frozen=True)
class Place:
    """The list a pin stands in: of a category, of a unit, or with neither the front page."""

    category: Category | None = None
    unit: Unit | None = None

    @property
    def code(self) -> str:
        """The list as the trail names it."""
        if self.category:
            return f"category:{self.category.slug}"
        return f"unit:{self.unit.code}" if self.unit else "board"

    def pins(self) -> QuerySet[Pin]:
        """The pins of this list in their order."""
        return Pin.objects.filter(category=self.category, unit=self.unit).order_by("order", "id")


def place_of(pin: Pin) -> Place:
    """The list that `pin` stands in."""
    return Place(pin.category, pin.unit)


def why_not_pin(item: Item, place: Place, by: User) -> Sentence | None:
    """Why `by` may not put `item` at the top of the list now, in a sentence."""
    if not roles.may(by, Ability.PIN):
        return _("Only the office of the leading group orders the lists.")
    newest = Release.objects.filter(item=item, withdrawn_at__isnull=True).order_by("-id").first()
    if newest is None:
        return _("Only an item that is disclosed can be put at the top of a list.")
    if place.category and newest.category_id != place.category.pk:
        return _("The item does not belong to this category.")
    if place.unit and place.unit.pk not in _line(newest.unit_id):
        return _("The item does not belong to this unit.")
    if place.pins().filter(item=item).exists():
        return _("The item stands at the top of this list already.")
    if place.pins().count() >= LONGEST:
        return _("At most %(count)d items stand at the top of a list. Take one off first.") % {"count": LONGEST}
    return None


def _line(unit_id: int) -> frozenset[int]:
    """The unit and those above it."""
    return with_ancestors([unit_id], dict(Unit.objects.values_list("id", "parent_id")))


def pin(item: Item, *, place: Place, by: User) -> Pin:
    """Put `item` at the end of the pins of the list; raises Refused with a sentence."""
    with transaction.atomic():
        locked = Item.objects.select_for_update(of=("self",)).select_related("unit").get(pk=item.pk)
        reason = why_not_pin(locked, place, by)
        if reason is not None:
            raise Refused(reason, code="not_allowed")
        last = place.pins().values_list("order", flat=True).last() or 0
        made = Pin.objects.create(
            item=locked,
            category=place.category,
            unit=place.unit,
            order=last + 1,
            pinned_at=timezone.now(),
            pinned_by=by,
        )
        tell("pin.added", locked, by, after={"list": place.code, "order": made.order})
    return made


def unpin(found: Pin, *, by: User) -> None:
    """Take the pin off its list; a pin that is gone already is no fault."""
    _refuse_others(by)
    with transaction.atomic():
        row = _locked(found)
        if row is None:
            return
        tell("pin.removed", row.item, by, before={"list": place_of(row).code, "order": row.order})
        row.delete()


def move(found: Pin, *, by: User, up: bool) -> None:
    """Let the pin change places with its neighbour; at the end of the list nothing happens."""
    _refuse_others(by)
    with transaction.atomic():
        row = _locked(found)
        if row is None:
            return
        pins = list(place_of(row).pins())
        here = pins.index(row)
        there = here + (-1 if up else 1)
        if not 0 <= there < len(pins):
            return
        pins[here], pins[there] = pins[there], pins[here]
        _number(pins)
        tell("pin.moved", row.item, by, before={"order": here + 1}, after={"order": there + 1})


def _number(pins: list[Pin]) -> None:
    for place, row in enumerate(pins, start=1):
        row.order = place
    Pin.objects.bulk_update(pins, ["order"])


def _locked(found: Pin) -> Pin | None:
    rows = Pin.objects.select_for_update(of=("self",)).select_related("item__unit", "category", "unit")
    return rows.filter(pk=found.pk).first()


def _refuse_others(by: User) -> None:
    if not roles.may(by, Ability.PIN):
        raise Refused(_("Only the office of the leading group orders the lists."), code="not_allowed")
