"""What screening reports: a finding with its place and mask, and what could not be screened."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.screening.folding import compact


class FindingKind(models.TextChoices):
    """What was found."""

    RESIDENT_ID = "resident_id", _("resident ID number")
    MOBILE = "mobile", _("mobile number")
    TELEPHONE = "telephone", _("fixed telephone")
    BANK_CARD = "bank_card", _("bank card number")
    HOME_ADDRESS = "home_address", _("home address")
    BIRTH_DATE = "birth_date", _("birth date to the day")
    SECRECY_MARK = "secrecy_mark", _("secrecy mark")
    SECRECY_WORD = "secrecy_word", _("secrecy word in running text")
    LISTED_WORD = "listed_word", _("word on the screening list")


class Profile(StrEnum):
    """How strictly: the public opening asks more than the one inside the Party."""

    INTERNAL = "internal"
    PUBLIC = "public"


@dataclass(frozen=True)
class Found:
    """A stretch of one text: offsets and the mask that would replace it."""

    kind: str
    start: int
    end: int
    mask: str


@dataclass(frozen=True)
class Finding:
    """A found stretch with its place; `start` and `end` count in the screened text of that place.

    `place` is a field name, `attachment:<uid>`, `filename:<uid>` or `label:<uid>`; `where` says in words which sheet,
    row, slide or page.
    """

    kind: str
    place: str
    where: str
    start: int
    end: int
    text: str
    mask: str
    before: str
    after: str

    @property
    def key(self) -> str:
        """What an override hangs on: the same whatever stands around the finding, and in whatever spelling."""
        content = "\0".join((self.kind, self.place, compact(self.text)))
        return hashlib.sha256(content.encode()).hexdigest()[:32]

    @property
    def refuses_save(self) -> bool:
        """Whether the portal must not hold this text at all (`domain` rule: a mark refuses the save)."""
        return self.kind == FindingKind.SECRECY_MARK


@dataclass(frozen=True)
class Unread:
    """A file, or a part of one, that was not screened: the reviewer reads it with their own eyes."""

    place: str
    filename: str
    reason: str


@dataclass(frozen=True)
class Screening:
    """Everything found in an item or a revision; `pending` names files that are still being read."""

    findings: list[Finding] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    pending: list[Unread] = field(default_factory=list)

    @property
    def refuses_save(self) -> bool:
        """Whether a mark of secrecy stands anywhere."""
        return any(finding.refuses_save for finding in self.findings)
