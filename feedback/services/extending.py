"""Making a limit longer: once a case, before it passes, with a reason that the sender reads."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.refusal import Refused, Sentence
from feedback import clocks, limits
from feedback.clocks import Clock
from feedback.models import Case, ClockStep, Extension
from feedback.services.timing import running_clocks
from feedback.services.trail import Fact
from feedback.services.words import needed
from organizations.models import User

EXTENDABLE = (ClockStep.REPLY, ClockStep.DECIDE)


def why_not_extend(case: Case, by: User) -> Sentence | None:
    """Why the limit cannot be made longer: it was before, none runs that can be, or it has passed."""
    if clocks.extension_of(case):
        return _("The limit was extended already; that is possible once.")
    clock = extendable(case)
    if clock is None:
        return _("No limit runs now that can be extended.")
    if clock.ends_at <= timezone.now():
        return _("The limit has passed; it can only be extended before.")
    return None if most_days(case, clock) else _("This limit cannot be extended.")


def extend(case: Case, by: User, at: datetime, *, working_days: int, reason: str) -> Fact:
    """Give the running limit more working days."""
    clock = extendable(case)
    assert clock is not None
    most = most_days(case, clock)
    if not 1 <= working_days <= most:
        sentence = _("From 1 to %(most)d working days more are possible.") % {"most": most}
        raise Refused(sentence, code="working_days", problems={"working_days": [sentence]})
    told = needed(reason, "reason", _("Give the reason."))
    Extension.objects.create(case=case, step=clock.step, working_days=working_days, reason=told, at=at, by=by)
    return Fact("case.limit_extended", {"step": clock.step, "working_days": working_days}, reason=told)


def extendable(case: Case) -> Clock | None:
    """The running clock that can be made longer."""
    running, _days = running_clocks(case)
    return next((clock for clock in running if clock.step in EXTENDABLE), None)


def most_days(case: Case, clock: Clock) -> int:
    """How many working days more there can be, by the limits the case was received under."""
    known, day = limits.load(), timezone.localdate(case.received_at)
    if clock.step == ClockStep.REPLY:
        return known.of(ClockStep.EXTENSION, day) or 0
    longest = known.of(ClockStep.EXTENDED_DECISION, day) or 0
    return max(longest - (clock.working_days or 0), 0)
