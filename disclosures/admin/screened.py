"""Findings of the screening beside the fields of the drafting form: masks that are proposed, reasons that are typed."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from disclosures.masking import Leak, mask_html, mask_text
from disclosures.models import Item
from disclosures.screening import Finding, FindingKind, Screening
from disclosures.services import screened

REASON = "override-"
MASK = "_mask"


@dataclass(frozen=True)
class Shown:
    """One finding as the form shows it: in context, with its mask, and the reason typed or stored."""

    finding: Finding
    reason: str

    @property
    def kind(self) -> str:
        """The kind in words."""
        return str(FindingKind(self.finding.kind).label)

    @property
    def can_mask(self) -> bool:
        """Whether a button can write the mask: in fields, not in files."""
        return ":" not in self.finding.place and bool(self.finding.mask)


@dataclass(frozen=True)
class Findings:
    """Everything the form says about screening."""

    screening: Screening
    by_field: dict[str, list[Shown]]

    @property
    def count(self) -> int:
        """Findings without a reason."""
        return sum(not row.reason for rows in self.by_field.values() for row in rows)


def findings_of(request: HttpRequest, item: Item) -> Findings | None:
    """What screening finds in the stored draft; None for one that is not stored yet."""
    if not item.pk:
        return None
    found = screened.screening_of(item)
    stored = dict(item.overrides.values_list("key", "reason"))
    rows = {
        name: [Shown(one, request.POST.get(REASON + one.key, stored.get(one.key, ""))) for one in findings]
        for name, findings in screened.beside(found.findings).items()
    }
    return Findings(found, rows)


def reasons_in(data: QueryDict) -> dict[str, str]:
    """Reasons typed beside findings, by key."""
    return {name.removeprefix(REASON): str(text) for name, text in data.items() if name.startswith(REASON)}


def mask_in(data: Any, item: Item) -> str:
    """Write the mask of the chosen finding into the sent form; returns what happened in a sentence. Nothing is stored.

    Every occurrence in the field is masked, however it is spaced.
    """
    wanted = data.get(MASK, "")
    found = next((one for one in screened.screening_of(item).findings if one.key == wanted), None)
    if found is None or ":" in found.place or not found.mask:
        return _("This finding is no longer there.")
    leak = [Leak(found.text, found.mask, found.kind)]
    typed = data.get(found.place, "")
    data[found.place] = mask_html(typed, leak) if found.place == "body" else mask_text(typed, leak)
    return _("The mask is written into the field. Save to keep it.")
