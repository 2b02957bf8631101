"""The SQL of database triggers: one rule, written for SQLite and for PostgreSQL."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,62}")
# Class 23 makes PostgreSQL's refusal an IntegrityError, as SQLite's RAISE(ABORT) is.
REFUSED = "23001"

Columns = str | tuple[str, ...]


@dataclass(frozen=True)
class PostgresTrigger:
    """`clause` is what stands between the trigger's name and EXECUTE; `body` stands between BEGIN and END."""

    clause: str
    body: str

    def create(self, name: str, table: str) -> list[str]:
        """Return the statements that make function and trigger, so that not even replication skips it."""
        return [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $portal${self.source}$portal$",
            f"CREATE TRIGGER {name} {self.clause} EXECUTE FUNCTION {name}()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
            f"COMMENT ON TRIGGER {name} ON {table} IS '{self.stamp}'",
        ]

    @property
    def source(self) -> str:
        """The function's text as PostgreSQL keeps it."""
        return f"BEGIN {self.body} END"

    @property
    def stamp(self) -> str:
        """A digest kept as the trigger's comment, by which an outdated one is known."""
        return hashlib.sha256(f"{self.clause}\n{self.body}".encode()).hexdigest()


@dataclass(frozen=True)
class Trigger:
    """One rule on one table. `sqlite` and `postgres` map trigger names to their SQL; a rule may need several.

    `needs` names the tables and columns that must exist before the rule can be installed.
    """

    name: str
    table: str
    sqlite: Mapping[str, str]
    postgres: Mapping[str, PostgresTrigger]
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (self.name, self.table, *self.sqlite, *self.postgres, *self.needs):
            if not IDENTIFIER.fullmatch(name):
                raise ValueError(f"{name!r} cannot name a trigger or table.")

    @property
    def tables(self) -> set[str]:
        """Every table the rule stands on or reads."""
        return {self.table, *self.needs}


def append_only(table: str, unique: Iterable[Columns] = ("id", "uid")) -> Trigger:
    """Refuse UPDATE, DELETE, TRUNCATE and INSERT OR REPLACE: rows of the table are written once.

    `unique` names every unique column, or tuple of columns, of the table: SQLite's REPLACE removes the row that is in
    the way without firing a delete trigger.
    """
    keys = _as_tuples(unique)
    message = f"Rows of {table} are never changed or removed."
    name = f"{table}_append_only"
    return Trigger(
        name=name,
        table=table,
        sqlite={
            f"{name}_update": _sqlite(f"{name}_update", "UPDATE", table, message),
            f"{name}_delete": _sqlite(f"{name}_delete", "DELETE", table, message),
            f"{name}_replace": _sqlite_replace(f"{name}_replace", table, keys),
        },
        postgres={name: _postgres_statement("UPDATE OR DELETE OR TRUNCATE", table, message)},
        needs={table: _flat(keys)},
    )


def immutable_columns(table: str, columns: Iterable[str], unique: Iterable[Columns] = ("id", "uid")) -> Trigger:
    """Let a row change only in its other columns, and never go: no DELETE, TRUNCATE or INSERT OR REPLACE.

    The columns of `unique` (see `append_only`) are immutable too. Saving an unchanged value is allowed.
    """
    keys = _as_tuples(unique)
    fixed = tuple(dict.fromkeys((*_flat(keys), *columns)))
    changed = f"Rows of {table} are never changed in {', '.join(fixed)}."
    removed = f"Rows of {table} are never removed."
    name = f"{table}_immutable"
    return Trigger(
        name=name,
        table=table,
        sqlite={
            f"{name}_update": _sqlite(f"{name}_update", "UPDATE", table, changed, _any_differs(fixed, "IS NOT")),
            f"{name}_delete": _sqlite(f"{name}_delete", "DELETE", table, removed),
            f"{name}_replace": _sqlite_replace(f"{name}_replace", table, keys),
        },
        postgres={
            f"{name}_update": PostgresTrigger(
                f"BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({_any_differs(fixed, 'IS DISTINCT FROM')})",
                _raise(changed),
            ),
            f"{name}_delete": _postgres_statement("DELETE OR TRUNCATE", table, removed),
        },
        needs={table: fixed},
    )


