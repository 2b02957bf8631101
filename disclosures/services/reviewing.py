"""Step two of the plan: decisions on content, scope and form, each by the right people and never by a contributor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures import deciding, limits, notices, quorum, routing
from disclosures.models import Aspect, Decision, Evidence, Item, Outcome, ReviewStep, Revision, StoredFile, Verdict
from disclosures.models.items import ItemState
from disclosures.models.reviews import StepState
from disclosures.refusal import Refused, Sentence
from disclosures.richtext import clean_line, clean_text
from disclosures.services import passages as quoted
from disclosures.services import releasing, urgency
from disclosures.services.passages import PassageDraft
from disclosures.services.steps import open_step
from disclosures.services.trail import tell
from organizations.models import User

Verdicts = Mapping[str, tuple[bool, str]]


@dataclass(frozen=True)
class EvidenceDraft:
    """Where a decision entered by hand was taken: minutes or a document, its number, date, who decided, a scan."""

    kind: str
    number: str
    date: date
    decided_by_name: str
    office_held: str = ""
    file: StoredFile | None = None
    filename: str = ""


def begin(item: Item, at: datetime) -> None:
    """Make the steps of the current revision from the route and open the first."""
    revision = revision_of(item)
    steps = [routing.step_of(stage, revision, order) for order, stage in enumerate(routing.stages_for(item), start=1)]
    problems = [reason for step in steps if (reason := quorum.why_stuck(step, at))]
    if problems:
        raise Refused(str(problems[0]), code="nobody_decides", problems={"unit": problems})
    ReviewStep.objects.bulk_create(steps)
    _open_next(item, at)


def why_not_decide(item: Item, by: User) -> Sentence | None:
    """Why `by` may not decide the open step: not appointed for it, a contributor, or has decided already."""
    step = open_step(item)
    if step is None:
        return _("No step of review is open.")
    if deciding.seat_of(step, by) is None:
        return _("This step is decided by %(step)s.") % {"step": step.label}
    if step.decisions.filter(decided_by=by).exists():
        return _("You have already decided on this step.")
    if Decision.objects.filter(revision_id=step.revision_id, decided_by=by).exists():
        return _("You decided on an earlier step of this review; another person decides on this one.")
    if item.recusals.filter(user=by).exists():
        return _("You do not decide on this item: your recusal is recorded.")
    return why_not_as_contributor(item, by)


def why_not_record(item: Item, by: User) -> Sentence | None:
    """Why `by` may not enter a decision of the open step from minutes or a document."""
    step = open_step(item)
    if step is None:
        return _("No step of review is open.")
    if not step.takes_evidence:
        return _("The step “%(step)s” is decided in the portal only.") % {"step": step.label}
    if item.recusals.filter(user=by).exists():
        return _("You do not decide on this item: your recusal is recorded.")
    return why_not_as_contributor(item, by)


def why_not_as_contributor(item: Item, by: User) -> Sentence | None:
    """Four eyes: who wrote, saved or submitted the revision decides nothing about it."""
    if revision_of(item).contributors.filter(user=by).exists():
        return _("You wrote, saved or submitted this revision, so you may not decide on it.")
    if urgency.was_opened_by(item, by):
        return _("You opened this revision urgently; someone else confirms it.")
    return None


def decide(
    item: Item,
    by: User,
    at: datetime,
    *,
    revision: int,
    outcome: str,
    verdicts: Verdicts,
    remark: str = "",
    passages: Sequence[PassageDraft] = (),
) -> None:
    """Decide the open step in the portal on the revision numbered `revision`, the one that was on the screen.

    `verdicts` maps each aspect of the step to (agreed, remark). Approval needs all three (S38); a return names the
    aspect and the reason. `passages` are remarks on quotes of the frozen text. Raises `Refused`: `newer_revision`,
    `verdicts`, `passages`.
    """
    step = step_for(item, revision)
    placed = quoted.place_all(passages, step.revision)
    seat = deciding.seat_of(step, by)
    assert seat is not None  # the guard has asked
    decision = Decision(
        step=step,
        revision=step.revision,
        outcome=outcome,
        remark=clean_text(remark),
        decided_at=at,
        decided_by=by,
        decided_by_name=by.display_name,
        office_held=seat.office_acted_in,
        role=seat.role,
    )
    _write(decision, verdicts)
    quoted.write_all(decision, placed)
    verb = "review.approved" if outcome == Outcome.APPROVE else "review.returned"
    tell(verb, item, by, after=_told(decision), reason=_reason(decision))
    _conclude(item, step, decision, at)


def record_decision(
    item: Item,
    by: User,
    at: datetime,
    *,
    revision: int,
    outcome: str,
    verdicts: Verdicts,
    evidence: EvidenceDraft,
    remark: str = "",
) -> None:
    """Enter what a meeting or superior decided, with number, date and scan; it counts as the whole step (S36, S43)."""
    step = step_for(item, revision)
    _check_evidence(evidence, at)
    decision = Decision(
        step=step,
        revision=step.revision,
        outcome=outcome,
        remark=clean_text(remark),
        decided_at=at,
        decided_by_name=clean_line(evidence.decided_by_name),
        office_held=clean_line(evidence.office_held),
        recorded_by=by,
        recorded_by_name=by.display_name,
        evidence=evidence.kind,
        evidence_number=clean_line(evidence.number),
        evidence_date=evidence.date,
        evidence_file=evidence.file,
        evidence_filename=clean_line(evidence.filename),
    )
    _write(decision, verdicts)
    tell("review.decision_recorded", item, by, after=_told(decision), reason=_reason(decision))
    _conclude(item, step, decision, at)


def revision_of(item: Item) -> Revision:
    """The revision under review."""
    assert item.current_revision is not None
    return item.current_revision


def step_for(item: Item, revision: int) -> ReviewStep:
    """The open step, if the revision decided on is the one under review."""
    step = open_step(item)
    if step is None or step.revision.number != revision:
        raise Refused(_("A newer revision is under review; read it before you decide."), code="newer_revision")
    return step


def _check_evidence(evidence: EvidenceDraft, at: datetime) -> None:
    problems: dict[str, list[Sentence]] = {}
    if evidence.kind not in (Evidence.MINUTES, Evidence.DOCUMENT):
        problems["kind"] = [_("Choose minutes or a document.")]
    if not clean_line(evidence.number):
        problems["number"] = [_("Enter the number of the minutes or document.")]
    if evidence.date > timezone.localdate(at):
        problems["date"] = [_("The date lies in the future.")]
    if not clean_line(evidence.decided_by_name):
        problems["decided_by_name"] = [_("Enter who decided.")]
    if problems:
        raise Refused(_("The evidence is not complete."), code="evidence", problems=problems)


def _write(decision: Decision, verdicts: Verdicts) -> None:
    """Store the decision with one verdict an aspect, after checking that they agree with the outcome."""
    _check_verdicts(decision, verdicts)
    decision.save(force_insert=True)
    Verdict.objects.bulk_create(
        Verdict(decision=decision, aspect=aspect, is_ok=is_ok, remark=clean_text(remark))
        for aspect, (is_ok, remark) in verdicts.items()
    )


def _check_verdicts(decision: Decision, verdicts: Verdicts) -> None:
    problems: dict[str, list[Sentence]] = {}
    if set(verdicts) != set(decision.step.aspects):
        problems["verdicts"] = [_("Give a verdict on each aspect.")]
    refused = [aspect for aspect, (is_ok, _remark) in verdicts.items() if not is_ok]
    for aspect in refused:
        if not clean_text(verdicts[aspect][1]):
            problems[aspect] = [_("Say what is wrong with: %(aspect)s.") % {"aspect": Aspect(aspect).label}]
    if decision.outcome == Outcome.APPROVE and refused:
        problems["outcome"] = [_("Approval needs a yes on every aspect.")]
    if decision.outcome == Outcome.RETURN and not refused:
        problems["outcome"] = [_("Name the aspect for which you return the item.")]
    if decision.outcome not in Outcome.values:
        problems["outcome"] = [_("Choose to approve or to return.")]
    if problems:
        raise Refused(_("The verdict is not complete."), code="verdicts", problems=problems)


def _told(decision: Decision) -> dict[str, Any]:
    return {
        "revision": decision.revision.number,
        "step": decision.step.name,
        "outcome": decision.outcome,
        "evidence": decision.evidence,
        "evidence_number": decision.evidence_number,
    }


def _reason(decision: Decision) -> str:
    """Remarks on refused aspects, else the general remark."""
    refused = [f"{v.get_aspect_display()}：{v.remark}" for v in decision.verdicts.all() if not v.is_ok]
    return "；".join(refused) or decision.remark


def _conclude(item: Item, step: ReviewStep, decision: Decision, at: datetime) -> None:
    """Close the step when its rule is met and go on: next step, back to the drafter, or open to readers."""
    if decision.outcome == Outcome.RETURN:
        _close(step, StepState.RETURNED, at)
        step.revision.steps.filter(state=StepState.WAITING).update(state=StepState.CANCELLED, closed_at=at)
        item.state = ItemState.RETURNED
        item.version += 1
        by = decision.decided_by or decision.recorded_by
        notices.send("review.returned", item, at, by=by)
        urgency.end(item, by, at, reason=_reason(decision))
    elif decision.evidence != Evidence.PORTAL or not quorum.missing(step, at):
        agree(item, step, at, by=decision.decided_by or decision.recorded_by)
    else:
        notices.send("review.approved", item, at, by=decision.decided_by)


def agree(item: Item, step: ReviewStep, at: datetime, *, by: User | None) -> None:
    """Close the step as agreed; open the next one, or the revision to readers."""
    _close(step, StepState.APPROVED, at)
    if _open_next(item, at):
        notices.send("review.approved", item, at, by=by)
        return
    item.state = ItemState.APPROVED
    if not urgency.confirm(item, by, at):
        releasing.open_release(item, at)


def _close(step: ReviewStep, state: str, at: datetime) -> None:
    """Close an open step exactly once, whatever else runs at the same time."""
    changed = ReviewStep.objects.filter(pk=step.pk, state=StepState.OPEN).update(state=state, closed_at=at)
    if changed != 1:
        raise Refused(_("This step was decided in the meantime."), code="decided")


def _open_next(item: Item, at: datetime) -> ReviewStep | None:
    """Open the first waiting step and tell those who decide it."""
    step = revision_of(item).steps.filter(state=StepState.WAITING).order_by("order").first()
    if step is None:
        return None
    step.state, step.opened_at, step.due_at = StepState.OPEN, at, limits.due_at(step, at)
    step.save(update_fields=["state", "opened_at", "due_at"])
    notices.send("review.step_opened", item, at, step=step)
    return step
