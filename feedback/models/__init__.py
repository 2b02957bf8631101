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
from feedback.models.dialogue import Investigation, Message, Reply
from feedback.models.identities import Identity
from feedback.models.rates import RateCount
from feedback.models.rectifications import Proof, Rectification, Verification
from feedback.models.requests import REASONED, Fulfilment, RequestDecision, RequestOutcome
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
    "Extension",
    "Fulfilment",
    "Identity",
    "Intake",
    "Investigation",
    "Message",
    "Proof",
    "RateCount",
    "Rectification",
    "ReminderStage",
    "Reopening",
    "Reply",
    "RequestDecision",
    "RequestOutcome",
    "Satisfaction",
    "SenderKind",
    "Verdict",
    "Verification",
    "Wish",
]
