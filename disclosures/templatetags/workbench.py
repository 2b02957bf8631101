"""`{% load workbench %}`: what a person of the staff has to do, as cards, short lists and notices."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosures.admin import todo
from disclosures.admin.notice_lines import NoticeLine, lines_of
from disclosures.models import Item
from disclosures.redactions import awaiting_confirmation
from disclosures.services import urgency as urgency_of
from disclosures.services import why_not
from notifications.models import Notice

register = template.Library()
SHOWN = 8  # notices on the first page


@register.simple_tag(takes_context=True)
def todo_sections(context: dict[str, Any]) -> list[todo.Section]:
    """Sections of work, each a card with a number that is a link and a list of its first rows; notices last."""
    request = context["request"]
    unread = Notice.objects.filter(recipient=request.user, read_at__isnull=True).count()
    notices = todo.Section("notices", _("My notices"), unread, reverse("admin:notifications_notice_changelist"))
    return [*todo.sections_for(request.user, request.at), notices]


@register.simple_tag(takes_context=True)
def calendar_warnings(context: dict[str, Any]) -> list[str]:
    """Sentences about years whose days off are missing, for whoever keeps the calendar."""
    request = context["request"]
    return todo.warnings_for(request.user, request.at)


@register.simple_tag(takes_context=True)
def unread_notices(context: dict[str, Any]) -> list[NoticeLine]:
    """The newest unread notices with a sentence, and title and page of what they are about where it may be read."""
    user = context["request"].user
    return lines_of(list(Notice.objects.filter(recipient=user, read_at__isnull=True)[:SHOWN]), user)


@register.inclusion_tag("admin/urgency.html")
def urgency(item: Item) -> dict[str, Any]:
    """That the item was opened urgently and waits to be confirmed; nothing where it was not."""
    return {"release": urgency_of.standing(item)}


@register.inclusion_tag("admin/redaction.html", takes_context=True)
def redaction(context: dict[str, Any], item: Item) -> dict[str, Any]:
    """That the item was masked after its publication and waits for a second person; nothing where it does not."""
    waiting = list(awaiting_confirmation().filter(item=item)) if item.pk else []
    user = context["request"].user
    may_confirm = bool(waiting) and why_not("confirm_redaction", item=item, by=user) is None
    return {"redactions": waiting, "may_confirm": may_confirm}
