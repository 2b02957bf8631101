"""The texts of an item that were opened to this reader, with what each correction changed in the one before.

Nothing of a text is quoted that must not stay: not of one that was withdrawn, not across a redaction, and no passage in
which screening finds personal data today. An earlier text as a whole is closed with its windows (rule 5).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef

from disclosures.comparing.paragraphs import Passage, text_changes
from disclosures.comparing.words import NEW, OLD, SAME, Piece, word_changes
from disclosures.models import RedactedRevision, Redaction, Release, Revision
from disclosures.views.article import Text, corrected_at, forms_said, steps_said
from disclosures.views.asking import BoardRequest
from disclosures.views.particulars import Particular, changed_particulars, is_personal, published_files
from disclosures.views.rows import HEAVY, dated

MOST_TEXTS = 50  # newest texts that are read and listed
COMPARED = 4  # newest corrections whose passages are shown
MOST_CHARS = 60_000  # of both texts together; a longer one would make the page wait
SHOWN_CHARS = 4_000  # of the differing passages of one correction
AROUND = 30  # unchanged signs kept on either side of a change


@dataclass(frozen=True)
class Differences:
    """What a correction changed: pieces of the title, particulars and files, passages; or why it is not shown."""

    title: list[Piece] = field(default_factory=list)
    particulars: list[Particular] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    is_cut: bool = False
    kept_back: str = ""  # "withdrawn", "masked" or "long"

    def __bool__(self) -> bool:
        return bool(self.title or self.particulars or self.passages or self.is_cut or self.kept_back)


def opened_texts(request: BoardRequest, release: Release) -> list[Text]:
    """Every text opened to this reader, newest first; empty where there was one only.

    Costs nothing for a text without a change note, which every correction has, and one query for a correction.
    """
    if not release.revision.change_note:
        return []
    opened = Release.objects.opened_to(request.reader, request.at).filter(item_id=release.item_id)
    rows = list(_told_with(opened).select_related("revision").defer(*HEAVY).order_by("-id")[:MOST_TEXTS])
    if len(rows) < 2:
        return []
    return [Text(len(rows) - place, row, opened_at(request, row)) for place, row in enumerate(rows)]


def texts(release: Release, opened: list[Text]) -> list[dict[str, Any]]:
    """The texts that were opened as the page lists them, with what each correction changed; two queries, if any."""
    compared = _differences([text.release for text in opened[: COMPARED + 1]]) if opened else {}
    return [
        {
            "number": text.number,
            "at": text.at,
            "until": None if place == 0 else opened[place - 1].at,
            "text": text.release.revision.change_note if text.number > 1 else "",
            "is_here": text.release.pk == release.pk,
            "differences": compared.get(text.release.pk),
        }
        for place, text in enumerate(opened)
    ]


def opened_at(request: BoardRequest, release: Release) -> datetime:
    """The instant from which this text stood there for this reader."""
    return corrected_at(request, release) or dated(request, release)


def _told_with(rows: Any) -> Any:
    """Mark texts that were masked later, and those that a redaction put in the place of another; forms and steps."""
    return rows.annotate(
        was_masked=Exists(RedactedRevision.objects.filter(revision=OuterRef("revision_id"))),
        is_masking=Exists(Redaction.objects.filter(corrected_revision=OuterRef("revision_id"))),
        forms_said=forms_said(OuterRef("revision_id")),
        steps_said=steps_said(OuterRef("revision_id")),
    )


def _differences(rows: list[Any]) -> dict[int, Differences]:
    """The differences of each text from the one opened before it, for the newest ones."""
    pks = [row.revision_id for row in rows]
    bodies = dict(Revision.objects.filter(pk__in=pks).values_list("pk", "body_text"))
    files = published_files(pks)
    return {new.pk: _between(old, new, bodies, files) for new, old in pairwise(rows)}


def _between(old: Any, new: Any, bodies: dict[int, str], files: dict[int, list[Any]]) -> Differences:
    if old.was_masked or new.was_masked or new.is_masking:
        return Differences(kept_back="masked")
    if old.withdrawn_at is not None:
        return Differences(kept_back="withdrawn")
    particulars = changed_particulars(old, new, files[old.revision_id], files[new.revision_id])
    found = Differences(_screened(_title_changes(old.revision.title, new.revision.title)), particulars)
    before, after = bodies[old.revision_id], bodies[new.revision_id]
    if len(before) + len(after) > MOST_CHARS:
        return replace(found, kept_back="long" if before != after else "")
    passages, is_cut = _bounded(_shown(text_changes(before, after)))
    return replace(found, passages=passages, is_cut=is_cut)


def _title_changes(old: str, new: str) -> list[Piece]:
    if old == new:
        return []
    pieces = word_changes(old, new)
    return [Piece(OLD, old), Piece(NEW, new)] if pieces is None else pieces


def _shown(passages: list[Passage]) -> Iterator[Passage]:
    """What differs, without blank paragraphs and without old words that hold personal data."""
    for passage in passages:
        if passage.kind == SAME or not any(line.strip() for line in passage.lines):
            continue
        if passage.pieces:
            yield replace(passage, pieces=_shortened(_screened(passage.pieces)))
        elif passage.kind != OLD or not is_personal("\n".join(passage.lines)):
            yield passage


def _screened(pieces: list[Piece]) -> list[Piece]:
    """Without what went, where the old words hold personal data."""
    old = "".join(piece.text for piece in pieces if piece.kind != NEW)
    return [piece for piece in pieces if piece.kind != OLD] if is_personal(old) else pieces


def _shortened(pieces: list[Piece]) -> list[Piece]:
    """Long unchanged stretches cut to what stands next to a change."""
    last = len(pieces) - 1
    return [
        Piece(SAME, _cut(piece.text, is_first=place == 0, is_last=place == last)) if piece.kind == SAME else piece
        for place, piece in enumerate(pieces)
    ]


def _cut(text: str, *, is_first: bool, is_last: bool) -> str:
    if len(text) <= 2 * AROUND + 10:
        return text
    head = "" if is_first else text[:AROUND]
    tail = "" if is_last else text[-AROUND:]
    return f"{head}……{tail}"


def _bounded(passages: Iterator[Passage]) -> tuple[list[Passage], bool]:
    """As many passages as fit, and whether some were left out."""
    shown: list[Passage] = []
    room = SHOWN_CHARS
    for passage in passages:
        room -= sum(len(piece.text) for piece in passage.pieces) or sum(map(len, passage.lines))
        if room < 0:
            return shown, True
        shown.append(passage)
    return shown, False
