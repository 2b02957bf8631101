"""App configuration of the feedback room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    """Opinions, their investigation, answers and rectifications."""

    name = "feedback"
    verbose_name = _("Feedback")

    def ready(self) -> None:
        import feedback.checks
        import feedback.triggers
        import feedback.workflow  # noqa: F401
