"""Who may read the whole trail: this app asks the function that the settings name."""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def may_read_trail(user: Any) -> bool:
    """Ask `settings.AUDIT_READER`, the dotted path of a function of one user; without it nobody may."""
    path = getattr(settings, "AUDIT_READER", "")
    return bool(path and getattr(user, "is_active", False) and import_string(path)(user))
