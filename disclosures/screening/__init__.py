"""Screening before submission: the only place where personal data and secrecy marks are detected and masked.

`screen_text` and `masked` are pure; `screen` asks the rows. What is found never blocks reading: a mark of secrecy
refuses the save, every other finding waits for a mask or a reasoned override.
"""

from disclosures.screening.detecting import masked, screen_text
from disclosures.screening.findings import Finding, FindingKind, Profile, Screening, Unread
from disclosures.screening.sources import body_of, not_screened, screen, screen_parts

__all__ = [
    "Finding",
    "FindingKind",
    "Profile",
    "Screening",
    "Unread",
    "body_of",
    "masked",
    "not_screened",
    "screen",
    "screen_parts",
    "screen_text",
]
