"""Everything that waits, for what and until when, unit by unit: read-only, a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.limits import Standing, standing_at
from disclosures.refusal import Sentence
from feedback import access
from feedback.counting import sign_of
from feedback.models import ENDED, Case, CaseClock, CaseKind, CaseState, ClockStep, Extension, Investigation
from organizations.calendar import working_days
from organizations.models import Unit, User

MOST = 500  # rows of one page; the numbers count everything
BY_DUE = (F("clock__due_at").asc(nulls_last=True), "received_at", "id")
BY_STEP: dict[str, Sentence] = {
    ClockStep.DECIDE: _("The request is to be decided"),
    ClockStep.DISCLOSE: _("What was granted is to be handed out"),
    ClockStep.WRITTEN_REASON: _("The refusal is to be given in writing"),
}
BY_STATE: dict[str, Sentence] = {
    CaseState.RECEIVED: _("To be accepted"),
    CaseState.ACCEPTED: _("To be looked into and answered"),
    CaseState.INVESTIGATING: _("Being investigated"),
    CaseState.ANSWERED: _("Answered, to be closed"),
    CaseState.RECTIFYING: _("Being put right"),
    CaseState.RECTIFIED: _("To be verified by another person"),
    CaseState.VERIFIED: _("Verified, to be closed"),
}
FOR_SENDER = _("The sender is to complete the request")


@dataclass(frozen=True)
class Waits:
    """One case that waits, and how it stands to its limit."""

    case: Case
    why: Sentence
    standing: Standing | None
    is_extended: bool

    @property
    def sign(self) -> str:
        """The sign for `components/badge.html`."""
        return sign_of(self.standing) if self.standing else "none"


@dataclass
class Group:
    """What waits in one unit."""

    unit: Unit
    reasons: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    rows: list[Waits] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many cases wait."""
        return sum(self.reasons.values())


def waiting_for(user: User) -> QuerySet[Case]:
    """Cases under way that `user` reads, what is due first on top."""
    return access.readable_by(user).exclude(state__in=ENDED).order_by(*BY_DUE)


def mine(user: User) -> Q:
    """Cases that `user` accepted or investigates."""
    running = Investigation.objects.filter(case=OuterRef("pk"), investigator=user, finished_at__isnull=True)
    return Q(accepted_by=user) | Q(Exists(running))


def clock_of(case: Case) -> CaseClock | None:
    """The stored clock, or None while none runs."""
    return getattr(case, "clock", None)


def standings(cases: Iterable[Case], at: datetime) -> dict[int, Standing]:
    """How the cases stand to their limits, by key: one query for the calendar, however many they are."""
    running = {case.pk: clock for case in cases if (clock := clock_of(case))}
    days = working_days(min([timezone.localdate(at), *(clock.last_day for clock in running.values())]))
    return {pk: standing_at(clock.due_at, at, days) for pk, clock in running.items()}


def groups_for(user: User, at: datetime) -> list[Group]:
    """What waits, unit by unit; the rows are the `MOST` that are due first, the numbers count all. Five queries."""
    groups = _counted(waiting_for(user).order_by(), at)
    extended = Exists(Extension.objects.filter(case=OuterRef("pk")))
    rows = list(waiting_for(user).select_related("unit", "clock").annotate(is_extended=extended).defer("text")[:MOST])
    known = standings(rows, at)
    for case in rows:
        clock = clock_of(case)
        why = why_of(case.state, case.kind, clock.step if clock else None)
        groups[case.unit_id].rows.append(Waits(case, why, known.get(case.pk), case.is_extended))
    return sorted(groups.values(), key=lambda group: (-group.overdue, group.unit.order, group.unit.code))


def why_of(state: str, kind: str, step: str | None) -> Sentence:
    """What a case waits for: by the limit that runs, else by its state."""
    if state in (CaseState.ACCEPTED, CaseState.INVESTIGATING) and step in BY_STEP:
        return BY_STEP[step]
    if state == CaseState.ACCEPTED and kind == CaseKind.DISCLOSURE_REQUEST and step is None:
        return FOR_SENDER
    return BY_STATE[state]


def _counted(cases: QuerySet[Case], at: datetime) -> dict[int, Group]:
    is_late = Q(clock__due_at__lte=at)
    counts = list(
        cases.values("unit", "state", "kind", "clock__step").annotate(n=Count("pk"), late=Count("pk", filter=is_late))
    )
    units = Unit.objects.in_bulk([row["unit"] for row in counts])
    groups = {pk: Group(unit) for pk, unit in units.items()}
    for row in counts:
        group = groups[row["unit"]]
        group.reasons[str(why_of(row["state"], row["kind"], row["clock__step"]))] += row["n"]
        group.overdue += row["late"]
    return groups


def cards_of(groups: list[Group]) -> list[dict[str, Any]]:
    """The whole in numbers, for `components/todo_cards.html`."""
    reasons: Counter[str] = Counter()
    for group in groups:
        reasons.update(group.reasons)
    return [{"label": why, "count": count, "url": "#units"} for why, count in reasons.most_common()]
