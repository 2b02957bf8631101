"""Tables of feedback: the case and what hangs on it."""

from feedback.models.cases import ENDED, Case, CaseKind, CaseState, SenderKind
from feedback.models.dialogue import Investigation, Message, Reply
from feedback.models.identities import Identity
from feedback.models.rectifications import Proof, Rectification, Verification

__all__ = [
    "ENDED",
    "Case",
    "CaseKind",
    "CaseState",
    "Identity",
    "Investigation",
    "Message",
    "Proof",
    "Rectification",
    "Reply",
    "SenderKind",
    "Verification",
]
