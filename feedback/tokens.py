"""One-time form tokens and tracking codes.

A token is signed, lives for hours, knows when it was issued, names one form (purpose and subject) and one account or
none, and carries 128 random bits. What is stored is a digest of those bits in a unique column: the same token never
makes two rows. The tracking code is derived from the same bits, so that a retry shows the same code; stored is only its
keyed hash.
"""

import hashlib
import secrets
import time
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

MAX_AGE = 12 * 60 * 60  # seconds
SALT = "feedback.token"
CODE_SALT = "feedback.code"
CODE_DIGEST_SALT = "feedback.code.digest"
CODE_LENGTH = 20  # characters of 5 bits: 100 bits
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they are read as 1, 1, 0, V
CONFUSABLE = str.maketrans("ILOU", "110V")


class Purpose(StrEnum):
    """What a token is for."""

    SEND = "send"
    MESSAGE = "message"
    FOLLOW = "follow"  # whoever opened the dialogue by its code: files, and what is said of an answer
    ENTER = "enter"  # staff enter a letter, visit, call or meeting


@dataclass(frozen=True)
class Token:
    """A token that was issued by this portal, for this form, to this account."""

    purpose: str
    subject: str
    account: int
    nonce: str
    issued: int  # milliseconds of the epoch

    @property
    def age(self) -> float:
        """Seconds since the form was opened."""
        return time.time() - self.issued / 1000

    @property
    def digest(self) -> str:
        """What a row keeps of it."""
        return hashlib.sha256(f"{SALT}:{self.nonce}".encode()).hexdigest()


class BadToken(Exception):
    """A token that is missing, forged, too old, or of another form or account."""


def issue(purpose: Purpose, subject: str, account: int | None) -> str:
    """A fresh token for the form about `subject` (an item's number, a case's uid, or "" in general)."""
    issued = int(time.time() * 1000)
    return signing.dumps([purpose, subject, account or 0, secrets.token_hex(16), issued], salt=SALT)


def read(text: str, purpose: Purpose, subject: str | None, account: int | None) -> Token:
    """The token behind `text`; `subject` None accepts any subject. Raises `BadToken`."""
    try:
        token = Token(*signing.loads(text, salt=SALT, max_age=MAX_AGE))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise BadToken from error
    if token.purpose != purpose or token.account != (account or 0):
        raise BadToken
    if subject is not None and token.subject != subject:
        raise BadToken
    return token


def code_for(token: Token) -> str:
    """The tracking code of what `token` sent, written as people see it: `7QFM-…`, five groups of four."""
    return _code(token, settings.SECRET_KEY)


def code_matching(token: Token, digest: str) -> str:
    """The code whose digest was stored, also after the secret key was renewed while the token was out."""
    made = (_code(token, key) for key in _keys())
    return next((code for code in made if digest in digests_of(code)), "")


def digest_of(code: str) -> str:
    """The keyed hash under which a code is stored."""
    return _digest(normalised(code), settings.SECRET_KEY)


def digests_of(code: str) -> list[str]:
    """Every hash under which `code` may have been stored; the same work for any text, code or not."""
    plain = normalised(code)
    return [_digest(plain, key) for key in _keys()]


def normalised(code: str) -> str:
    """`code` as it is hashed: upper case, half width, without spaces and dashes, confusable letters read as digits."""
    folded = unicodedata.normalize("NFKC", code[:200]).upper()
    return "".join(character for character in folded if character.isalnum()).translate(CONFUSABLE)[: CODE_LENGTH + 1]


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _code(token: Token, key: str) -> str:
    number = int.from_bytes(salted_hmac(CODE_SALT, token.nonce, secret=key, algorithm="sha256").digest(), "big")
    characters = [ALPHABET[number >> (5 * place) & 31] for place in range(CODE_LENGTH)]
    return "-".join("".join(characters[start : start + 4]) for start in range(0, CODE_LENGTH, 4))


def _digest(plain: str, key: str) -> str:
    padded = plain.encode().ljust(4 * (CODE_LENGTH + 1), b"\0")
    return salted_hmac(CODE_DIGEST_SALT, padded, secret=key, algorithm="sha256").hexdigest()
