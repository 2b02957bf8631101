"""Limits of review in working days: when a step is due, whether it is overdue, and who answers for that (S76)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from disclosures.models import ReviewStep
from disclosures.models.reviews import StepState
from organizations.calendar import WorkingDays, add_working_days
from organizations.models import Appointment, Role, Unit, UnitKind, User
from organizations.tree import with_ancestors

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Standing:
    """How a step stands to its limit, in words, and as a sign that does not rest on colour."""

    words: str
    is_overdue: bool = False
    is_soon: bool = False


def due_at(step: ReviewStep, at: datetime) -> datetime | None:
    """The end of the last working day of a step that opens at `at`; None where the stage has no limit."""
    if step.limit_working_days is None:
        return None
    return add_working_days(timezone.localdate(at), step.limit_working_days).ends_at


def last_day(step: ReviewStep) -> date | None:
    """The day at whose end the step is due."""
    return timezone.localdate(step.due_at - MOMENT) if step.due_at else None


def standing(step: ReviewStep, at: datetime, days: WorkingDays) -> Standing | None:
    """Overdue by how many working days, due today or on the next working day, or due on which day."""
    return standing_at(step.due_at, at, days) if step.due_at else None


def standing_at(due_at: datetime, at: datetime, days: WorkingDays) -> Standing:
    """How anything that is due at the end of a day stands to it at `at`."""
    last, today = timezone.localdate(due_at - MOMENT), timezone.localdate(at)
    if due_at <= at:
        return Standing(_overdue(days.between(last, today)), is_overdue=True)
    if last == today:
        return Standing(_("Due today"), is_soon=True)
    words = _("Due on %(day)s") % {"day": date_format(last, pgettext("date format", "F j"))}
    return Standing(words, is_soon=last <= days.add(today, 1).day)


def _overdue(count: int) -> str:
    if not count:
        return _("Overdue")  # the working day after the last one has not begun yet
    return ngettext("Overdue by %(count)d working day", "Overdue by %(count)d working days", count) % {"count": count}


def soon_until(at: datetime) -> datetime:
    """Steps due by this instant are due soon: the end of the next working day."""
    return add_working_days(timezone.localdate(at), 1).ends_at


def overdue_steps(at: datetime) -> QuerySet[ReviewStep]:
    """Open steps whose last day is over at `at`, longest overdue first."""
    return ReviewStep.objects.filter(state=StepState.OPEN, due_at__lte=at).order_by("due_at", "id")


def overdue_under(user: User, at: datetime) -> QuerySet[ReviewStep]:
    """Overdue steps of the disclosing units for which `user` is the first responsible person."""
    return overdue_steps(at).filter(revision__unit_id__in=units_answered_for(user))


def is_first_responsible(user: User) -> bool:
    """Whether `user` answers for a unit today: so appointed, or as leader of the leading group for the bureau."""
    return any(_answers(held) for held in user.appointments_today)


def units_answered_for(user: User) -> frozenset[int]:
    """Disclosing units that have `user`, or someone in their line, as first responsible person."""
    held = [row for row in user.appointments_today if _answers(row)]
    if not held:
        return frozenset()
    own = {row.unit_id for row in held}
    leads = any(_leads(row) for row in held)
    units = {pk: (parent, kind) for pk, parent, kind in Unit.objects.values_list("id", "parent_id", "kind")}
    parents = {pk: parent for pk, (parent, _kind) in units.items()}
    lines = {pk: with_ancestors([pk], parents) for pk in units}
    bureaus = {pk for pk, (_parent, kind) in units.items() if kind == UnitKind.BUREAU}
    return frozenset(pk for pk, line in lines.items() if line & own or (leads and line & bureaus))


def first_responsible_for(unit: Unit, at: datetime) -> list[User]:
    """The first responsible persons of `unit` and of its administrative parents; for the bureau the group leader."""
    parents = dict(Unit.objects.values_list("id", "parent_id"))
    line = with_ancestors([unit.pk], parents)
    named = Q(is_first_responsible=True, unit_id__in=line)
    if Unit.objects.filter(pk__in=line, kind=UnitKind.BUREAU).exists():
        named |= Q(role=Role.GROUP_LEADER, unit__kind=UnitKind.LEADING_GROUP)
    return _people(named, at)


def office(at: datetime) -> list[User]:
    """Those who work in the office of the leading group."""
    roles = (Role.EXAMINER, Role.OFFICE_DIRECTOR)
    return _people(Q(role__in=roles, unit__kind=UnitKind.LEADING_GROUP_OFFICE), at)


def _people(condition: Q, at: datetime) -> list[User]:
    rows: Iterable[Appointment] = Appointment.objects.in_force(timezone.localdate(at)).filter(
        condition, user__isnull=False, user__is_active=True
    )
    return list(User.objects.filter(appointments__in=rows).distinct())


def _answers(held: Appointment) -> bool:
    return held.is_first_responsible or _leads(held)


def _leads(held: Appointment) -> bool:
    return held.role == Role.GROUP_LEADER and held.unit.kind == UnitKind.LEADING_GROUP
