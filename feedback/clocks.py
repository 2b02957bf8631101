"""Clocks of a case: what is due until when, computed from its facts, its limits and the calendar.

A case keeps the limits that were in force on the day it was received. Days are counted in the zone of the site; the
day on which a clock starts is not counted, and the last day ends at midnight.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from disclosures.limits import Standing, standing_at
from feedback.limits import Limits
from feedback.models import (
    Case,
    CaseKind,
    CaseState,
    ClockStep,
    Extension,
    Fulfilment,
    RequestDecision,
    RequestOutcome,
)
from organizations.calendar import Due, WorkingDays

BEFORE_ANSWER = (CaseState.ACCEPTED, CaseState.INVESTIGATING)
PARTS = (
    "replies",
    "investigations",
    "messages",
    "reopenings",
    "request_decisions",
    "rectifications__proofs__verification",
)


@dataclass(frozen=True)
class Clock:
    """One running clock. `working_days` is None where the day itself was set, as for a rectification."""

    step: ClockStep
    starts_on: date
    due: Due
    working_days: int | None = None
    extended_by: int = 0

    @property
    def last_day(self) -> date:
        """The day at whose end it runs out."""
        return self.due.day

    @property
    def ends_at(self) -> datetime:
        """The instant from which it is overdue."""
        return self.due.ends_at

    def standing(self, at: datetime, days: WorkingDays) -> Standing:
        """Overdue, due soon or due later, in words."""
        return standing_at(self.ends_at, at, days)


def running(case: Case, limits: Limits, days: WorkingDays) -> list[Clock]:
    """The clocks that run for `case`, the one that runs out first on top; none once it waits for nobody here."""
    if case.is_ended:
        return []
    found = [*_until_accepted(case, limits, days), *_until_answered(case, limits, days), *_until_put_right(case)]
    return sorted(found, key=lambda clock: clock.last_day)


def answer_limit(case: Case, limits: Limits, days: WorkingDays) -> Clock | None:
    """The limit of the first answer, or of the decision on a request, run out or not; None before acceptance."""
    if is_request(case):
        return next(iter(_clock(ClockStep.DECIDE, case, case.received_at, limits, days)), None)
    if case.accepted_at is None:
        return None
    return next(iter(_clock(ClockStep.REPLY, case, case.accepted_at, limits, days)), None)


def extension_of(case: Case) -> Extension | None:
    """How the limit was made longer, or None."""
    return getattr(case, "extension", None)


def fulfilment_of(case: Case) -> Fulfilment | None:
    """What was handed out on the request, or None."""
    return getattr(case, "fulfilment", None)


def is_request(case: Case) -> bool:
    """Whether the case asks for something to be disclosed (S57)."""
    return case.kind == CaseKind.DISCLOSURE_REQUEST


def decision_of(case: Case) -> RequestDecision | None:
    """The newest decision on a request; uses prefetched rows where there are any."""
    return max(case.request_decisions.all(), key=lambda row: row.pk, default=None)


def waits_for_sender(case: Case) -> bool:
    """Whether the sender was asked to complete the request and has not written since: no clock runs meanwhile."""
    asked = decision_of(case)
    return asked is not None and not asked.is_final and _completed_at(case, asked) is None


def _until_accepted(case: Case, limits: Limits, days: WorkingDays) -> Iterable[Clock]:
    if case.state == CaseState.RECEIVED:
        yield from _clock(ClockStep.ACCEPT, case, case.received_at, limits, days)


def _until_answered(case: Case, limits: Limits, days: WorkingDays) -> Iterable[Clock]:
    if is_request(case) and not case.replies.all():
        if case.state in (CaseState.RECEIVED, *BEFORE_ANSWER):
            yield from _request(case, limits, days)
    elif case.state in BEFORE_ANSWER:
        yield from _clock(ClockStep.REPLY, case, _answer_starts_at(case), limits, days)


def _request(case: Case, limits: Limits, days: WorkingDays) -> Iterable[Clock]:
    """Decide; then disclose what was granted, or give the reason of a refusal in writing."""
    decision = decision_of(case)
    if decision is None:
        yield from _clock(ClockStep.DECIDE, case, case.received_at, limits, days)
    elif not decision.is_final:
        completed = _completed_at(case, decision)
        if completed is not None:
            yield from _clock(ClockStep.DECIDE, case, completed, limits, days)
    elif decision.outcome == RequestOutcome.REFUSED:
        yield from _clock(ClockStep.WRITTEN_REASON, case, decision.at, limits, days)
    else:
        yield from _clock(ClockStep.DISCLOSE, case, decision.at, limits, days)


def _until_put_right(case: Case) -> Iterable[Clock]:
    """The first day set for what is neither verified nor reported done."""
    if case.state != CaseState.RECTIFYING:
        return
    waiting = [row for row in case.rectifications.all() if not (row.is_verified or row.waits_for_verification)]
    first = min(waiting, key=lambda row: row.due_on, default=None)
    if first is not None:
        yield Clock(ClockStep.RECTIFY, timezone.localdate(first.recorded_at), Due(first.due_on))


def _clock(step: ClockStep, case: Case, at: datetime, limits: Limits, days: WorkingDays) -> Iterable[Clock]:
    count = limits.of(step, timezone.localdate(case.received_at))
    if count is None:
        return
    extension = extension_of(case)
    more = extension.working_days if extension is not None and extension.step == step else 0
    starts_on = timezone.localdate(at)
    yield Clock(step, starts_on, days.add(starts_on, count + more), count, more)


def _answer_starts_at(case: Case) -> datetime:
    """The acceptance; once an answer was given, whatever took the matter up again after it."""
    began = case.accepted_at or case.received_at
    answered = max((reply.at for reply in case.replies.all()), default=None)
    if answered is None:
        return began
    return max([began, *(at for at in _taken_up_again(case) if at >= answered)])


def _taken_up_again(case: Case) -> Iterable[datetime]:
    yield from (row.started_at for row in case.investigations.all())
    yield from (row.at for row in case.reopenings.all())


def _completed_at(case: Case, asked: RequestDecision) -> datetime | None:
    """When the sender first wrote after being asked to complete the request."""
    written = [row.at for row in case.messages.all() if row.is_from_sender and row.at >= asked.at]
    return min(written, default=None)
