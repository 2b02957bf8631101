"""The only writers of cases: `receive` and `add_message` for senders, `perform` a verb for staff, `open_identity`."""

from disclosures.refusal import Refused
from feedback.services.engine import open_identity, perform, why_not
from feedback.services.rectifying import ProofFile
from feedback.services.sending import AlreadySent, add_message, receive
from feedback.services.targeting import Accused

__all__ = [
    "Accused",
    "AlreadySent",
    "ProofFile",
    "Refused",
    "add_message",
    "open_identity",
    "perform",
    "receive",
    "why_not",
]
