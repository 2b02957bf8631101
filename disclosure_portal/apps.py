"""App configurations of the wiring: the portal itself and the themed admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    """Commands and templates that need every room."""

    name = "disclosure_portal"


class PortalAdminConfig(AdminConfig):
    """Django's own admin with our site class."""

    default_site = "disclosure_portal.admin_site.PortalAdminSite"
