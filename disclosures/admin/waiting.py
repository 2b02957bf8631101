"""What waits for whom, for how long, and what an approval would lead to, in plain words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disclosures import access, quorum
from disclosures.models import ReviewStep, Revision
from disclosures.models.reviews import StepState
from organizations import roles
from organizations.models import User
from organizations.roles import Ability


@dataclass(frozen=True)
class Waiting:
    """One line of the queue."""

    step: ReviewStep
    words: str
    is_long: bool


LONG = timedelta(days=5)


def queue_rows(steps: QuerySet[ReviewStep], at: datetime) -> list[Waiting]:
    """Lines of the queue with how long each waits at the instant `at`."""
    return [_line(step, at) for step in steps.select_related("unit", "revision__unit", "revision__item")]


def _line(step: ReviewStep, at: datetime) -> Waiting:
    waited = at - (step.opened_at or at)
    return Waiting(step, words_of(waited), waited >= LONG)


def words_of(waited: timedelta) -> str:
    """A span in days and hours, or that it has just begun."""
    days, hours = max(waited.days, 0), max(waited.seconds, 0) // 3600
    if days:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if hours:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return _("less than an hour")


def to_be_recorded(user: User, at: datetime) -> list[Waiting]:
    """Open steps whose decision `user` may enter from minutes or a document, those to decide in person left out."""
    units = roles.units_where(user, Ability.RECORD)
    inside = Q(pk__isnull=False) if units is None else Q(revision__unit_id__in=units)
    steps = ReviewStep.objects.filter(inside, state=StepState.OPEN, takes_evidence=True)
    steps = steps.exclude(revision__contributors__user=user)
    return queue_rows(steps.exclude(pk__in=access.review_steps_for(user).values("pk")).order_by("opened_at"), at)


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
