"""The system check that looks for a year without published days off."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from organizations.calendar import unknown_years
from organizations.models import CalendarDay, Unit


@register(Tags.database)
def check_calendar(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn of years whose days off nobody entered; limits are then counted Monday to Friday."""
    if DEFAULT_DB_ALIAS not in (databases or []):
        return []
    if CalendarDay._meta.db_table not in connections[DEFAULT_DB_ALIAS].introspection.table_names():
        return []  # `migrate` checks before it makes the table
    if not Unit.objects.exists():
        return []  # nothing is seeded yet
    return [
        Warning(
            f"The days off of {year} are not entered: working days of that year are counted Monday to Friday.",
            hint="Enter them in the admin under “Working-day calendar”, or run seed_portal after an update.",
            id="organizations.W001",
        )
        for year in unknown_years(timezone.localdate())
    ]
