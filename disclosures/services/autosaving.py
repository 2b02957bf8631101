"""Text that was typed and not saved: kept apart for its writer, so that no timer ever changes an item (S30, P23)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from disclosures.models import AutosavedDraft, Item
from disclosures.refusal import Refused
from disclosures.richtext import plain_text
from disclosures.screening import screen_text
from organizations.models import User

Content = Mapping[str, list[str]]  # the sent fields of the drafting form, by name


def may_keep(content: Content) -> bool:
    """Whether a copy of this text may exist at all: none with a mark of secrecy does. The one place that asks."""
    texts = (plain_text(text) if name == "body" else text for name, sent in content.items() for text in sent)
    return not any(finding.refuses_save for text in texts for finding in screen_text(text, "autosave"))


def autosave(item: Item, *, by: User, base_version: int, content: Content, at: datetime) -> AutosavedDraft:
    """Keep what `by` has typed on `item`, in place of what they had typed before; the item stays as it is.

    Raises `Refused` for a text no copy of which may be kept; then nothing of it is kept.
    """
    if not may_keep(content):
        raise Refused(
            _("The text carries a mark of secrecy, so no copy of it is kept. Take the text out of this page."),
            code="secrecy_mark",
        )
    values = {"unit": item.unit, "base_version": base_version, "content": dict(content), "saved_at": at}
    kept, _created = AutosavedDraft.objects.update_or_create(item_uid=item.uid, user=by, defaults=values)
    return kept


def forget_old(at: datetime) -> int:
    """Drop what nobody came back for within the days of the setting; returns how many texts."""
    rows = AutosavedDraft.objects.filter(saved_at__lt=at - timedelta(days=settings.PORTAL_AUTOSAVE_DAYS))
    return rows.delete()[0]


def forget(item_uid: UUID, by: User | None = None) -> None:
    """Drop what was typed on an item and not saved: by one person, or by everyone."""
    rows = AutosavedDraft.objects.filter(item_uid=item_uid)
    (rows if by is None else rows.filter(user=by)).delete()
