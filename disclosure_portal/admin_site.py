"""The admin site: staff only, no log-in page of its own, no rights by superuser flag."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, get_callable, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe


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

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of the admin takes GET and POST at the most; Django's own would answer DELETE with 200."""
        guarded = super().admin_view(require_http_methods(["GET", "HEAD", "POST"])(view), cacheable)

        @wraps(guarded)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            """A form sent after the log-in ended is kept or shown to be copied, instead of being lost on the way.

            Named by the setting, for the rooms are not loaded yet when this site is.
            """
            if request.method == "POST" and request.user.is_anonymous and request.POST:
                answer: HttpResponse = get_callable(settings.CSRF_FAILURE_VIEW)(request)
                return answer
            return guarded(request, *args, **kwargs)

        return kept

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send visitors to the one log-in page and back again; members without a workbench are told so."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One's own password is changed on the site's own page."""
        return redirect("password_change")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without the page that leads from any object's key to its address: it would tell hidden numbers (P37)."""
        return [path("r/<path:content_type_id>/<path:object_id>/", nothing, name="view_on_site"), *super().get_urls()]


@require_safe
def nothing(request: HttpRequest, **which: str) -> HttpResponse:
    """There is no such page."""
    raise Http404
