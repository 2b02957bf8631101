"""Urgent publication outside the route: by the group leader with a reason, flagged until others confirm it.

The review goes on. Its approval confirms what is open already; a return, or the superior's being asked, withdraws it at
that instant. Nothing sensitive and nothing incomplete is opened this way (S38, S43).
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures import completeness, notices, quorum
from disclosures.models import Item, Release, ReviewStep
from disclosures.models.reviews import StepState
from disclosures.refusal import Refused, Sentence
from disclosures.richtext import clean_text
from disclosures.services import releasing
from disclosures.services.steps import open_step
from disclosures.services.trail import tell
from organizations.models import User

LONGEST_REASON = 500  # characters


def why_not_urge(item: Item, by: User) -> Sentence | None:
    """Why `by` may not open the revision under review now, in a sentence."""
    revision = item.current_revision
    if revision is None or open_step(item) is None:
        return _("No step of review is open.")
    if item.sensitive or revision.sensitive:
        return _("It is especially major or sensitive: the superior organisation answers before it is opened.")
    if revision.contributors.filter(user=by).exists():
        return _("You wrote, saved or submitted this revision, so you may not open it urgently.")
    if item.releases.filter(revision=revision).exists():
        return _("This revision has been opened already.")
    lonely = next((step for step in _steps_left(item) if not _can_confirm(step, by)), None)
    if lonely is not None:
        return _("Without you the step “%(step)s” would have too few people to confirm it.") % {"step": lonely.label}
    return None


def urge(item: Item, by: User, at: datetime, *, reason: str) -> None:
    """Open the revision under review inside the Party at once, and to the public as planned; its review goes on."""
    told = clean_text(reason)
    if not told:
        raise Refused(_("Give the reason."), code="reason", problems={"reason": [_("Give the reason.")]})
    problems = completeness.problems(item, at)
    if problems:
        raise Refused(_("The item is not complete yet."), code="incomplete", problems=problems)
    release = releasing.put_out(item, at, urgent_by=by, urgent_by_office=by.office, urgent_reason=told[:LONGEST_REASON])
    tell("release.urged", item, by, after=releasing.windows(release), reason=told)
    notices.send("release.urged", item, at, by=by, step=open_step(item))


def why_not_recall(item: Item, by: User) -> Sentence | None:
    """A text that is open to readers is not taken out of its review: the review confirms it or ends it."""
    if standing(item) is None:
        return None
    return _("It was opened urgently; the review goes on until it is confirmed or returned.")


def standing(item: Item) -> Release | None:
    """The urgent publication of the current revision that waits to be confirmed."""
    return item.releases.awaiting_confirmation().filter(revision=item.current_revision_id).first()


def was_opened_by(item: Item, by: User) -> bool:
    """Whether `by` opened the current revision urgently and therefore decides on it no more."""
    return item.releases.filter(revision=item.current_revision_id, urgent_by=by).exists()


def confirm(item: Item, by: User | None, at: datetime) -> bool:
    """The last step agreed: what was opened urgently is as good as any other; False where nothing was."""
    release = standing(item)
    if release is None:
        return False
    release.urgent_confirmed_at = at
    release.save(update_fields=["urgent_confirmed_at"])
    tell("release.urgency_confirmed", item, by, after={"revision": release.revision.number})
    notices.send("release.urgency_confirmed", item, at, by=by)
    return True


def end(item: Item, by: User | None, at: datetime, *, reason: str) -> None:
    """The review did not agree: withdraw what was opened urgently, at the instant of that decision."""
    release = standing(item)
    if release is None or by is None:
        return
    releasing.take_back(release, by, at, reason)
    tell("release.urgency_ended", item, by, after={"revision": release.revision.number}, reason=reason)
    notices.send("release.urgency_ended", item, at, by=by)


def _steps_left(item: Item) -> list[ReviewStep]:
    steps = ReviewStep.objects.filter(revision=item.current_revision_id)
    return list(steps.filter(state__in=[StepState.OPEN, StepState.WAITING]).select_related("unit").order_by("order"))


def _can_confirm(step: ReviewStep, leader: User) -> bool:
    """Whether the step can be decided without `leader`: by minutes or a document, or by enough other people."""
    if step.takes_evidence:
        return True
    return quorum.can_be_met(step, timezone.now(), without=leader)
