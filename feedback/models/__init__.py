"""Tables of feedback: the case and what hangs on it."""

from feedback.models.arrivals import CaseFile, Channel, Intake, Wish
from feedback.models.cases import ENDED, Case, CaseKind, CaseState, SenderKind
from feedback.models.clocks import (
    LIMITED,
    RUNNING,
    CaseClock,
    CaseLimit,
    ClockReminder,
    ClockStep,
    Extension,
    ReminderStage,
)
from feedback.models.demands import DemandKind, RectificationDemand
from feedback.models.dialogue import Investigation, Message, Reply
from feedback.models.identities import Identity
from feedback.models.openings import IdentityDecision, IdentityDestruction, IdentityOpening, IdentityRequest
from feedback.models.publications import Publication, PublicationReview, Retraction
from feedback.models.rates import RateCount
from feedback.models.rectifications import Proof, Rectification, Verification
from feedback.models.requests import REASONED, Fulfilment, RequestDecision, RequestOutcome
from feedback.models.targets import NamedBy, Target
from feedback.models.transfers import Transfer
from feedback.models.verdicts import Reopening, Satisfaction, Verdict

__all__ = [
    "ENDED",
    "LIMITED",
    "REASONED",
    "RUNNING",
    "Case",
    "CaseClock",
    "CaseFile",
    "CaseKind",
    "CaseLimit",
    "CaseState",
    "Channel",
    "ClockReminder",
    "ClockStep",
    "DemandKind",
    "Extension",
    "Fulfilment",
    "Identity",
    "IdentityDecision",
    "IdentityDestruction",
    "IdentityOpening",
    "IdentityRequest",
    "Intake",
    "Investigation",
    "Message",
    "NamedBy",
    "Proof",
    "Publication",
    "PublicationReview",
    "RateCount",
    "Rectification",
    "RectificationDemand",
    "ReminderStage",
    "Reopening",
    "Reply",
    "RequestDecision",
    "RequestOutcome",
    "Retraction",
    "Satisfaction",
    "SenderKind",
    "Target",
    "Transfer",
    "Verdict",
    "Verification",
    "Wish",
]
