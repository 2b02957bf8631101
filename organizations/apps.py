"""App configuration of the organisations room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """Units, people, appointments and memberships."""

    name = "organizations"
    verbose_name = _("Organisations and people")

    def ready(self) -> None:
        import organizations.checks  # noqa: F401
