"""The one registry of database triggers: migrations, the system check and the tests all read it.

An app builds its rules in a `triggers.py` of its own, which its `AppConfig.ready()` imports:

    register(append_only("disclosures_decision"))

and installs them as the last operation of the migration that makes the tables: `InstallTriggers("disclosures")`.
A migration that changes a table in a way SQLite carries out by remaking it (most changes) stands between
`LiftTriggers("disclosures")` and `InstallTriggers("disclosures")`: the remake drops the triggers without a word.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from audit.trigger_sql import (
    Trigger,
    append_only,
    append_only_with_door,
    forbid_truncate,
    immutable_columns,
    refuse_insert,
    written_once,
)

__all__ = [
    "InstallTriggers",
    "LiftTriggers",
    "Trigger",
    "append_only",
    "append_only_with_door",
    "forbid_truncate",
    "immutable_columns",
    "install",
    "lifted",
    "missing",
    "open_editor",
    "refuse_insert",
    "register",
    "registered",
    "remove",
    "written_once",
]

_registry: dict[str, Trigger] = {}


def register(*triggers: Trigger) -> None:
    """Add rules; the same rule twice is harmless. Raises ValueError when a name is taken by another rule."""
    for trigger in triggers:
        if _registry.setdefault(trigger.name, trigger) != trigger:
            raise ValueError(f"Two different triggers are called {trigger.name}.")


def registered(app_label: str | None = None) -> list[Trigger]:
    """Return all rules, or those that stand on or read a table of one app."""
    return [
        trigger
        for trigger in _registry.values()
        if app_label is None or any(table.startswith(f"{app_label}_") for table in trigger.tables)
    ]


def install(schema_editor: BaseDatabaseSchemaEditor, app_label: str | None = None) -> None:
    """Create the app's triggers anew, leaving out those whose tables or columns a later migration makes."""
    for trigger in registered(app_label):
        if _is_possible(schema_editor.connection, trigger):
            _run(schema_editor, _drop_statements(schema_editor.connection, trigger))
            _run(schema_editor, _create_statements(schema_editor.connection, trigger))


def remove(schema_editor: BaseDatabaseSchemaEditor, app_label: str | None = None) -> None:
    """Drop the app's triggers, those that are there."""
    tables = schema_editor.connection.introspection.table_names()
    for trigger in registered(app_label):
        if trigger.table in tables:
            _run(schema_editor, _drop_statements(schema_editor.connection, trigger))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of triggers that should stand on an existing table and are absent, disabled or different."""
    found = _found_on_postgres(connection) if connection.vendor == "postgresql" else _found_on_sqlite(connection)
    tables = connection.introspection.table_names()
    return [
        name
        for trigger in registered()
        if trigger.table in tables
        for name, mark in _marks(connection, trigger).items()
        if found.get((trigger.table, name)) != mark
    ]


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Drop every registered trigger and create it again on exit. ONLY for the flush of a test database.

    Nothing outside `tests/` may call this: a portal that can lift its triggers has none.
    """
    remove(open_editor(connection))
    try:
        yield
    finally:
        install(open_editor(connection))


class InstallTriggers(Operation):
    """Migration step: create the app's triggers; backwards, drop them. May stand in any number of migrations."""

    reversible = True
    reduces_to_sql = False

    def __init__(self, app_label: str) -> None:
        self.app_label = app_label

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of the models' state."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create the triggers."""
        install(schema_editor, self.app_label)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the triggers."""
        remove(schema_editor, self.app_label)

    def describe(self) -> str:
        """Return the line that `migrate --plan` prints."""
        return f"Install the triggers of {self.app_label}"


class LiftTriggers(InstallTriggers):
    """Migration step before a change of tables: drop the app's triggers; backwards, create them again."""

    def database_forwards(self, *args: Any, **kwargs: Any) -> None:
        """Drop the triggers."""
        super().database_backwards(*args, **kwargs)

    def database_backwards(self, *args: Any, **kwargs: Any) -> None:
        """Create the triggers."""
        super().database_forwards(*args, **kwargs)

    def describe(self) -> str:
        """Return the line that `migrate --plan` prints."""
        return f"Lift the triggers of {self.app_label} while its tables change"


def open_editor(connection: BaseDatabaseWrapper) -> BaseDatabaseSchemaEditor:
    """Return an editor for `install` and `remove` that works inside an open transaction as well as outside one."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        connection.check_constraints()  # deferred keys still waiting would forbid the change
    return connection.SchemaEditorClass(connection, atomic=False)


def _is_possible(connection: BaseDatabaseWrapper, trigger: Trigger) -> bool:
    tables = connection.introspection.table_names()
    return trigger.tables <= set(tables) and all(
        set(columns) <= _columns(connection, table) for table, columns in trigger.needs.items() if columns
    )


def _columns(connection: BaseDatabaseWrapper, table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: Iterable[str]) -> None:
    for statement in statements:
        schema_editor.execute(statement, params=None)


def _drop_statements(connection: BaseDatabaseWrapper, trigger: Trigger) -> list[str]:
    if connection.vendor == "postgresql":
        drops = [
            (f"DROP TRIGGER IF EXISTS {name} ON {trigger.table}", f"DROP FUNCTION IF EXISTS {name}()")
            for name in trigger.postgres
        ]
        return [statement for pair in drops for statement in pair]
    return [f'DROP TRIGGER IF EXISTS "{name}"' for name in trigger.sqlite]


def _create_statements(connection: BaseDatabaseWrapper, trigger: Trigger) -> list[str]:
    if connection.vendor == "postgresql":
        made = [part.create(name, trigger.table) for name, part in trigger.postgres.items()]
        return [statement for statements in made for statement in statements]
    return list(trigger.sqlite.values())


def _marks(connection: BaseDatabaseWrapper, trigger: Trigger) -> dict[str, tuple[str, ...]]:
    """Return, for each trigger of the rule, what the database's own records must say of it."""
    if connection.vendor == "postgresql":
        return {name: ("A", part.source, part.stamp) for name, part in trigger.postgres.items()}
    return {name: (sql,) for name, sql in trigger.sqlite.items()}


def _found_on_sqlite(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {(table, name): (sql,) for table, name, sql in cursor.fetchall()}


def _found_on_postgres(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname, t.tgenabled, p.prosrc, obj_description(t.oid, 'pg_trigger') FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
        )
        return {(table, name): tuple(map(str, mark)) for table, name, *mark in cursor.fetchall()}


register(append_only("audit_event"))
