"""The only writers of items, revisions, decisions and releases: `perform` a verb, or ask `why_not`."""

from disclosures.refusal import Refused
from disclosures.services.drafting import AttachmentDraft
from disclosures.services.engine import perform, why_not

__all__ = ["AttachmentDraft", "Refused", "perform", "why_not"]
