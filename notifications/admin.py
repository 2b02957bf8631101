"""One's own notices in the admin: to read, and to mark as read."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from audit.verbs import sentence
from notifications.models import Notice
from notifications.services import mark_read
from organizations.portal_admin import PortalModelAdmin, person


@admin.register(Notice)
class NoticeAdmin(PortalModelAdmin):
    """Everyone sees their own and nobody else's."""

    list_display = ["what", "created_at", "read_at"]
    list_display_links = None
    fields = ["verb", "created_at", "read_at"]

    def has_view_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:  # type: ignore[override]
        """The recipient."""
        return obj is None or obj.recipient_id == person(request).pk

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        """Notices of this person."""
        return super().get_queryset(request).filter(recipient_id=person(request).pk)

    def get_urls(self) -> list[URLPattern]:
        """The list, and the button that marks everything as read."""
        door = self.admin_site.admin_view(mark_all_read)
        return [path("mark-read/", door, name="notifications_notice_mark_read"), *super().get_urls()]

    @admin.display(description=gettext_lazy("what happened"), ordering="verb")
    def what(self, notice: Notice) -> str:
        """The sentence of the verb."""
        return sentence(notice.verb)


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Mark every notice of this person as read."""
    count: Any = mark_read(person(request), at=request.at)  # type: ignore[attr-defined]
    messages.success(request, _("%(count)d notices marked as read.") % {"count": count})
    return redirect("admin:index")
