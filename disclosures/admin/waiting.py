"""What waits for whom, for how long, and what an approval would lead to, in plain words."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disclosures import access, limits, quorum
from disclosures.limits import Standing
from disclosures.models import Release, ReviewStep, Revision
from disclosures.models.reviews import StepState
from organizations import roles
from organizations.calendar import working_days
from organizations.models import User
from organizations.roles import Ability


@dataclass(frozen=True)
class Waiting:
    """One line of the queue."""

    step: ReviewStep
    words: str
    standing: Standing | None
    is_urgent: bool = False
    is_readable: bool = True


def queue_rows(steps: QuerySet[ReviewStep], at: datetime) -> list[Waiting]:
    """Lines of the queue at the instant `at`: how long each waits, how it stands to its limit, what is open already."""
    rows = list(steps.select_related("unit", "revision__unit", "revision__item"))
    last_days = [day for step in rows if (day := limits.last_day(step))]
    days = working_days(min([*last_days, timezone.localdate(at)]))
    urgent = set(
        Release.objects.awaiting_confirmation()
        .filter(revision_id__in=[step.revision_id for step in rows])
        .values_list("revision_id", flat=True)
    )
    return [
        Waiting(
            step, words_of(at - (step.opened_at or at)), limits.standing(step, at, days), step.revision_id in urgent
        )
        for step in rows
    ]


def overdue_rows(user: User, at: datetime, first: int | None = None) -> list[Waiting]:
    """Overdue steps `user` answers for; what they may not read is counted and shown without its title."""
    steps = limits.overdue_under(user, at)[:first]
    rows = queue_rows(steps, at)
    own = access.revisions_readable_by(user).filter(pk__in=[row.step.revision_id for row in rows])
    readable = set(own.values_list("pk", flat=True))
    return [replace(row, is_readable=row.step.revision_id in readable) for row in rows]


def words_of(waited: timedelta) -> str:
    """A span in days and hours, or that it has just begun."""
    days, hours = max(waited.days, 0), max(waited.seconds, 0) // 3600
    if days:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if hours:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return _("less than an hour")


def to_be_recorded(user: User) -> QuerySet[ReviewStep]:
    """Open steps whose decision `user` may enter from minutes or a document, those to decide in person left out."""
    units = roles.units_where(user, Ability.RECORD)
    inside = Q(pk__isnull=False) if units is None else Q(revision__unit_id__in=units)
    steps = ReviewStep.objects.filter(inside, state=StepState.OPEN, takes_evidence=True)
    steps = steps.exclude(revision__contributors__user=user).exclude(revision__release__urgent_by=user)
    return steps.exclude(pk__in=access.review_steps_for(user).values("pk")).order_by(*access.BY_URGENCY)


def after_approval(revision: Revision, *, is_whole_step: bool = False) -> str:
    """What the button of approval will do: count, go to the next step, or open the text to readers."""
    steps = list(revision.steps.order_by("order"))
    here = next((step for step in steps if step.state == StepState.OPEN), None)
    if here is not None and not is_whole_step:
        left = quorum.missing(here, timezone.now()) - 1
        if left > 0:
            return ngettext("Approve: one more approval needed", "Approve: %(count)d more approvals needed", left) % {
                "count": left
            }
    following = next((step for step in steps if step.state == StepState.WAITING), None)
    if following is not None:
        return _("Approve: on to %(step)s") % {"step": following.label}
    return _opening(revision)


def _opening(revision: Revision) -> str:
    begin = revision.planned_internal_from
    if begin is not None and begin > timezone.now():
        return _("Approve: opens inside the Party on %(day)s") % {"day": date_format(timezone.localtime(begin))}
    return _("Approve: opens inside the Party at once")
