"""What the review page answers beside the frozen text: changes, demands, earlier remarks, what is already out."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from disclosures.admin.paper import paper
from disclosures.comparing.base import Comparison, comparison
from disclosures.departures import Sign, departures
from disclosures.models import Decision, PassageRemark, Revision
from disclosures.passages import marked
from disclosures.released import already_out
from disclosures.screening import FindingKind, not_screened
from disclosures.visibility import reader_for
from organizations.calendar import add_working_days
from organizations.models import User

SHOWN = 3  # remarks of earlier steps beside the verdict sheet


def since_of(request: HttpRequest) -> int | None:
    """The revision number a reader chose to compare with; None where none was chosen, 404 for nonsense."""
    text = request.GET.get("since", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Http404
    return int(text)


def answers(revision: Revision, user: User, at: datetime, since: int | None) -> dict[str, Any]:
    """Everything the sections of the review page show, each asked once."""
    remarks = remarks_on(revision)
    lines = departures(revision, working_days=lambda start, count: add_working_days(start, count).day)
    shown = paper(revision, lambda file: reverse("review:file", args=[revision.uid, file.uid]))
    shown["body"] = marked(revision.body, revision.body_text, remarks) if remarks else revision.body
    return {
        "paper": shown,
        "changes": _changes(revision, user, since),
        "lines": lines,
        "differing": sum(line.sign is Sign.DIFFERS for line in lines),
        "out": already_out(revision, reader_for(user, at), at),
        "remarks": remarks,
        "kept": [(FindingKind(row.kind).label, row) for row in revision.findings.all()],
        "unread": not_screened(revision),
        "said": said_before(revision),
    }


def _changes(revision: Revision, user: User, since: int | None) -> Comparison | None:
    try:
        return comparison(revision, user, since)
    except Revision.DoesNotExist:
        raise Http404 from None


def remarks_on(revision: Revision) -> list[PassageRemark]:
    """Remarks on passages of this very revision, in the order of the text."""
    rows = PassageRemark.objects.filter(revision=revision).select_related("decision__step")
    return list(rows.order_by("position", "id"))


def said_before(revision: Revision) -> list[Decision]:
    """The last decisions on this item up to this revision, newest first, with what was said in them."""
    rows = Decision.objects.filter(revision__item=revision.item_id, revision__number__lte=revision.number)
    rows = rows.select_related("step", "revision").prefetch_related("verdicts", "passages")
    return list(rows.order_by("-decided_at", "-id")[:SHOWN])