def append_only_with_door(
    table: str,
    open_columns: tuple[str, ...],
    fixed: Iterable[str],
    door: str,
    unique: Iterable[Columns] = ("id", "uid"),
    *,
    reads: Mapping[str, tuple[str, ...]],
) -> Trigger:
    """As `append_only`, but for a row for which the SQL condition `door` over `OLD` holds: there `open_columns` change.

    `fixed` names every other column of the table. `door` is written with EXISTS and for both databases alike; `reads`
    names the tables and columns it uses.
    """
    keys = _as_tuples(unique)
    kept = tuple(dict.fromkeys((*_flat(keys), *fixed)))
    message = f"Rows of {table} are never changed or removed."
    name = f"{table}_append_only"
    refused = "NOT ({door}) OR {differs}"
    sqlite = refused.format(door=door, differs=_any_differs(kept, "IS NOT"))
    postgres = refused.format(door=door, differs=_any_differs(kept, "IS DISTINCT FROM"))
    return Trigger(
        name=name,
        table=table,
        sqlite={
            f"{name}_update": _sqlite(f"{name}_update", "UPDATE", table, message, sqlite),
            f"{name}_delete": _sqlite(f"{name}_delete", "DELETE", table, message),
            f"{name}_replace": _sqlite_replace(f"{name}_replace", table, keys),
        },
        postgres={
            f"{name}_update": PostgresTrigger(
                f"BEFORE UPDATE ON {table} FOR EACH ROW", f"IF {postgres} THEN {_raise(message)} END IF; RETURN NEW;"
            ),
            name: _postgres_statement("DELETE OR TRUNCATE", table, message),
        },
        needs={table: (*kept, *open_columns), **reads},
    )


def written_once(table: str, mark: str, columns: Iterable[str]) -> Trigger:
    """Let `columns` be written while the column `mark` is NULL, and never again; the mark is one of them."""
    fixed = tuple(dict.fromkeys((mark, *columns)))
    message = f"Rows of {table} are written once in {', '.join(fixed)}."
    name = f"{table}_{mark}_once"
    sqlite, postgres = (
        f'OLD."{mark}" IS NOT NULL AND ({_any_differs(fixed, operator)})' for operator in ("IS NOT", "IS DISTINCT FROM")
    )
    return Trigger(
        name=name,
        table=table,
        sqlite={name: _sqlite(name, "UPDATE", table, message, sqlite)},
        postgres={name: PostgresTrigger(f"BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({postgres})", _raise(message))},
        needs={table: fixed},
    )


def refuse_insert(
    table: str,
    when_sqlite_sql: str,
    when_pg_sql: str,
    message: str,
    *,
    name: str = "refuse_insert",
    reads: Mapping[str, tuple[str, ...]] | None = None,
) -> Trigger:
    """Refuse a new row for which the SQL condition over `NEW` holds; `message` is a sentence without the table's name.

    A condition that is NULL lets the row pass: write it with EXISTS. `name` tells several rules of one table apart;
    `reads` names the tables and columns the condition uses, so that no migration installs it too early. Changing a
    row into a refused one is not covered: add `append_only` or `immutable_columns`.
    """
    name = f"{table}_{name}"
    sentence = f"{message} ({table})"
    return Trigger(
        name=name,
        table=table,
        sqlite={name: _sqlite(name, "INSERT", table, sentence, when_sqlite_sql)},
        postgres={
            name: PostgresTrigger(
                f"BEFORE INSERT ON {table} FOR EACH ROW",
                f"IF {when_pg_sql} THEN {_raise(sentence)} END IF; RETURN NEW;",
            )
        },
        needs={table: (), **(reads or {})},
    )


def forbid_truncate(table: str) -> Trigger:
    """Refuse TRUNCATE, which fires no row triggers; SQLite has no such statement."""
    name = f"{table}_no_truncate"
    refusal = _postgres_statement("TRUNCATE", table, f"The rows of {table} are never removed all at once.")
    return Trigger(name=name, table=table, sqlite={}, postgres={name: refusal}, needs={table: ()})


def _as_tuples(unique: Iterable[Columns]) -> tuple[tuple[str, ...], ...]:
    return tuple((key,) if isinstance(key, str) else key for key in unique)


def _flat(keys: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column for key in keys for column in key))


def _text(message: str) -> str:
    return "'" + message.replace("'", "''") + "'"


def _any_differs(columns: Iterable[str], operator: str) -> str:
    return " OR ".join(f'OLD."{column}" {operator} NEW."{column}"' for column in columns)


def _raise(message: str) -> str:
    return f"RAISE EXCEPTION USING MESSAGE = {_text(message)}, ERRCODE = '{REFUSED}';"


def _postgres_statement(statements: str, table: str, message: str) -> PostgresTrigger:
    return PostgresTrigger(f"BEFORE {statements} ON {table} FOR EACH STATEMENT", _raise(message))


def _sqlite(name: str, statement: str, table: str, message: str, condition: str = "") -> str:
    when = f" WHEN {condition}" if condition else ""
    refusal = f"SELECT RAISE(ABORT, {_text(message)})"
    return f'CREATE TRIGGER "{name}" BEFORE {statement} ON "{table}" FOR EACH ROW{when} BEGIN {refusal}; END'


def _sqlite_replace(name: str, table: str, keys: Iterable[tuple[str, ...]]) -> str:
    same = " OR ".join("(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in key) + ")" for key in keys)
    message = f"Rows of {table} are never replaced: one with this key exists."
    taken = f'EXISTS (SELECT 1 FROM "{table}" WHERE {same})'
    return _sqlite(name, "INSERT", table, message, taken)
