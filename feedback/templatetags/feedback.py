"""`{% load feedback %}`: what pages of other rooms show of feedback."""

from datetime import datetime
from typing import Any

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disclosures.models import Item
from disclosures.remembered import remembered
from disclosures.visibility import Reader
from feedback import access, reports
from feedback.models import ENDED, CaseState

register = template.Library()


@register.simple_tag(takes_context=True)
def published_answers(context: template.Context, item: Item) -> list[dict[str, Any]]:
    """Answers about `item` that the reader of the page may see; most items have none, which is known from memory."""
    request = context["request"]
    if item.pk not in remembered(request, "answered items", reports.answered_items):
        return []
    return reports.as_shown(reports.answers_about(item, request.reader, request.at))


@register.inclusion_tag("feedback/latest_answers.html", takes_context=True)
def latest_answers(context: template.Context, count: int) -> dict[str, Any]:
    """The newest `count` answers in general or about items that the reader of the page sees."""
    request = context["request"]

    def newest() -> list[dict[str, Any]]:
        return reports.as_shown(reports.answers_visible_to(request.reader, request.at)[:count])

    return {"answers": remembered(request, ("latest answers", count, get_language()), newest)}


@register.simple_tag
def published_answer_count(reader: Reader, at: datetime) -> int:
    """How many published answers `reader` may read at `at` (S11)."""
    return reports.answers_visible_to(reader, at).order_by().count()


@register.simple_tag
def feedback_link(item: Item | None = None) -> str:
    """Address of the form about `item`, or in general."""
    query = QueryDict(mutable=True)
    if item is not None and item.number:
        query["item"] = item.number
    return reverse("feedback:new") + (f"?{query.urlencode()}" if query else "")


@register.simple_tag(takes_context=True)
def feedback_todo(context: template.Context) -> list[dict[str, Any]]:
    """Cards for `components/todo_cards.html`: overdue, new and running cases, rectifications to verify."""
    user = context["request"].user
    if not access.reads_cases(user):
        return []
    cases = access.handled_by(user)
    under_way: list[CaseState] = [
        state for state in CaseState if state not in (*ENDED, CaseState.RECEIVED, CaseState.RECTIFIED)
    ]
    overdue = cases.exclude(state__in=ENDED).filter(clock__due_at__lte=timezone.now())
    cards = [
        (_("Opinions overdue"), overdue, "due=overdue"),
        (_("New opinions"), cases.filter(state=CaseState.RECEIVED), f"state={CaseState.RECEIVED}"),
        (_("Opinions under way"), cases.filter(state__in=under_way), ""),
        (_("Rectifications to verify"), cases.filter(state=CaseState.RECTIFIED), f"state={CaseState.RECTIFIED}"),
    ]
    address = reverse("admin:feedback_case_changelist")
    made = [
        {"label": label, "count": found.count(), "url": f"{address}?{query}" if query else address}
        for label, found, query in cards
    ]
    made[0]["is_urgent"] = bool(made[0]["count"])
    return made
