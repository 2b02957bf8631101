"""The system check that looks for every registered trigger."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from audit.triggers import missing

HINT = "Create them again with: manage.py install_triggers"


@register(Tags.database)
def check_triggers(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Report missing triggers of the default database.

    While migrations wait to be applied it is a warning only: `migrate` checks first, and one of them may be the cure.
    """
    if DEFAULT_DB_ALIAS not in (databases or []):
        return []
    connection = connections[DEFAULT_DB_ALIAS]
    names = missing(connection)
    if not names:
        return []
    message = f"Database triggers are missing: {', '.join(names)}."
    if _has_waiting_migrations(connection):
        return [Warning(message, hint="Apply the waiting migrations, then check again.", id="audit.W001")]
    return [Error(message, hint=HINT, id="audit.E001")]


def _has_waiting_migrations(connection: BaseDatabaseWrapper) -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
