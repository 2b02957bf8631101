"""App configuration of the notifications room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Notices and their deliveries: an outbox written in the transaction of the fact."""

    name = "notifications"
    verbose_name = _("Notices")
