"""`{% piece "components/item_row.html" row=row %}`: a component rendered once for the same values and kept in memory.

A piece is a pure function of its template, the language, the path prefix and the values named in the tag: it sees
nothing else of the page, so that a kept one is never wrong. Values are plain: words, numbers, dates, and lists,
mappings and data classes of those. Built in for every template.
"""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from types import NoneType
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST = 4096  # pieces of one process, of a few hundred characters each
Frozen = tuple[Any, ...]
_fields_of: dict[type, tuple[str, ...]] = {}
_PLAIN = frozenset((NoneType, str, SafeString, int, bool, float, date, datetime))  # told apart without a search


@register.simple_tag
def piece(name: str, **values: Any) -> SafeString:
    """The template `name` rendered with `values` alone."""
    key = (name, get_language(), get_script_prefix(), frozen(values))
    if settings.DEBUG:  # a template under work is read anew
        return _render(name, values)
    return _kept(_Asked(key, values))


class _Asked:
    """A key for the memory with the values behind it: equal where the keys are."""

    def __init__(self, key: Frozen, values: dict[str, Any]) -> None:
        self.key = key
        self.values = values
        self.hash = hash(key)

    def __hash__(self) -> int:
        return self.hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.key == other.key


@lru_cache(maxsize=MOST)
def _kept(asked: _Asked) -> SafeString:
    rendered = _render(asked.key[0], asked.values)
    asked.values = {}
    return rendered


def _names(kind: type) -> tuple[str, ...]:
    """The fields of a data class, looked up once."""
    found = _fields_of.get(kind)
    if found is None:
        found = _fields_of[kind] = tuple(field.name for field in fields(kind))
    return found


def _render(name: str, values: dict[str, Any]) -> SafeString:
    return SafeString(get_template(name).render(values))


def frozen(value: Any) -> Any:
    """`value` as a key: equal only where it renders alike. Raises TypeError for what is no plain value.

    The kind of a value stands in its key: a safe text and an unsafe one of the same letters render differently, as do
    1 and True.
    """
    kind = type(value)
    if kind in _PLAIN or isinstance(value, str | int | float | date):
        return (kind, value)
    if isinstance(value, Promise):
        return (str, str(value))
    if isinstance(value, list | tuple):
        return (list, *map(frozen, value))
    if isinstance(value, dict):
        return (dict, *((name, frozen(part)) for name, part in value.items()))
    if is_dataclass(value) and not isinstance(value, type):
        return (kind, *[frozen(getattr(value, name)) for name in _names(kind)])
    raise TypeError(f"A piece takes plain values, not {type(value).__name__}.")
