"""Remarks on passages, stored with the decision they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from disclosures.models import Decision, PassageRemark, Revision
from disclosures.models.readings import LONGEST_QUOTE
from disclosures.passages import Place, places_of
from disclosures.refusal import Refused, Sentence
from disclosures.richtext import clean_text


@dataclass(frozen=True)
class PassageDraft:
    """A passage as it was copied or selected, what is said about it, and the name of its row in the form."""

    quote: str
    remark: str
    name: str = "passage"


def place_all(drafts: Sequence[PassageDraft], revision: Revision) -> list[tuple[PassageDraft, Place]]:
    """Each draft with its place in the frozen text; raises `Refused` (`passages`) when one has none, or several."""
    problems: dict[str, list[Sentence]] = {}
    placed: list[tuple[PassageDraft, Place]] = []
    for draft in drafts:
        places = places_of(draft.quote, revision.body_text)
        if problem := _problem(draft, places):
            problems[f"{draft.name}_quote"] = [problem]
        elif not clean_text(draft.remark):
            problems[f"{draft.name}_remark"] = [_("Say what is wrong with this passage.")]
        else:
            placed.append((draft, places[0]))
    if problems:
        raise Refused(_("A remark on a passage cannot be stored as it is."), code="passages", problems=problems)
    return placed


def _problem(draft: PassageDraft, places: list[Place]) -> Sentence | None:
    if not draft.quote.strip():
        return _("Quote the passage the remark is about.")
    if not places:
        return _("These words do not stand in the text under review. Copy them from it.")
    if len(places) > 1:
        return _("These words stand in %(count)d places. Quote some more of the one you mean.") % {"count": len(places)}
    if places[0].end - places[0].begin > LONGEST_QUOTE:
        return _("Quote at most %(most)d characters.") % {"most": LONGEST_QUOTE}
    return None


def write_all(decision: Decision, placed: Sequence[tuple[PassageDraft, Place]]) -> None:
    """Store the remarks of one decision."""
    PassageRemark.objects.bulk_create(
        PassageRemark(
            decision=decision,
            revision=decision.revision,
            quote=place.quote,
            before=place.before,
            after=place.after,
            position=place.begin,
            remark=clean_text(draft.remark),
        )
        for draft, place in placed
    )
