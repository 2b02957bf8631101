"""The system check that the key of sealed identities is in place."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
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
