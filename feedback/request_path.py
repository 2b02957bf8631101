"""What path and dialogue show of limits made longer and of a request for disclosure: dates and offices, no people."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from disclosures.refusal import Sentence
from feedback import clocks
from feedback.models import Case, RequestOutcome

TOLD: dict[str, Sentence] = {
    RequestOutcome.GRANTED: gettext_lazy("granted the request."),
    RequestOutcome.PART: gettext_lazy("granted the request in part."),
    RequestOutcome.REFUSED: gettext_lazy("refused the request."),
    RequestOutcome.ALREADY: gettext_lazy("answered that it is disclosed already."),
    RequestOutcome.UNCLEAR: gettext_lazy("asked to complete the request."),
}


def decided(case: Case) -> list[dict[str, Any]]:
    """Entries of the step in which a request is decided."""
    rows = case.request_decisions.all()
    return [{"at": row.at, "body": case.unit.label, "text": TOLD[row.outcome]} for row in rows]


def extended(case: Case) -> list[dict[str, Any]]:
    """The entry of a limit made longer."""
    extension = clocks.extension_of(case)
    if extension is None:
        return []
    count = extension.working_days
    text = ngettext(
        "extended the limit by %(count)d working day.", "extended the limit by %(count)d working days.", count
    ) % {"count": count}
    return [{"at": extension.at, "body": case.unit.label, "text": text}]


def said(case: Case) -> Iterable[tuple[datetime, str]]:
    """What the unit says to the sender with a decision or an extension; what a reply says stands there."""
    extension = clocks.extension_of(case)
    if extension is not None:
        yield extension.at, _("The limit was extended: %(reason)s") % {"reason": extension.reason}
    for row in case.request_decisions.all():
        if row.outcome != RequestOutcome.ALREADY:
            yield row.at, "\n\n".join(part for part in (row.get_outcome_display(), row.reason) if part)
