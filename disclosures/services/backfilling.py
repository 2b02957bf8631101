"""Rows of a sheet become drafts marked as entered later: all of them in one transaction, or none (补录)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.backfill_sheet.checking import body_html, check, form_names, known_forms
from disclosures.backfill_sheet.columns import SCOPES, Row
from disclosures.chinese_dates import date_in
from disclosures.models import CatalogueEntry, FormOfDisclosure, Item
from disclosures.refusal import Refused
from disclosures.services import drafting
from disclosures.services.drafting import FirstDraft
from disclosures.services.engine import why_not
from disclosures.services.trail import tell
from organizations.models import Unit, User

LINES = ("title", "document_number", "basis")
DAYS = ("issued_on", "occurred_on", "period_from", "period_until")


@dataclass(frozen=True)
class Known:
    """What each row asks of the catalogue, read once for the whole sheet."""

    entries: dict[str, CatalogueEntry]
    forms: dict[str, FormOfDisclosure]

    @classmethod
    def today(cls) -> "Known":
        """Entries with their versions and suggested forms by code, and forms by name."""
        rows = CatalogueEntry.objects.prefetch_related("versions__forms")
        return cls({row.code: row for row in rows}, known_forms())


def enter_rows(rows: Sequence[Row], *, unit: Unit, by: User, batch: UUID, digest: str) -> tuple[int, bool]:
    """Save each row as a draft of `unit`; returns how many rows there are, and whether they were entered just now.

    `batch` was given out with the dry run and names each row's item: sent twice, nothing is entered twice. The rows
    are checked again, for the catalogue may have changed since. Raises `Refused`, and then nothing was stored.
    Everything that takes thought comes before the first writing, so that the transaction is short.
    """
    at = timezone.now()
    if (reason := why_not("save", item=Item(unit=unit), by=by)) is not None:
        raise Refused(reason, code="not_allowed")
    with transaction.atomic():
        # Two confirmations of one batch wait for each other; `no_key`: nobody else's draft of the unit waits.
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        if Item.objects.filter(uid__in=[_uid(batch, row) for row in rows]).exists():
            return len(rows), False
        if any(row.problems for row in check(list(rows), unit)):
            raise Refused(_("The catalogue changed in the meantime. Check the sheet again."), code="changed")
        known = Known.today()
        begun = [_begun(row, _draft(row, unit, _uid(batch, row), known), by, at) for row in rows]
        drafting.store_begun(begun, by, at)
        for row, (draft, _changed) in zip(rows, begun, strict=True):
            tell("item.backfilled", draft.item, by, after={"row": row.number, "sheet": digest})
    return len(rows), True


def _uid(batch: UUID, row: Row) -> UUID:
    return uuid5(batch, str(row.number))


def _begun(row: Row, draft: FirstDraft, by: User, at: datetime) -> tuple[FirstDraft, list[str]]:
    """The row's draft, filled in and screened; a refusal names the row."""
    try:
        return draft, drafting.begin(draft, by, at)
    except Refused as refusal:
        told = _("Row %(number)d: %(problem)s") % {"number": row.number, "problem": refusal}
        raise Refused(told, code=refusal.code, problems=refusal.problems) from refusal


def _draft(row: Row, unit: Unit, uid: UUID, known: Known) -> FirstDraft:
    entry = known.entries[row.values["entry"]]
    version = entry.version_on(timezone.localdate())
    assert version is not None, "checked before"
    fields: dict[str, Any] = {
        **{name: row.values[name] for name in LINES},
        **{name: date_in(row.values[name]) for name in DAYS},
        "entry": entry,
        "audience": SCOPES[row.values["audience"]],
        "body": body_html(row.values["body"]),
        "vital_interest": version.vital_interest,
        "sensitive": version.sensitive,
        "is_backfilled": True,
    }
    named = [known.forms[name] for name in form_names(row)] or [f for f in version.forms.all() if f.is_active]
    forms = list({form.pk: form for form in named}.values())  # named twice, chosen once
    return FirstDraft(Item(uid=uid, unit=unit), fields, forms)
