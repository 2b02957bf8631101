"""What a submission must contain, said all at once and field by field (S31, S38, S40)."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disclosures.models import Item, Phase
from disclosures.models.catalogue import Channel
from disclosures.refusal import Sentence
from disclosures.richtext import plain_text

Problems = dict[str, list[Sentence]]


def problems(item: Item, at: datetime) -> Problems:
    """Sentences by field name that stand against submitting `item` at `at`; empty when it may go to review."""
    found: Problems = defaultdict(list)
    for check in (_entry, _texts, _dates, _scope, _openings, _notice, _forms, _matter, _correction):
        check(item, at, found)
    return dict(found)


def _entry(item: Item, at: datetime, found: Problems) -> None:
    if item.entry is None:
        found["entry"].append(_("Choose the catalogue entry this item carries out."))
        return
    if item.entry_version is None:
        found["entry"].append(_("This catalogue entry is not in force today; choose another one."))
    elif item.unit.level not in item.entry_version.levels:
        found["entry"].append(_("This catalogue entry is not a duty of %(unit)s.") % {"unit": item.unit})


def _texts(item: Item, at: datetime, found: Problems) -> None:
    if not item.title:
        found["title"].append(_("Enter the title."))
    if not plain_text(item.body).strip() and not item.attachments.filter(is_published=True).exists():
        found["body"].append(_("Write the body or attach a published file."))
    if item.is_focus and not item.focus_reason:
        found["focus_reason"].append(_("Say in one sentence why this focus item matters to the reader."))


def _dates(item: Item, at: datetime, found: Problems) -> None:
    today = timezone.localdate(at)
    if item.issued_on is None:
        found["issued_on"].append(_("Enter the date of issue."))
    elif item.issued_on > today:
        found["issued_on"].append(_("The date of issue lies in the future."))
    if item.period_from and item.period_until and item.period_until < item.period_from:
        found["period_until"].append(_("The period ends before it begins."))


def _scope(item: Item, at: datetime, found: Problems) -> None:
    if not item.audience:
        found["audience"].append(_("Choose the scope of disclosure."))


def _openings(item: Item, at: datetime, found: Problems) -> None:
    """Windows in order, and never the public before the Party (S41)."""
    if not item.goes_public and (item.planned_public_from or item.planned_public_until):
        found["planned_public_from"].append(_("An item for Party members only has no public opening."))
    for channel, begin in _earliest(item, at).items():
        until = getattr(item, f"planned_{channel}_until")
        if until and begin and until <= begin:
            found[f"planned_{channel}_until"].append(_("The window ends before it begins."))
    if _public_comes_first(item, at):
        found["planned_public_from"].append(_("The public opening may not come before the opening inside the Party."))


def _notice(item: Item, at: datetime, found: Problems) -> None:
    """A public notice carries its end; what ran out before this portal existed is entered as it stands."""
    days = item.entry_version.notice_min_working_days if item.entry_version else None
    end = "planned_public_until" if item.goes_public else "planned_internal_until"
    if days and not item.is_backfilled and getattr(item, end) is None:
        sentence = ngettext(
            "A public notice needs its end: at least %(days)d working day after it opens.",
            "A public notice needs its end: at least %(days)d working days after it opens.",
            days,
        )
        found[end].append(sentence % {"days": days})


def _earliest(item: Item, at: datetime) -> dict[str, datetime | None]:
    """The first instant at which each window could open; a correction takes over windows, which may have ended."""
    internal, public = item.planned_internal_from, item.planned_public_from
    if item.releases.exists():
        return {"internal": internal, "public": public}
    internal = max(internal or at, at)
    lead = timedelta(days=item.entry_version.internal_lead_days if item.entry_version else 0)
    return {"internal": internal, "public": max(public or at, internal + lead)}


def _public_comes_first(item: Item, at: datetime) -> bool:
    public, internal = item.planned_public_from, item.planned_internal_from
    return public is not None and internal is not None and public < internal


def _forms(item: Item, at: datetime, found: Problems) -> None:
    """At least one form for each channel the scope needs (S40)."""
    channels = set(item.forms.values_list("channel", flat=True))
    if Channel.INTERNAL not in channels:
        found["forms"].append(_("Choose at least one form inside the Party."))
    if item.goes_public and Channel.PUBLIC not in channels:
        found["forms"].append(_("Choose at least one form to the public."))


def _matter(item: Item, at: datetime, found: Problems) -> None:
    if item.phase != Phase.NONE and item.matter is None:
        found["matter"].append(_("Choose the matter that this phase belongs to."))


def _correction(item: Item, at: datetime, found: Problems) -> None:
    if item.releases.exists() and not item.change_note:
        found["change_note"].append(_("Tell readers in one sentence what was corrected."))
