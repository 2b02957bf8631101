"""The only writer of the trail."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone
from django.utils.functional import Promise

from audit.canonical import canonical_json, utc_text
from audit.models import READER_USERNAME, SYSTEM_USERNAME, Event

LARGEST_CHANGE = 64 * 1024  # bytes of canonical JSON; more than this is body text, which never enters the trail
VERB = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class OutsideTransaction(RuntimeError):
    """An event was to be written apart from the fact it tells."""


class Person(Protocol):
    """Anyone with an account; an `office` attribute is used when there is one."""

    @property
    def username(self) -> str: ...

    @property
    def display_name(self) -> str: ...


@dataclass(frozen=True)
class Actor:
    """Who acted, as text. The office is the one acted in, so a service that knows it passes an Actor."""

    username: str
    name: str = ""
    office: str = ""


SYSTEM = Actor(SYSTEM_USERNAME)
READER = Actor(READER_USERNAME)


def record(
    verb: str,
    *,
    by: Actor | Person | None,
    subject_kind: str,
    subject_ref: str | UUID,
    subject_label: str = "",
    unit_code: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """Write one event in the transaction of its fact and return it.

    `by` is a person, an `Actor` (who acts in which office; `READER` has no account) or None for the portal itself.
    `before` and `after` are small: states, dates, numbers, uids; never body text or contacts. Dates, instants and
    UUIDs become text; floats raise TypeError, more than 64 KB raises ValueError.
    Raises OutsideTransaction when no transaction is open.
    """
    if not connections[DEFAULT_DB_ALIAS].in_atomic_block:
        raise OutsideTransaction(f"The event {verb} must be recorded inside the transaction of the fact it tells.")
    actor = _actor(by)
    event = Event(
        at=timezone.now(),
        actor_username=_line(actor.username, "actor_username"),
        actor_name=_line(actor.name, "actor_name"),
        actor_office=_line(actor.office, "actor_office"),
        verb=_checked_verb(verb),
        subject_kind=_line(subject_kind, "subject_kind"),
        subject_ref=_line(str(subject_ref), "subject_ref"),
        subject_label=_line(subject_label, "subject_label"),
        unit_code=_line(unit_code, "unit_code"),
        before=_change(before),
        after=_change(after),
        reason=clean(str(reason)),
    )
    event.hash = event.computed_hash()
    event.save(force_insert=True, using=DEFAULT_DB_ALIAS)
    return event


def clean(text: str) -> str:
    """Return the text without control characters, direction marks and broken code points; line ends stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(character for character in text if character == "\n" or _is_plain(character)).strip()


def _is_plain(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cs"} and character not in BIDI_CONTROLS


def _line(text: str, field: str) -> str:
    """Return the cleaned text on one line, cut to what the column holds."""
    line = " ".join(clean(str(text)).splitlines())
    longest = getattr(Event._meta.get_field(field), "max_length", None) or len(line)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _actor(by: Actor | Person | None) -> Actor:
    if by is None:
        return SYSTEM
    actor = by if isinstance(by, Actor) else Actor(by.username, by.display_name, str(getattr(by, "office", "") or ""))
    if not actor.username:
        raise ValueError("An event needs an actor with a username; use READER for somebody without an account.")
    return actor


def _checked_verb(verb: str) -> str:
    if not VERB.fullmatch(verb):
        raise ValueError(f"{verb!r} is not a verb of the trail; write it like item.submitted.")
    return verb


def _change(values: Mapping[str, Any] | None) -> Any:
    if values is None:
        return None
    plain = _plain(values)
    if len(canonical_json(plain)) > LARGEST_CHANGE:
        raise ValueError("Before and after of an event are small; body text stays out of the trail.")
    return plain


def _plain(value: Any) -> Any:
    """Return the value in the few types canonical JSON knows, its text cleaned."""
    if isinstance(value, Mapping):
        return {clean(str(key)): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | UUID | Promise):
        return clean(str(value))
    return value
