"""Filters of the list of cases: by limit, and by whose hands they are in."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from disclosures.limits import soon_until
from feedback import waiting
from feedback.models import Case
from organizations.portal_admin import Offered, person


class DueFilter(Offered):
    """Cases whose limit has passed, or passes by the end of the next working day."""

    title = gettext_lazy("limit")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Overdue, or due soon."""
        return [("overdue", gettext_lazy("Overdue")), ("soon", pgettext_lazy("limit", "Due soon"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """By the stored clock, compared with the instant of the request."""
        at = timezone.now()
        if self.value() == "overdue":
            return queryset.filter(clock__due_at__lte=at)
        if self.value() == "soon":
            return queryset.filter(clock__due_at__gt=at, clock__due_at__lte=soon_until(at))
        return queryset


class HandFilter(Offered):
    """Cases this person accepted or investigates."""

    title = gettext_lazy("in whose hands")
    parameter_name = "hand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """One's own."""
        return [("mine", gettext_lazy("Mine"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """Those of this person, under way or not."""
        return queryset.filter(waiting.mine(person(request))) if self.value() else queryset
