"""What stands around the text of an item: facts, the four steps, neighbours, change notes; offices, never names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import BigIntegerField, DateTimeField, F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from disclosures.addresses import item_address
from disclosures.joined import Joined, instant_of, separated
from disclosures.models import FormOfDisclosure, Phase, Release, ReviewStep, Revision
from disclosures.models.reviews import StepState
from disclosures.prepared import Prepared
from disclosures.public_notices import in_words, notice_of
from disclosures.reads import told_until
from disclosures.redactions import reviewed_text_of
from disclosures.views.asking import BoardRequest, open_to, reads_in_public
from disclosures.views.rows import Line, dated, lines
from disclosures.visibility import PUBLIC, Reader, ReleaseQuerySet
from organizations.naming import in_language

Entry = dict[str, Any]
LONGEST_MATTER = 200  # items of one matter on a page
NEWEST_TEXTS = 3  # of a corrected item, whose way to disclosure is told beside that of the first


@dataclass(frozen=True)
class Text:
    """A text of an item that was opened to the reader: its number as readers met them, its release, and since when."""

    number: int
    release: Any
    at: datetime


def facts(request: BoardRequest, release: Release, opened: Sequence[Text] = ()) -> list[dict[str, Any]]:
    """The compact table of Chinese government pages; rows without a value are left out by the template.

    An item of which several texts were `opened` says since when the present one stands, and leads to what was changed.
    """
    revision = release.revision
    corrected = instant(opened[0].at) if opened else ""
    rows = [
        (_("Index number"), release.item.number, ""),
        (_("Disclosing unit"), release.unit.label, release.unit.get_absolute_url()),
        (_("Document number"), revision.document_number, ""),
        (_("Category"), release.category.label, release.category.get_absolute_url()),
        (_("Date of issue"), day(revision.issued_on), ""),
        (_("Date disclosed"), instant(dated(request, release)), ""),
        (_("Date corrected"), corrected, "#changes"),
        (_("Scope"), scope(request, release), ""),
        (_("Forms"), comma().join(form_names(release)), ""),
    ]
    wide = [(_("Basis"), revision.basis, ""), (_("Entered later"), backfilled(release), "")]
    paired = [_fact(row, wide=False) for row in rows if row[1]]
    if len(paired) % 2:
        paired[-1]["wide"] = True
    return paired + [_fact(row, wide=True) for row in wide]


def form_names(release: Any) -> list[str]:
    """The forms of disclosure, as they were read with the release; a release that is not stored asks for them."""
    if hasattr(release, "forms_said"):
        return [in_language(*names) for names in separated(release.forms_said)]
    return [form.label for form in release.revision.forms.only("name", "name_en")]


def forms_said(revision: Any) -> Joined:
    """The forms of a revision, for the question that reads its release."""
    chosen = Revision.forms.through.objects.filter(revision_id=revision)
    order = [f"formofdisclosure__{name}" for name in FormOfDisclosure._meta.ordering or ()]
    return Joined(chosen.order_by(*order), "formofdisclosure__name", "formofdisclosure__name_en")


def steps_said(revision: Any) -> Joined:
    """The approved steps of a revision, for the question that reads its release."""
    return Joined(_approved(revision), "name", "name_en", "closed_at")


def _fact(row: tuple[str, str | None, str], *, wide: bool) -> dict[str, Any]:
    label, value, url = row
    return {"label": label, "value": value, "url": url, "wide": wide}


def comma() -> str:
    """What stands between the parts of a list."""
    return pgettext("between parts of a list", ", ")


def day(value: Any) -> str:
    """A date in the words of the page's language; empty for none."""
    return date_format(value, "DATE_FORMAT") if value else ""


