"""Tables of feedback: the case and what hangs on it."""

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
from feedback.models.rectifications import Proof, Rectification, Verification
from feedback.models.requests import REASONED, Fulfilment, RequestDecision, RequestOutcome

__all__ = [
    "ENDED",
    "LIMITED",
    "REASONED",
    "RUNNING",
    "Case",
    "CaseClock",
    "CaseKind",
    "CaseLimit",
    "CaseState",
    "ClockReminder",
    "ClockStep",
    "Extension",
    "Fulfilment",
    "Identity",
    "Investigation",
    "Message",
    "Proof",
    "Rectification",
    "ReminderStage",
    "Reply",
    "RequestDecision",
    "RequestOutcome",
    "SenderKind",
    "Verification",
]
