"""Numbers people read and type: year and a random suffix, so that neither gaps nor order betray anything."""

import secrets
from datetime import datetime

from django.db.models import Model
from django.utils import timezone

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is misread
SUFFIX_LENGTH = 6  # a thousand million numbers a prefix and year


def free_number(model: type[Model], prefix: str, at: datetime, mark: str = "") -> str:
    """A `number` no row of `model` has: `<prefix>-<year>-<mark><suffix>`, such as the index number `JG-2026-7K3M9Q`."""
    while True:
        suffix = "".join(secrets.choice(ALPHABET) for _place in range(SUFFIX_LENGTH - len(mark)))
        number = f"{prefix}-{timezone.localtime(at).year}-{mark}{suffix}"
        if not model._default_manager.filter(number=number).exists():
            return number
