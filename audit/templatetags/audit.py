"""`{% load audit %}{% timeline "item" item.uid %}`: what happened to one subject."""

from typing import Any
from uuid import UUID

from django import template

from audit.models import Event

register = template.Library()


@register.inclusion_tag("audit/timeline.html")
def timeline(subject_kind: str, subject_ref: str | UUID) -> dict[str, Any]:
    """List the events of a subject, newest last. For pages of staff only: it shows names."""
    events = Event.objects.filter(subject_kind=subject_kind, subject_ref=str(subject_ref)).order_by("at", "pk")
    return {"events": events}
