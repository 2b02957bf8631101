"""Start-up of the trail: its triggers and its system check."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The app that every other app may import and that imports none."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "audit"
    verbose_name = _("Trail")

    def ready(self) -> None:
        """Register the triggers of this app and the check that looks for all of them."""
        import_module("audit.triggers")
        import_module("audit.checks")
