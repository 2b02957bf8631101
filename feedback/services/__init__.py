"""The only writers of cases: `receive`, `add_message` and `say` for senders, `perform` a verb for staff."""

from disclosures.refusal import Refused
from feedback.services.engine import perform, why_not
from feedback.services.opening import open_identity
from feedback.services.rectifying import ProofFile
from feedback.services.sending import AlreadySent, Arrival, Entered, ReceiptOver, add_message, receive
from feedback.services.verdicts import say

__all__ = [
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
