"""`{% load workbench %}`: what a person of the staff has to do, as cards and notices."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.verbs import sentence
from disclosures import access
from disclosures.models.items import ItemState
from notifications.models import Notice
from organizations import roles
from organizations.models import User
from organizations.roles import Ability

register = template.Library()
SHOWN = 8  # notices on the first page


@register.simple_tag(takes_context=True)
def todo_cards(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Cards whose numbers are links; a card stands only where the person's role gives it a meaning."""
    user = context["request"].user
    cards = [*_drafting_cards(user), *_deciding_cards(user)]
    unread = Notice.objects.filter(recipient=user, read_at__isnull=True).count()
    notices = {"label": _("My notices"), "count": unread, "url": reverse("admin:notifications_notice_changelist")}
    return [*cards, notices]


def _drafting_cards(user: User) -> list[dict[str, Any]]:
    if not roles.may(user, Ability.DRAFT):
        return []
    mine = access.items_readable_by(user).filter(contributors__user=user)
    counts = {state: mine.filter(state=state).count() for state in (ItemState.DRAFT, ItemState.RETURNED)}
    address = reverse("admin:disclosures_item_changelist")
    return [
        {
            "label": _("Returned to me"),
            "note": _("Put right what the review named"),
            "count": counts[ItemState.RETURNED],
            "url": f"{address}?state={ItemState.RETURNED}&hand=mine",
            "is_urgent": counts[ItemState.RETURNED] > 0,
        },
        {
            "label": _("Mine to finish"),
            "note": _("Drafts not submitted yet"),
            "count": counts[ItemState.DRAFT],
            "url": f"{address}?state={ItemState.DRAFT}&hand=mine",
        },
    ]


def _deciding_cards(user: User) -> list[dict[str, Any]]:
    if not roles.may(user, Ability.DECIDE):
        return []
    count = access.review_steps_for(user).count()
    return [
        {
            "label": _("Mine to decide"),
            "note": _("Longest waiting first"),
            "count": count,
            "url": reverse("review:queue"),
            "is_urgent": count > 0,
        }
    ]


@register.simple_tag(takes_context=True)
def unread_notices(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The newest unread notices with a sentence and the page they are about, where the person may open it."""
    rows = Notice.objects.filter(recipient=context["request"].user, read_at__isnull=True)[:SHOWN]
    return [{"sentence": sentence(row.verb), "created_at": row.created_at, "url": _address(row)} for row in rows]


def _address(notice: Notice) -> str:
    if notice.subject_kind == "item" and notice.verb == "review.step_opened":
        return reverse("review:queue")
    if notice.subject_kind == "item":
        return reverse("admin:disclosures_item_by_uid", args=[notice.subject_ref])
    return reverse("admin:notifications_notice_changelist")
