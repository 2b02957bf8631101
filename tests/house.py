"""The furnished house, made by the real seeding once in a process and copied row by row for every later test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from organizations.models import Unit, User

LEFT_ALONE = ("contenttypes", "auth", "sites")  # made by migrations
DERIVED = ("disclosures_contentversion",)  # written by triggers whenever the rest is


@dataclass(frozen=True)
class Table:
    """All rows of one table as the database holds them, in one statement."""

    insert: str
    values: list[Any]


_kept: list[Table] = []


def copied(make: Callable[[], None]) -> None:
    """Fill the database of a test with what `make` puts there: by `make` itself the first time, and where rows are."""
    is_empty = not (Unit.objects.exists() or User.objects.exists())
    if not (is_empty and _kept):
        make()
        if is_empty:
            _kept.extend(_tables())
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _kept:
            cursor.execute(table.insert, table.values)


def _tables() -> list[Table]:
    """Every table that holds a row, in an order in which rows find what they point at."""
    found = []
    with connection.cursor() as cursor:
        for model in _in_order():
            columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
            cursor.execute(f'SELECT {columns} FROM "{model._meta.db_table}" ORDER BY 1')
            rows = cursor.fetchall()
            if rows:
                row = f"({', '.join(['%s'] * len(rows[0]))})"
                places = ", ".join([row] * len(rows))
                insert = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {places}'
                found.append(Table(insert, [value for row in rows for value in row]))
    return found


def _in_order() -> list[type[Model]]:
    """Our tables; keys are checked at the end of the transaction, so only triggers ask for an order."""
    models = [
        model
        for config in apps.get_app_configs()
        if config.label not in LEFT_ALONE
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in DERIVED
    ]
    return sorted(models, key=lambda model: (model._meta.auto_created is not False, model._meta.db_table))
