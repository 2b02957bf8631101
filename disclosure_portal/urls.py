"""Addresses: Chinese at the root, English below `/en/`; machines' addresses have no language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from disclosure_portal import views

handler400 = "disclosure_portal.errors.bad_request"
handler403 = "disclosure_portal.errors.permission_denied"
handler404 = "disclosure_portal.errors.page_not_found"
handler500 = "disclosure_portal.errors.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    *i18n_patterns(
        path("display/<str:choice>/", views.display, name="display"),
        path("accounts/login/", views.LogIn.as_view(), name="login"),
        path("accounts/logout/", views.LogOut.as_view(), name="logout"),
        path("accounts/password/", views.ChangePassword.as_view(), name="password_change"),
        path("accounts/", views.arrival, name="arrival"),
        path("admin/review-queue/", include("disclosures.admin.urls")),
        path("admin/manual/", include("disclosure_portal.manual")),
        path("admin/", admin.site.urls),
        path("feedback/", include("feedback.urls")),
        path("", include("disclosures.urls")),
        prefix_default_language=False,
    ),
]
