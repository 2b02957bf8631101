"""App configuration of the disclosures room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosuresConfig(AppConfig):
    """Catalogue, items, review, releases and the public board."""

    name = "disclosures"
    verbose_name = _("Disclosure")

    def ready(self) -> None:
        import disclosures.fonts
        import disclosures.manning
        import disclosures.triggers
        import disclosures.workflow  # noqa: F401
