"""Putting right what was found (S47): ordered, reported done with proof, verified by another person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.models import StoredFile
from disclosures.refusal import Refused, Sentence
from disclosures.richtext import clean_line, clean_text
from feedback.access import answers_for, handlers_of, verifiers_of
from feedback.models import Case, CaseState, Proof, Rectification, Verification
from feedback.services import demanding
from feedback.services.trail import Fact
from feedback.services.words import needed
from organizations.models import Unit, User


@dataclass(frozen=True)
class ProofFile:
    """A file that shows that something was put right, already stored on disk."""

    file: StoredFile
    filename: str


def rectify(
    case: Case,
    by: User,
    at: datetime,
    *,
    problem: str,
    measure: str,
    responsible_unit: Unit,
    responsible_person: str = "",
    due_on: date,
    demand: str = "",
) -> Fact:
    """Order that something be put right: what, how, by whom, until when, and what has to be disclosed (`demand`)."""
    if due_on < timezone.localdate(at):
        raise Refused(
            _("The date lies in the past."), code="due_on", problems={"due_on": [_("The date lies in the past.")]}
        )
    made = Rectification.objects.create(
        case=case,
        problem=needed(problem, "problem", _("Enter the problem.")),
        measure=needed(measure, "measure", _("Enter the measure.")),
        responsible_unit=responsible_unit,
        responsible_person=clean_line(responsible_person),
        due_on=due_on,
        recorded_at=at,
        recorded_by=by,
    )
    demanding.demand(made, demand)
    return Fact(
        "case.rectification_ordered",
        {"rectification": made.uid, "responsible_unit": responsible_unit.code, "due_on": due_on},
        recipients=tuple(handlers_of(responsible_unit, at)),
    )


def why_not_report_done(case: Case, by: User) -> Sentence | None:
    """Why nothing can be reported done: nothing is open, or it is another unit's."""
    waiting = open_rectifications(case)
    if not waiting:
        return _("Everything ordered has been reported done.")
    if not any(answers_for(by, rectification) for rectification in waiting):
        return _("The responsible unit reports it done.")
    return None


def report_done(
    case: Case,
    by: User,
    at: datetime,
    *,
    rectification: int,
    proof: str,
    file: ProofFile | None = None,
    item_number: str = "",
) -> Fact:
    """Report a rectification done, with what shows it."""
    chosen = _chosen(open_rectifications(case), rectification)
    if not answers_for(by, chosen):
        raise Refused(_("The responsible unit reports it done."), code="not_allowed")
    demanding.fulfil(chosen, item_number, by, at)
    Proof.objects.create(
        rectification=chosen,
        text=needed(proof, "proof", _("Enter what shows that it was put right.")),
        file=file.file if file else None,
        filename=clean_line(file.filename) if file else "",
        done_at=at,
        done_by=by,
    )
    case.state = _state_of_rectifications(case)
    others = tuple(user for user in verifiers_of(case.unit, at, case=case) if user.pk != by.pk)
    return Fact("case.rectification_done", {"rectification": chosen.uid}, recipients=others)


def why_not_verify(case: Case, by: User) -> Sentence | None:
    """Why nothing can be verified: nothing was reported done, or only by the same person (four eyes)."""
    waiting = waiting_rectifications(case)
    if not waiting:
        return _("Nothing has been reported done yet.")
    if all(done_by(rectification) == by.pk for rectification in waiting):
        return _("You reported it done, so another person verifies it.")
    return None


def verify(case: Case, by: User, at: datetime, *, rectification: int, is_ok: bool, remark: str = "") -> Fact:
    """Say whether a rectification reported done was really put right; never by who reported it."""
    chosen = _chosen(waiting_rectifications(case), rectification)
    if done_by(chosen) == by.pk:
        raise Refused(_("You reported it done, so another person verifies it."), code="four_eyes")
    told = clean_text(remark)
    if not is_ok:
        needed(told, "remark", _("Say what is not put right yet."))
    assert chosen.last_proof is not None
    Verification.objects.create(proof=chosen.last_proof, is_ok=is_ok, remark=told, verified_at=at, verified_by=by)
    case.state = _state_of_rectifications(case)
    verb = "case.rectification_verified" if is_ok else "case.rectification_not_verified"
    told_to = () if is_ok else tuple(handlers_of(chosen.responsible_unit, at))
    return Fact(verb, {"rectification": chosen.uid}, reason=told, recipients=told_to)


def rectifications(case: Case) -> list[Rectification]:
    """Every rectification of the case with its proofs and what was found."""
    rows = case.rectifications.select_related("case__item", "responsible_unit", "demand__item")
    return list(rows.prefetch_related("proofs__verification", "proofs__file"))


def open_rectifications(case: Case) -> list[Rectification]:
    """Those that nobody has reported done, or that were found not done."""
    return [row for row in rectifications(case) if not row.is_verified and not row.waits_for_verification]


def waiting_rectifications(case: Case) -> list[Rectification]:
    """Those reported done that nobody has looked at."""
    return [row for row in rectifications(case) if row.waits_for_verification]


def _chosen(rows: Iterable[Rectification], pk: int) -> Rectification:
    sentence = _("Choose one of the rectifications.")
    chosen = next((row for row in rows if row.pk == pk), None)
    if chosen is None:
        raise Refused(sentence, code="rectification", problems={"rectification": [sentence]})
    return chosen


def done_by(rectification: Rectification) -> int | None:
    """Primary key of who reported it done last."""
    proof = rectification.last_proof
    return proof.done_by_id if proof else None


def _state_of_rectifications(case: Case) -> CaseState:
    rows = rectifications(case)
    if all(row.is_verified for row in rows):
        return CaseState.VERIFIED
    if all(row.is_verified or row.waits_for_verification for row in rows):
        return CaseState.RECTIFIED
    return CaseState.RECTIFYING