def instant(at: datetime) -> str:
    """An instant as date and 24-hour clock, local time."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATE_FORMAT')} {local:%H:%M}"


def scope(request: BoardRequest, release: Release) -> str:
    """To whom the item is disclosed; the chosen branches are named to readers inside the Party only."""
    said = str(release.revision.get_audience_display())
    if not (release.is_limited and request.reader.reads_internal):
        return said
    branches = comma().join(branch.label for branch in release.branches.all())
    return _("%(scope)s (%(branches)s)") % {"scope": said, "branches": branches}


def backfilled(release: Release) -> str:
    """That an old item was entered later, so that its posting date misleads nobody."""
    return _("Issued before this portal existed and entered afterwards.") if release.revision.is_backfilled else ""


def steps(request: BoardRequest, release: Release, opened: Sequence[Text] = ()) -> list[dict[str, Any]]:
    """Draft, review, publication, feedback, with dates and offices (S30, S35, S39, S44).

    Each text that was opened has its own way through them: a correction is no second first disclosure.
    """
    if opened:
        drafted, reviewed = _ways_of(_ends(opened), release.unit.label)
    else:
        drafted, reviewed = _way_of(release)
    return [
        {"label": _("Content drafted"), "state": "done", "entries": drafted},
        {"label": _("Reviewed"), "state": "done", "entries": reviewed},
        {"label": _("Disclosed"), "state": "done", "entries": publication_entries(request, release, _ends(opened))},
        {"label": _("Opinions"), "state": "current", "entries": [{"text": _("Anyone may send an opinion.")}]},
    ]


def _ends(opened: Sequence[Text]) -> list[Text]:
    """The first text and the newest ones, oldest first: a page has room for them."""
    return [*opened[-1:], *reversed(opened[:-1][:NEWEST_TEXTS])]


def _ways_of(opened: Iterable[Text], unit: str) -> tuple[list[Entry], list[Entry]]:
    """Drafting and review of each text; one that only masks another was made by the rules and has no review."""
    drafted: list[Entry] = []
    reviewed: list[Entry] = []
    for text in opened:
        named, revision = {"number": text.number}, text.release.revision
        if text.release.is_masking:
            words = _("personal data was masked by the rules (text no. %(number)d)") % named
            drafted.append({"at": revision.submitted_at, "body": "", "text": words})
            continue
        words = _("drafted text no. %(number)d and submitted it for review") % named
        drafted.append({"at": revision.submitted_at, "body": unit, "text": words})
        words = _("agreed to content, scope and form of text no. %(number)d") % named
        reviewed += [{"at": at, "body": body, "text": words} for body, at in _passed(text.release)]
    return drafted, reviewed


def _way_of(release: Release) -> tuple[list[Entry], list[Entry]]:
    """Drafting and review of the only text that was opened."""
    revision = reviewed_text_of(release.revision)
    is_first = not revision.change_note  # every correction has one; a draft returned and sent again has none
    text = _("drafted and submitted for review") if is_first else _("drafted a correction and submitted it for review")
    drafted = {"at": revision.submitted_at, "body": release.unit.label, "text": text}
    return [drafted, *masking_entries(release, revision)], review_entries(release, revision)


def masking_entries(release: Release, reviewed: Revision) -> list[Entry]:
    """When personal data in the reviewed text was masked after its publication; nothing for any other text."""
    if release.revision_id == reviewed.pk:
        return []
    return [{"at": release.revision.submitted_at, "body": "", "text": _("personal data was masked by the rules")}]


def review_entries(release: Any, reviewed: Revision) -> list[Entry]:
    """The approved steps of the reviewed text: the name of each step and the date of its decision."""
    if reviewed.pk == release.revision_id:
        passed = _passed(release)
    else:
        passed = [(step.label, step.closed_at) for step in _approved(reviewed.pk).only("name", "name_en", "closed_at")]
    return [{"at": at, "body": body, "text": _("agreed to content, scope and form")} for body, at in passed]


def _passed(release: Any) -> list[tuple[str, datetime | None]]:
    """The approved steps that were read with a release."""
    return [(in_language(*names), instant_of(at)) for *names, at in separated(release.steps_said)]


def _approved(revision: Any) -> QuerySet[ReviewStep]:
    return ReviewStep.objects.filter(revision_id=revision, state=StepState.APPROVED).order_by("order")


def publication_entries(request: BoardRequest, release: Release, opened: Sequence[Text] = ()) -> list[Entry]:
    """When it opened inside the Party and to the public, and when a later text replaced an earlier one (S41)."""
    found = [
        (release.internal_since, _("opened inside the Party")),
        (release.public_since, public_words(request, release)),
    ]
    if opened:
        words = _("text no. %(number)d took the place of the earlier one")
        found += [(text.at, words % {"number": text.number}) for text in opened if text.number > 1]
    else:
        found.append((corrected_at(request, release), _("the corrected text took the place of the earlier one")))
    dated_rows = sorted(((at, text) for at, text in found if at), key=lambda pair: pair[0])
    return [{"at": at, "body": "", "text": text} for at, text in dated_rows]


def public_words(request: BoardRequest, release: Release) -> str:
    """That it opened to the public, or will."""
    is_ahead = release.public_since is not None and release.public_since > request.at
    return _("will open to the public") if is_ahead else _("opened to the public")


def corrected_at(request: BoardRequest, release: Release) -> datetime | None:
    """The instant at which this text replaced an earlier one for this reader; None for a first text."""
    first, opened = (release.internal_since, release.internal_from)
    if not request.reader.reads_internal and release.public_since and release.public_from:
        first, opened = release.public_since, release.public_from
    return opened if opened > first else None


def notice(request: BoardRequest, release: Release) -> dict[str, Any] | None:
    """The period of a public notice in words, and whether it runs; None for every other item."""
    found = notice_of(release, request.reader)
    if found is None:
        return None
    return {"state": found.state(request.at).value, "period": in_words(found), "days": found.days}


def reads(request: BoardRequest, release: Any) -> dict[str, Any]:
    """Times read up to the end of yesterday, asked with the release; nothing on the day it opened."""
    until = told_until(request.at)
    is_told = timezone.localdate(dated(request, release)) <= until
    return {"times": release.times_read, "until": until} if is_told else {}


def neighbours(request: BoardRequest, release: Release) -> dict[str, Any]:
    """Before, during and after the matter, as far as this reader may read them (S22); nothing for a single item."""
    if release.revision.matter_id is None:
        return {}
    asked: dict[str, Any] = {"at": request.at, "matter": release.revision.matter_id}
    found = list(_matter_in_public(**asked) if reads_in_public(request) else _of_matter(request.reader, **asked))
    url = reverse("disclosures:matter", args=[found[0][-1]])
    return {"phases": phases(request, [Line(*row[:-1]) for row in found], release), "url": url}


def in_order(rows: ReleaseQuerySet) -> ReleaseQuerySet:
    """Rows of a matter, oldest first.

    The sum keeps a database from walking every release in the order of its key instead of the few of the matter.
    """
    return rows.order_by(F("id") + 0)


def _of_matter(reader: Reader, at: datetime, matter: int) -> QuerySet[Release, Any]:
    """The lines of a matter, each with the number of the matter."""
    rows = in_order(open_to(reader, at).filter(revision__matter_id=matter))
    return lines(rows, "revision__matter__number")[:LONGEST_MATTER]


_matter_in_public = Prepared(partial(_of_matter, PUBLIC), at=DateTimeField(), matter=BigIntegerField())


def phases(request: BoardRequest, found: list[Line], here: Release | None = None) -> list[dict[str, Any]]:
    """The three phases of a matter with their visible rows."""
    return [
        {
            "label": phase.label,
            "here": here is not None and here.revision.phase == phase,
            "rows": [_neighbour(request, line, here) for line in found if line.phase == phase],
        }
        for phase in (Phase.BEFORE, Phase.DURING, Phase.AFTER)
    ]


def _neighbour(request: BoardRequest, line: Line, here: Release | None) -> dict[str, Any]:
    return {
        "url": item_address(line.number),
        "title": line.title,
        "date": dated(request, line),
        "here": here is not None and line.number == here.item.number,
    }
