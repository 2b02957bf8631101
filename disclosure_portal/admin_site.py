"""The admin site: staff only, no log-in page of its own, no rights by superuser flag."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache


class PortalAdminSite(AdminSite):
    """Django's own admin; log-in goes through the one door."""

    site_header = _("Party-affairs disclosure · Workbench")
    site_title = _("Workbench")
    index_title = _("To do")
    index_template = "admin/todo.html"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Active accounts marked as staff; what they may do there comes from their appointments."""
        return request.user.is_active and request.user.is_staff

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send visitors to the one log-in page and back again."""
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
