"""The one door, display switches and the questions of a load balancer."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.db import connection
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from disclosure_portal.context import DISPLAY_COOKIE, display_of
from disclosure_portal.forms import LogInForm, NewPasswordForm

YEAR = 365 * 24 * 60 * 60  # seconds
SWITCHES = {
    "large": ("large", True),
    "normal": ("large", False),
    "contrast": ("contrast", True),
    "colour": ("contrast", False),
}


class RefusedWith400:
    """A form that comes back with its errors says so to programs too."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """The page once more, with what is wrong."""
        return self.render_to_response(self.get_context_data(form=form), status=HTTPStatus.BAD_REQUEST)  # type: ignore[attr-defined]


class LogIn(RefusedWith400, LoginView):
    """Log in; leads on to the page asked for, else to the workbench or the internal board."""

    template_name = "accounts/login.html"
    authentication_form = LogInForm
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without Django's own `site`, which would stand in the way of ours in the masthead."""
        context = super().get_context_data(**kwargs)
        context.pop("site")
        return context


class LogOut(LogoutView):
    """Log out, by POST alone."""

    http_method_names = ["post"]


class ChangePassword(RefusedWith400, PasswordChangeView):
    """Change one's own password."""

    template_name = "accounts/password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("arrival")
    http_method_names = ["get", "head", "post"]


@require_safe
@never_cache
def arrival(request: HttpRequest) -> HttpResponse:
    """Where a person lands after logging in: staff at the workbench, members at the internal board."""
    if not request.user.is_authenticated:
        return redirect("login")
    return redirect("admin:index" if request.user.is_staff else "disclosures:internal")


@require_safe
def display(request: HttpRequest, choice: str) -> HttpResponse:
    """Switch large print or contrast on or off and go back; the one cookie public pages know."""
    if choice not in SWITCHES:
        raise Http404
    name, is_on = SWITCHES[choice]
    chosen = {**display_of(request), name: is_on}
    response = HttpResponseRedirect(came_from(request))
    value = ".".join(key for key, on in chosen.items() if on)
    response.set_cookie(
        DISPLAY_COOKIE,
        value,
        max_age=YEAR,
        path=settings.SESSION_COOKIE_PATH,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def came_from(request: HttpRequest) -> str:
    """The page to go back to: `next`, else the referrer, and only when it is one of ours."""
    for address in (request.GET.get("next", ""), request.META.get("HTTP_REFERER", "")):
        if address and url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
            parts = urlsplit(address)
            if parts.path.startswith("/"):
                return escape_leading_slashes(parts.path) + (f"?{parts.query}" if parts.query else "")
    return reverse("disclosures:board")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """The process and what it depends on; 503 when the database does not answer."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001 — whatever is wrong with it, the answer is the same
        return JsonResponse({"database": False}, status=503)
    return JsonResponse({"database": True})
