"""A fresh draft from an earlier item of the same duty; what belonged to the earlier period is left behind."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.models import Item
from disclosures.models.items import ItemState
from disclosures.periods import next_period, next_title
from disclosures.refusal import Refused, Sentence
from disclosures.services.drafting import AttachmentDraft
from disclosures.services.engine import perform
from disclosures.services.trail import tell
from organizations import roles
from organizations.models import User
from organizations.roles import Ability

KEPT = ("entry", "title", "basis", "body", "audience", "matter", "phase", "vital_interest", "sensitive", "section")


@dataclass(frozen=True)
class Proposal:
    """What the copy of one item would be called and which period it would tell of."""

    title: str
    period_from: date | None
    period_until: date | None


def proposal_for(source: Item) -> Proposal:
    """Title and period one period on, by the time limit of the entry in force today."""
    version = source.entry.version_on(timezone.localdate()) if source.entry else None
    rule = version.time_limit if version else {}
    return Proposal(next_title(source.title, rule), *next_period(rule, source.period_from, source.period_until))


def why_not_copy(source: Item, by: User) -> Sentence | None:
    """The source must be readable, and drafts of its unit this person's to write (P9)."""
    if not roles.may(by, Ability.READ_ITEMS, source.unit_id) or not roles.may(by, Ability.DRAFT, source.unit_id):
        return _("Your role does not allow this for %(unit)s.") % {"unit": source.unit}
    return _("This draft was given up.") if source.state == ItemState.DISCARDED else None


def copy_item(source: Item, *, by: User, uid: UUID, with_files: bool = False) -> Item:
    """Save a fresh draft made from `source`, and an event that says from which item it came.

    `uid` is the new item's and was given out with the page: sent twice, the same draft is returned. Numbers, dates,
    openings and notes stay behind; files come along only when asked for. Raises `Refused`.
    """
    with transaction.atomic():
        source = Item.objects.select_for_update(of=("self",)).select_related("unit").get(pk=source.pk)
        reason = why_not_copy(source, by)
        if reason is not None:
            raise Refused(reason, code="not_allowed")
        made = Item.objects.filter(uid=uid, unit=source.unit).first()
        if made is not None:
            return made
        proposed = proposal_for(source)
        copy = perform(
            "save",
            item=Item(uid=uid, unit=source.unit),
            by=by,
            expected_version=None,
            fields={**{name: getattr(source, name) for name in KEPT}, **vars(proposed)},
            forms=source.forms.all(),
            branches=source.branches.all(),
            attachments=_files_of(source) if with_files else None,
        )
        tell("item.copied", copy, by, after={"from": str(source.uid), "number": source.number or ""})
    return copy


def _files_of(source: Item) -> list[AttachmentDraft]:
    """The same stored files as attachments of their own."""
    rows = source.attachments.select_related("file")
    return [AttachmentDraft(row.filename, row.label, row.is_published, file=row.file) for row in rows]
