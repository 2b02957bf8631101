"""Who may act on what: small questions over the table of roles; nothing depends on `is_superuser`."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from disclosures import deciding
from disclosures.limits import is_first_responsible
from disclosures.models import Item, ReviewStep, Revision
from organizations import roles
from organizations.models import Unit, UnitKind, User
from organizations.roles import Ability

BY_URGENCY = (F("due_at").asc(nulls_last=True), "opened_at", "id")  # what is overdue leads, then the first due


def may_read_items(user: User) -> bool:
    """Whether `user` reads items of at least one unit in the admin."""
    return roles.may(user, Ability.READ_ITEMS)


def may_read_item(user: User, item: Item) -> bool:
    """Twin of `items_readable_by` for one item."""
    return roles.may(user, Ability.READ_ITEMS, item.unit_id)


def may_draft_for(user: User, unit: Unit) -> bool:
    """Whether `user` writes items of `unit` (S30)."""
    return unit.discloses and roles.may(user, Ability.DRAFT, unit)


def may_edit_item(user: User, item: Item) -> bool:
    """Whether `user` may change the working copy now."""
    return item.is_editable and roles.may(user, Ability.DRAFT, item.unit_id)


def may_keep_catalogue(user: User) -> bool:
    """Whether `user` may change what the catalogue demands."""
    return roles.may(user, Ability.KEEP_CATALOGUE)


def may_see_queue(user: User) -> bool:
    """Whether the review queue means anything to `user`."""
    return roles.may(user, Ability.DECIDE) or may_read_items(user) or is_first_responsible(user)


def items_readable_by(user: User) -> QuerySet[Item]:
    """Items `user` reads in the admin, drafts included."""
    return Item.objects.filter(_in_units_where(user, Ability.READ_ITEMS))


def units_drafted_by(user: User) -> QuerySet[Unit]:
    """Disclosing units for which `user` writes items."""
    return Unit.objects.filter(_in_units_where(user, Ability.DRAFT, field="pk"), discloses=True, is_active=True)


def sections_of(user: User) -> list[int]:
    """Keys of the sections in which `user` holds an appointment today (S78)."""
    return [held.unit_id for held in roles.appointments(user) if held.unit.kind == UnitKind.SECTION]


def revisions_readable_by(user: User) -> QuerySet[Revision]:
    """Revisions of readable items, and those a step of which was opened to an office of `user` (P33)."""
    steps = ReviewStep.objects.filter(deciding.named_for(user), revision_id=OuterRef("pk"), opened_at__isnull=False)
    return Revision.objects.filter(_in_units_where(user, Ability.READ_ITEMS) | Exists(steps))


def review_steps_for(user: User) -> QuerySet[ReviewStep]:
    """Open steps `user` may decide now, the first due first, so that what is overdue leads."""
    return deciding.steps_decided_by(user).order_by(*BY_URGENCY)


def _in_units_where(user: User, ability: Ability, field: str = "unit_id") -> Q:
    units = roles.units_where(user, ability)
    return Q(pk__isnull=False) if units is None else Q(**{f"{field}__in": units})
