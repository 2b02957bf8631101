"""Tables of feedback: the case and what hangs on it."""

from feedback.models.arrivals import CaseFile, Channel, Intake, Wish
from feedback.models.cases import ENDED, Case, CaseKind, CaseState, SenderKind
from feedback.models.dialogue import Investigation, Message, Reply
from feedback.models.identities import Identity
from feedback.models.rates import RateCount
from feedback.models.rectifications import Proof, Rectification, Verification
from feedback.models.verdicts import Reopening, Satisfaction, Verdict

__all__ = [
    "ENDED",
    "Case",
    "CaseFile",
    "CaseKind",
    "CaseState",
    "Channel",
    "Identity",
    "Intake",
    "Investigation",
    "Message",
    "Proof",
    "RateCount",
    "Rectification",
    "Reopening",
    "Reply",
    "Satisfaction",
    "SenderKind",
    "Verdict",
    "Verification",
    "Wish",
]
