"""What a correction changed beside title and text: the facts above the text, and the files below it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from disclosures.comparing.files import origins
from disclosures.models import RevisionAttachment
from disclosures.screening import Profile, screen_text
from disclosures.views.article import comma, day, form_names


@dataclass(frozen=True)
class Particular:
    """A fact or a file: what it said, empty for one that came, and what it says, empty for one that went.

    `note` says the rest where neither does: that a file was replaced under its name, or that old words are kept back.
    """

    label: str
    old: str = ""
    new: str = ""
    note: str = ""


def published_files(revisions: Iterable[int]) -> dict[int, list[RevisionAttachment]]:
    """The files of each revision that its readers may open, in their order: one query."""
    found: dict[int, list[RevisionAttachment]] = defaultdict(list)
    rows = RevisionAttachment.objects.filter(revision__in=revisions, is_published=True)
    for row in rows.order_by("order", "id"):
        found[row.revision_id].append(row)
    return found


def changed_particulars(
    old: Any, new: Any, before: list[RevisionAttachment], after: list[RevisionAttachment]
) -> list[Particular]:
    """Facts and files that differ between two releases; old words that hold personal data stand nowhere."""
    facts = zip(_facts(old), _facts(new), strict=True)
    changed = [Particular(label, was, says) for (label, was), (_label, says) in facts if was != says]
    return [_without_personal_data(row) for row in [*changed, *_changed_files(before, after)]]


def is_personal(text: str) -> bool:
    """Whether screening finds in `text` today what must not be quoted."""
    return bool(screen_text(text, "body", profile=Profile.PUBLIC))


def _facts(release: Any) -> list[tuple[str, str]]:
    revision = release.revision
    return [
        (_("Document number"), revision.document_number),
        (_("Date of issue"), day(revision.issued_on)),
        (_("Basis"), revision.basis),
        (_("Phase"), str(revision.get_phase_display())),
        (_("Scope"), str(revision.get_audience_display())),
        (_("Forms"), comma().join(form_names(release))),
    ]


def _changed_files(before: list[RevisionAttachment], after: list[RevisionAttachment]) -> Iterator[Particular]:
    origin = origins(before, after)
    for row in after:
        was = origin.get(row.pk)
        if was is None:
            yield Particular(_("Attachment added"), new=row.title)
        elif was.file_id != row.file_id:
            yield Particular(_("Attachment replaced"), "" if was.title == row.title else was.title, row.title)
        elif was.title != row.title:
            yield Particular(_("Attachment renamed"), was.title, row.title)
    kept = {row.pk for row in origin.values()}
    yield from (Particular(_("Attachment removed"), old=row.title) for row in before if row.pk not in kept)


def _without_personal_data(row: Particular) -> Particular:
    if not row.old or not is_personal(row.old):
        return row
    return Particular(row.label, new=row.new, note=_("The earlier words are not quoted."))
