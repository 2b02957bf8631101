"""The only writers of cases: `receive`, `add_message` and `say` for senders, `perform` a verb for staff."""

from disclosures.refusal import Refused
from feedback.services.engine import open_identity, perform, why_not
from feedback.services.rectifying import ProofFile
from feedback.services.sending import AlreadySent, Arrival, Entered, ReceiptOver, add_message, receive
from feedback.services.targeting import Accused
from feedback.services.verdicts import say

__all__ = [
    "Accused",
    "AlreadySent",
    "Arrival",
    "Entered",
    "ProofFile",
    "ReceiptOver",
    "Refused",
    "add_message",
    "open_identity",
    "perform",
    "receive",
    "say",
    "why_not",
]
