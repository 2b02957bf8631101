"""Tables of feedback: the case and what hangs on it."""

from feedback.models.cases import ENDED, Case, CaseKind, CaseState, SenderKind
from feedback.models.demands import DemandKind, RectificationDemand
from feedback.models.dialogue import Investigation, Message, Reply
from feedback.models.identities import Identity
from feedback.models.openings import IdentityDecision, IdentityDestruction, IdentityOpening, IdentityRequest
from feedback.models.publications import Publication, PublicationReview, Retraction
from feedback.models.rectifications import Proof, Rectification, Verification
from feedback.models.targets import NamedBy, Target
from feedback.models.transfers import Transfer

__all__ = [
    "ENDED",
    "Case",
    "CaseKind",
    "CaseState",
    "DemandKind",
    "Identity",
    "IdentityDecision",
    "IdentityDestruction",
    "IdentityOpening",
    "IdentityRequest",
    "Investigation",
    "Message",
    "NamedBy",
    "Proof",
    "Publication",
    "PublicationReview",
    "Rectification",
    "RectificationDemand",
    "Reply",
    "Retraction",
    "SenderKind",
    "Target",
    "Transfer",
    "Verification",
]
