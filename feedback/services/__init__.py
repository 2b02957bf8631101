"""The only writers of cases: `receive` and `add_message` for senders, `perform` a verb for staff, `open_identity`."""

from disclosures.refusal import Refused
from feedback.services.engine import perform, why_not
from feedback.services.opening import open_identity
from feedback.services.rectifying import ProofFile
from feedback.services.sending import AlreadySent, add_message, receive

__all__ = ["AlreadySent", "ProofFile", "Refused", "add_message", "open_identity", "perform", "receive", "why_not"]
