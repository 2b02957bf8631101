"""Internal remarks are written and settled; they change nothing of the item and make nobody one of its authors."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from disclosures.models import Item
from disclosures.notices import send
from disclosures.refusal import Refused, Sentence
from disclosures.richtext import clean_line, clean_text
from disclosures.services.trail import tell
from organizations import roles
from organizations.models import User
from organizations.roles import Ability

LONGEST = 1000  # characters of a remark
LONGEST_PASSAGE = 300
MOST = 200  # remarks on one item


def why_not_remark(item: Item, by: User) -> Sentence | None:
    """Drafters of the unit and those who decide in reviews speak here; whoever only reads, reads."""
    if roles.may(by, Ability.DRAFT, item.unit_id) or roles.may(by, Ability.DECIDE):
        return None
    return _("Only drafters of the unit and reviewers write internal remarks.")


def remark(item: Item, by: User, at: datetime, *, text: str, passage: str = "") -> None:
    """Add a remark, with the passage it is about where one is quoted (S32)."""
    text, passage = clean_text(text), clean_line(passage)
    _refuse_odd_length(text, passage)
    if item.remarks.count() >= MOST:
        raise Refused(_("This item has %(most)d remarks. Settle the matter in person.") % {"most": MOST}, code="many")
    row = item.remarks.create(by=by, by_name=by.display_name, by_office=by.office, at=at, text=text, passage=passage)
    tell("item.remarked", item, by, after={"remark": str(row.uid)})
    send("item.remarked", item, at, by=by)


def resolve(item: Item, by: User, at: datetime, *, remark: UUID) -> None:
    """Mark a remark as settled; settling it twice changes nothing."""
    row = item.remarks.filter(uid=remark).first()
    if row is None:
        raise Refused(_("This remark is no longer there."), code="no_remark")
    if row.is_open:
        row.resolved_by, row.resolved_by_name, row.resolved_at = by, by.display_name, at
        row.save(update_fields=["resolved_by", "resolved_by_name", "resolved_at"])
        tell("item.remark_resolved", item, by, after={"remark": str(row.uid)})


def _refuse_odd_length(text: str, passage: str) -> None:
    if not text:
        raise Refused(_("Write the remark."), code="empty", problems={"text": [_("Write the remark.")]})
    for name, value, most in (("text", text, LONGEST), ("passage", passage, LONGEST_PASSAGE)):
        if len(value) > most:
            sentence = _("At most %(most)d characters; this is %(length)d.") % {"most": most, "length": len(value)}
            raise Refused(sentence, code="too_long", problems={name: [sentence]})
