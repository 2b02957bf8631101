"""Canonical JSON after RFC 8785: one byte string for one value, so that a hash of it means something."""

import json
from datetime import UTC, datetime
from typing import Any

LARGEST_EXACT_INTEGER = 2**53 - 1


def canonical_json(value: Any) -> bytes:
    """Return the UTF-8 bytes RFC 8785 prescribes for strings, integers, booleans, null, lists and dicts.

    Raises TypeError for anything else, floats included, and ValueError for integers a double cannot
    hold exactly and for text that is not valid Unicode.
    """
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def utc_text(instant: datetime) -> str:
    """Return an aware instant as UTC text with six decimals, `2012-02-02T01:00:00.000000Z`."""
    if instant.tzinfo is None:
        raise ValueError("An instant of the trail needs a time zone.")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27)


def _ordered(value: Any) -> Any:
    """Return the value with the keys of every object in UTF-16 order; refuse what has no canonical form."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return _exact(value)
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    raise TypeError(f"Canonical JSON of the trail has no place for {type(value).__name__}.")


def _exact(value: int) -> int:
    if abs(value) > LARGEST_EXACT_INTEGER:
        raise ValueError("An integer beyond 2^53 has no exact canonical form; write it as text.")
    return value


def _utf16(key: Any) -> bytes:
    if not isinstance(key, str):
        raise TypeError("Keys of canonical JSON are text.")
    return key.encode("utf-16-be")
