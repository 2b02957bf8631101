"""The approval sheet (党务公开审批表) of a revision, made from its decisions (S36–S40, S43)."""

from dataclasses import dataclass

import segno
from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from disclosures.admin.paper import values_of
from disclosures.models import Decision, Release, ReviewStep, Revision, RevisionAttachment
from disclosures.models.reviews import StepState
from disclosures.redactions import masked_digest
from disclosures.verification import code_of

OPENINGS = ("planned_internal_from", "planned_internal_until", "planned_public_from", "planned_public_until")


@dataclass(frozen=True)
class ApprovalSheet:
    """Everything that is printed; `verification_path` is the address behind the QR code, without the host."""

    revision: Revision
    values: dict[str, str]
    files: list[RevisionAttachment]
    steps: list[ReviewStep]
    release: Release | None
    state: str
    verification_path: str
    is_redacted: bool

    @property
    def is_approved(self) -> bool:
        """Whether every step agreed."""
        return bool(self.steps) and all(step.state == StepState.APPROVED for step in self.steps)


def approval_sheet(revision: Revision) -> ApprovalSheet:
    """The sheet of a submitted revision as its review stands now; unfinished reviews say that they are."""
    decisions = Decision.objects.prefetch_related("verdicts", "passages").order_by("decided_at", "id")
    steps = revision.steps.select_related("unit").prefetch_related(Prefetch("decisions", decisions)).order_by("order")
    found = list(steps)
    return ApprovalSheet(
        revision=revision,
        values=values_of(revision),
        files=list(revision.attachments.select_related("file")),
        steps=found,
        release=Release.objects.filter(revision=revision).first(),
        state=_state(found) if found else _("Masked after publication"),
        verification_path=_path(revision),
        is_redacted=masked_digest(revision) is not None,
    )


def _state(steps: list[ReviewStep]) -> str:
    """Where the review stands, in a word."""
    states = {step.state for step in steps}
    if StepState.RETURNED in states:
        return _("Returned")
    if states == {StepState.APPROVED}:
        return _("Approved by every step")
    return _("Review ended without a decision") if StepState.CANCELLED in states else _("Under review")


def _path(revision: Revision) -> str:
    with override(settings.LANGUAGE_CODE):
        return reverse("disclosures:verify", args=[code_of(revision)])


def qr_code(address: str) -> str:
    """The address as a QR code, a picture in a data: address that needs no file and no network."""
    return segno.make(address, error="m", micro=False).svg_data_uri(border=2, scale=4)
