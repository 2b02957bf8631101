"""Step three of the plan: an approved revision is opened, inside the Party first and to the public later (S39–S41)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures import notices
from disclosures.models import Item, Release, Revision
from disclosures.refusal import Refused, Sentence
from disclosures.richtext import clean_text
from disclosures.search.documents import index_release
from disclosures.services.steps import close_undecided, open_step
from disclosures.services.trail import tell
from organizations.models import User


def open_release(item: Item, at: datetime) -> Release:
    """Open the approved revision and tell of it; see `put_out`."""
    release = put_out(item, at)
    tell("release.opened", item, None, after=windows(release))
    notices.send("release.opened", item, at)
    return release


def put_out(item: Item, at: datetime, **urgent: Any) -> Release:
    """Open the approved revision as planned, or now where the plan lies in the past; never wider, never earlier.

    A correction takes over the openings already reached: the windows of the text before it close at the very instant
    at which its own open, and what had not opened of the earlier text never does (rule 5). `urgent` holds who opens it
    before its review is through, and why; such a release opens inside the Party at once.
    """
    revision = item.current_revision
    assert revision is not None
    release = _begin(revision, at, **urgent)
    plan(release, revision, item, at)
    return _take_the_place(release, at)


def plan(release: Any, source: Item | Revision, item: Item, at: datetime) -> None:
    """Set the windows of `release` as the approval of `source` at `at` gives them; writes nothing."""
    before = standing(item, at).order_by("-id").first() if item.pk else None
    _set_internal_window(release, source, before, at)
    _set_public_window(release, source, before, at)


def carry_over(before: Release, revision: Revision, at: datetime) -> Release:
    """Open a masked `revision` in exactly the windows in which `before` is open or will be; never wider (S41).

    What is open begins at `at`, what is to come begins when it would have; a window that has ended stays shut.
    """
    release = _begin(revision, at)
    ended = before.internal_until is not None and before.internal_until <= at
    release.internal_from = max(before.internal_from, at)
    release.internal_until = release.internal_from if ended else before.internal_until
    release.internal_since = before.internal_since
    release.public_not_before = max(before.public_not_before, release.internal_from)
    if before.public_from is not None and (before.public_until is None or before.public_until > at):
        release.public_from = max(before.public_from, at)
        release.public_until, release.public_since = before.public_until, before.public_since
    return _take_the_place(release, at)


def _begin(revision: Revision, at: datetime, **more: Any) -> Release:
    """A release of `revision`, its windows still to be set."""
    assert revision.entry is not None
    return Release(
        item=revision.item,
        revision=revision,
        unit=revision.unit,
        category=revision.entry.category,
        is_limited=revision.branches.exists(),
        is_focus=revision.is_focus,
        created_at=at,
        **more,
    )


def _take_the_place(release: Release, at: datetime) -> Release:
    """Store `release`; at the same instant every window of the earlier text ends."""
    for old in standing(release.item, at):
        _close(old, at)
    release.save(force_insert=True)
    release.branches.set(release.revision.branches.all())
    index_release(release)
    return release


def standing(item: Item, at: datetime):  # type: ignore[no-untyped-def]
    """Releases of the item that are open now or will open, in either channel."""
    open_inside = Q(internal_until__isnull=True) | Q(internal_until__gt=at)
    open_outside = Q(public_from__isnull=False) & (Q(public_until__isnull=True) | Q(public_until__gt=at))
    return item.releases.filter(open_inside | open_outside)


def _set_internal_window(release: Any, revision: Item | Revision, before: Release | None, at: datetime) -> None:
    reached = before is not None and before.internal_from <= at
    release.internal_from = at if reached or release.is_urgent else max(revision.planned_internal_from or at, at)
    release.internal_since = before.internal_since if reached and before else release.internal_from
    release.internal_until = _after(revision.planned_internal_until, release.internal_from)


def _set_public_window(release: Any, revision: Item | Revision, before: Release | None, at: datetime) -> None:
    """The lead inside the Party counts from the first internal opening, so a correction does not start it again."""
    lead = timedelta(days=revision.entry_version.internal_lead_days if revision.entry_version else 0)
    release.public_not_before = max(release.internal_since + lead, release.internal_from)
    if not revision.goes_public:
        return
    reached = before is not None and before.public_from is not None and before.public_from <= at
    if reached:
        release.public_not_before = release.public_from = at
        release.internal_from = min(release.internal_from, at)
    else:
        release.public_from = max(revision.planned_public_from or release.public_not_before, release.public_not_before)
    release.public_since = before.public_since if reached and before else release.public_from
    release.public_until = _after(revision.planned_public_until, release.public_from)


def _after(until: datetime | None, begin: datetime | None) -> datetime | None:
    """A planned end, but never before its beginning."""
    return max(until, begin) if until and begin else None


def _close(release: Release, at: datetime) -> None:
    """End every window of `release` at `at`; one that would open later is left without an instant."""
    release.internal_until = _end_of(release.internal_from, release.internal_until, at)
    if release.public_from:
        release.public_until = _end_of(release.public_from, release.public_until, at)
    release.save(update_fields=["internal_until", "public_until"])


def _end_of(begin: datetime, until: datetime | None, at: datetime) -> datetime:
    """The earlier of an end already set and `at`, but never before the beginning."""
    return max(begin, min(until, at) if until else at)


def windows(release: Release) -> dict[str, object]:
    return {
        "revision": release.revision.number,
        "internal_from": release.internal_from,
        "internal_until": release.internal_until,
        "public_from": release.public_from,
        "public_until": release.public_until,
        "limited": release.is_limited,
    }


def why_not_withdraw(item: Item, by: User) -> Sentence | None:
    """Why the disclosure cannot be withdrawn: nothing of it is open or will open."""
    if not standing(item, timezone.now()).exists():
        return _("Nothing of this item is open or about to open.")
    return None


def withdraw(item: Item, by: User, at: datetime, *, reason: str) -> None:
    """Close every open or coming window of the item at once; readers are told that it was withdrawn, no more.

    A correction under review goes back to its drafter: whoever agreed to it did not know of the withdrawal, and its
    approval would open the item again.
    """
    told = clean_text(reason)
    if not told:
        raise Refused(_("Give the reason."), code="reason", problems={"reason": [_("Give the reason.")]})
    for release in standing(item, at):
        take_back(release, by, at, told)
    step = open_step(item)
    if close_undecided(item, at):
        item.state = Item.State.DRAFT
    item.version += 1
    tell("release.withdrawn", item, by, after={"version": item.version}, reason=told)
    notices.send("release.withdrawn", item, at, by=by, step=step)


def take_back(release: Release, by: User, at: datetime, reason: str) -> None:
    """Close the windows of one release for good, with who did it and why."""
    _close(release, at)
    release.withdrawn_at, release.withdrawn_by = at, by
    release.withdrawn_by_office, release.withdrawn_reason = by.office, reason[:500]
    release.save()
