"""How the staff see that something was opened before its review was through; readers are told nothing of it."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.models import Item, Release
from disclosures.redactions import awaiting_confirmation
from organizations.portal_admin import Offered


def flagged(items: QuerySet[Item]) -> QuerySet[Item]:
    """Items with `waits_for_confirmation`: an urgent publication of theirs is neither confirmed nor ended."""
    return items.annotate(waits_for_confirmation=Exists(_waiting()))


def to_be_confirmed(items: QuerySet[Item]) -> QuerySet[Item]:
    """Those of `items` that were opened urgently and wait for others to confirm it."""
    return items.filter(Exists(_waiting()))


def urgency_sign(item: Item) -> str:
    """A sign beside the state of a flagged item."""
    if not item.waits_for_confirmation:  # type: ignore[attr-defined]
        return ""
    label = _("Opened urgently, to be confirmed")
    return render_to_string("components/badge.html", {"kind": "focus", "label": label})


def _waiting() -> QuerySet[Release]:
    return Release.objects.awaiting_confirmation().filter(item_id=OuterRef("pk"))


class UrgencyFilter(Offered):
    """Items opened urgently that wait to be confirmed."""

    title = gettext_lazy("urgency")
    parameter_name = "urgent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One choice."""
        return [("waiting", _("Opened urgently, to be confirmed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        """Items that wait to be confirmed."""
        return to_be_confirmed(queryset) if self.value() else queryset


class RedactionFilter(Offered):
    """Items masked after publication that wait for a second person."""

    title = gettext_lazy("redaction")
    parameter_name = "redacted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One choice."""
        return [("waiting", _("Masked after publication, to be confirmed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        """Items with a redaction that nobody has confirmed."""
        waiting = awaiting_confirmation().filter(item_id=OuterRef("pk"))
        return queryset.filter(Exists(waiting)) if self.value() else queryset
