"""The system checks that sealed identities have their key, and are kept for a period."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from feedback.sealing import identity_key


@register()
def check_identity_key(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Report a missing or malformed `PORTAL_IDENTITY_KEY` before anybody sends a name."""
    try:
        identity_key()
    except ImproperlyConfigured as error:
        hint = "Make one: python -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
        return [Error(str(error), hint=hint, id="feedback.E001")]
    return []


@register()
def check_retention(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Report a period of keeping that would destroy every identity as soon as its case ends."""
    if settings.PORTAL_IDENTITY_RETENTION_DAYS >= 1:
        return []
    return [Error("PORTAL_IDENTITY_RETENTION_DAYS must be at least 1 day.", id="feedback.E002")]
