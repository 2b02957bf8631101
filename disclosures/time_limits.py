"""Time limits of the catalogue in words (S17, S40); the numbers are data."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Rule = dict[str, Any]


def in_words(rule: Rule) -> str:
    """A time limit as a sentence; an unknown rule is said as it stands, never guessed."""
    kind = str(rule.get("rule", ""))
    if kind in _PERIODS:
        return _PERIODS[kind]() + _due(rule)
    if kind == "within_working_days":
        days = int(rule.get("days", 0))
        return ngettext("Within %(days)d working day", "Within %(days)d working days", days) % {"days": days}
    if kind == "long_term":
        return _("Permanently") + _refresh(rule)
    return kind


def _due(rule: Rule) -> str:
    """How long after the end of the period the disclosure is due."""
    days = int(rule.get("due_working_days", 0))
    if not days:
        return ""
    text = ngettext(", within %(days)d working day of its end", ", within %(days)d working days of its end", days)
    return text % {"days": days}


def _refresh(rule: Rule) -> str:
    """How soon a change is shown."""
    days = int(rule.get("refresh_working_days", 0))
    if not days:
        return ""
    text = ngettext(", a change within %(days)d working day", ", a change within %(days)d working days", days)
    return text % {"days": days}


_PERIODS: dict[str, Callable[[], str]] = {
    "monthly": lambda: _("Every month"),
    "quarterly": lambda: _("Every quarter"),
    "half_yearly": lambda: _("Every half-year"),
    "yearly": lambda: _("Every year"),
}
