"""Whether an approval sheet is genuine: its code, and what the portal finds when it looks again."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from audit.models import Event
from audit.verifier import is_intact
from disclosures.models import Decision, Outcome, ReviewStep, Revision
from disclosures.models.reviews import StepState
from disclosures.redactions import masked_digest
from disclosures.services.freezing import digest, snapshot

PREFIX = 16  # hexadecimal digits of the digest in a code
VERBS = ("review.approved", "review.returned", "review.decision_recorded")


def code_of(revision: Revision) -> str:
    """The code in the address of a sheet: the revision's random uid (122 bits) and the beginning of its digest.

    It needs no key, so a printed sheet can still be verified after the keys were changed; see
    `docs/decisions/verification-codes.md`.
    """
    return f"{revision.uid.hex}-{revision.digest[:PREFIX]}"


def revision_of(code: str) -> Revision | None:
    """The revision a code belongs to; None for any other code. A wrong beginning of the digest is not hidden here."""
    uid = UUID(hex=code.partition("-")[0])
    return Revision.objects.select_related("item", "unit", "entry", "entry_version", "matter").filter(uid=uid).first()


@dataclass(frozen=True)
class Passed:
    """A step for everyone's eyes: office, outcome and day, never the name of a person."""

    step: ReviewStep
    approvals: int
    returns: int


@dataclass(frozen=True)
class Verification:
    """What was found: the digest computed anew, and whether sheet, text and decisions agree with each other.

    `masked` is the digest of a text in which personal data was masked after publication; the original's is kept.
    """

    digest: str
    computed: str
    sheet_agrees: bool
    decisions_agree: bool
    decisions: int
    steps: list[Passed]
    masked: str | None = None

    @property
    def is_redacted(self) -> bool:
        """Whether the text was masked after its publication, by the rules."""
        return self.masked is not None

    @property
    def text_agrees(self) -> bool:
        """Whether the stored revision has the digest it was given at submission, or when it was masked."""
        return self.computed == (self.masked or self.digest)

    @property
    def is_genuine(self) -> bool:
        """Whether everything agrees."""
        return self.sheet_agrees and self.text_agrees and self.decisions_agree

    @property
    def is_approved(self) -> bool:
        """Whether every step of the review ended with approval."""
        return bool(self.steps) and all(row.step.state == StepState.APPROVED for row in self.steps)


def verify(revision: Revision, code: str) -> Verification:
    """Read the revision, its decisions and their events again and compare them; nothing is written."""
    steps = list(revision.steps.order_by("order"))
    decisions = list(Decision.objects.filter(revision=revision).select_related("step"))
    rows = [_passed(step, decisions) for step in steps]
    return Verification(
        digest=revision.digest,
        computed=digest(snapshot(revision)),
        sheet_agrees=code.partition("-")[2] == revision.digest[:PREFIX],
        decisions_agree=_in_the_trail(revision, decisions) and all(_is_founded(row) for row in rows),
        decisions=len(decisions),
        steps=rows,
        masked=masked_digest(revision),
    )


def _passed(step: ReviewStep, decisions: list[Decision]) -> Passed:
    outcomes = Counter(row.outcome for row in decisions if row.step_id == step.pk)
    return Passed(step, outcomes[Outcome.APPROVE], outcomes[Outcome.RETURN])


def _is_founded(row: Passed) -> bool:
    """Whether a step that counts as decided has a decision that says so."""
    if row.step.state == StepState.APPROVED:
        return row.approvals > 0 and not row.returns
    return row.step.state != StepState.RETURNED or row.returns > 0


def _in_the_trail(revision: Revision, decisions: list[Decision]) -> bool:
    """Whether the trail holds one unchanged event for each decision, and none more."""
    events = Event.objects.filter(subject_kind="item", subject_ref=str(revision.item.uid), verb__in=VERBS)
    told = [event for event in events if (event.after or {}).get("revision") == revision.number]
    wanted = Counter((row.step.name, row.outcome) for row in decisions)
    found = Counter((event.after["step"], event.after["outcome"]) for event in told if event.after)
    return wanted == found and all(is_intact(event) for event in told)
