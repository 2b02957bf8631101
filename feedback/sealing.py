"""Sealing who sent a case: AES-256-GCM with a key from the environment, bound to the case by its uid."""

import base64
import binascii
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from disclosures.refusal import Refused
from feedback.models import Case, Identity

NONCE_BYTES = 12
PADDED_TO = 256  # bytes; the length of the ciphertext does not tell the length of a name


@dataclass(frozen=True)
class Sender:
    """Who sent a case; `username` and `branch` only for members."""

    name: str = ""
    contact: str = ""
    username: str = ""
    branch: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is anything to seal."""
        return any(asdict(self).values())


def identity_key() -> bytes:
    """The 32 bytes of `PORTAL_IDENTITY_KEY`; raises ImproperlyConfigured when it is not such a key."""
    try:
        key = base64.urlsafe_b64decode(settings.PORTAL_IDENTITY_KEY)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise ImproperlyConfigured("PORTAL_IDENTITY_KEY must be 32 bytes in urlsafe base64.")
    return key


def key_id(key: bytes) -> str:
    """A short name of a key, stored beside what it sealed; tells nothing of the key."""
    return hashlib.sha256(b"portal identity key\0" + key).hexdigest()[:16]


def seal(case: Case, sender: Sender, at: datetime) -> Identity:
    """Encrypt `sender` for `case` and store the row."""
    key, nonce = identity_key(), secrets.token_bytes(NONCE_BYTES)
    ciphertext = AESGCM(key).encrypt(nonce, _padded(sender), _bound_to(case.uid))
    return Identity.objects.create(case=case, ciphertext=ciphertext, nonce=nonce, key_id=key_id(key), sealed_at=at)


def unseal(identity: Identity) -> Sender:
    """Decrypt; raises `Refused` when the key in place is not the one that sealed it, or the row was tampered with."""
    try:
        plain = AESGCM(identity_key()).decrypt(
            bytes(identity.nonce), bytes(identity.ciphertext), _bound_to(identity.case.uid)
        )
    except InvalidTag as error:
        raise Refused(
            _("The identity cannot be opened: its key is not in place, or the record was changed."), code="sealed"
        ) from error
    return Sender(**json.loads(plain))


def _bound_to(uid: UUID) -> bytes:
    return uid.bytes


def _padded(sender: Sender) -> bytes:
    plain = json.dumps(asdict(sender), ensure_ascii=False).encode()
    return plain + b" " * (-len(plain) % PADDED_TO)
