"""Questions that pages ask all the time: built and compiled once, planned once a connection, asked with other values.

To build a question and to write it in SQL takes Django several times as long as the database takes to find a few rows
by their keys, and PostgreSQL plans for longer than it reads. A `Prepared` question is an ordinary queryset with a
`Slot` for every value that changes; what it finds is what the queryset would find (tests compare the two).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

Row = TypeVar("Row")
_numbers = count(1)


class Slot(Expression):
    """The place of a value that is known when the question is asked."""

    allowed_default = False

    def __init__(self, name: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Slot]]:  # type: ignore[override]
        """A parameter that holds the slot itself until a value takes its place."""
        return "%s", [self]


class Prepared(Generic[Row]):
    """A question made by `build`, whose arguments are `fields`: a value each, or as many as a pair says.

    Rows of models, tuples or single values come as the queryset yields them. Nothing is prefetched. `build` may not
    look at its arguments: it gets them as slots.
    """

    every: list[Prepared[Any]] = []

    def __init__(self, build: Callable[..., models.QuerySet[Any, Row]], **fields: Any) -> None:
        self.build = build
        self.fields: dict[str, tuple[models.Field[Any, Any], int]] = {
            name: field if isinstance(field, tuple) else (field, 0) for name, field in fields.items()
        }
        self._kept = threading.local()  # a compiler belongs to the connection of its thread
        Prepared.every.append(self)

    def __call__(self, **values: Any) -> list[Row]:
        """The rows for these values; a list of values may be shorter than its slots."""
        asked: _Asked[Row] | None = getattr(self._kept, "asked", None)
        if asked is None:
            asked = self._kept.asked = _Asked(self.build(**self._slots()))
        return asked.rows(self._spread(values), connection)

    def _slots(self) -> dict[str, Any]:
        """A slot for every value, a list of slots where several are asked."""
        return {
            name: [Slot(f"{name}_{place}", field) for place in range(many)] if many else Slot(name, field)
            for name, (field, many) in self.fields.items()
        }

    def _spread(self, values: dict[str, Any]) -> dict[str, Any]:
        """The value of every slot; those left over in a list repeat its first one, an empty list stands for nothing."""
        spread = {}
        for name, (_field, many) in self.fields.items():
            if not many:
                spread[name] = values[name]
                continue
            given = list(values[name])
            if len(given) > many:
                raise ValueError(f"{name}: {len(given)} values for {many} slots")
            filling = given[0] if given else None
            spread |= {f"{name}_{place}": given[place] if place < len(given) else filling for place in range(many)}
        return spread


class _Asked(Generic[Row]):
    """A question as it was compiled in one thread."""

    def __init__(self, rows: models.QuerySet[Any, Row]) -> None:
        self._name = ""  # of the plan
        self._prepared_for: Any = None  # the driver's connection that has it
        self._found: list[Any] = []
        self._compiler: Any = rows.query.get_compiler(rows.db)
        self._sql, self._params = self._compiler.as_sql()
        converters = self._compiler.get_converters([column[0] for column in self._compiler.select])
        self._compiler.execute_sql = lambda *_args, **_options: [self._found]
        self._compiler.get_converters = lambda _fields: converters
        rows.query.get_compiler = lambda *_args, **_options: self._compiler  # type: ignore[method-assign]
        self._rows = rows

    def rows(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> list[Row]:
        """Ask, and make of the answer what the queryset would make of it."""
        params = [
            param.output_field.get_db_prep_value(values[param.name], connection) if isinstance(param, Slot) else param
            for param in self._params
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._statement(connection), params)
            self._found = cursor.fetchall()
        try:
            rows: Any = self._rows
            return list(rows._iterable_class(rows))
        finally:
            self._found = []

    def _statement(self, connection: BaseDatabaseWrapper) -> str:
        """The SQL, or the name under which this connection has planned it."""
        if not keeps_a_session(connection):
            return str(self._sql)
        if self._prepared_for is not connection.connection:
            self._name = f"portal_question_{next(_numbers)}"  # never used before, whatever became of an earlier try
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute(f"PREPARE {self._name} AS {_numbered(self._sql)}")
            self._prepared_for = connection.connection
        places = ", ".join(["%s"] * len(self._params))
        return f"EXECUTE {self._name}({places})" if places else f"EXECUTE {self._name}"


def keeps_a_session(connection: BaseDatabaseWrapper) -> bool:
    """Whether what is prepared on this connection is there for the next question.

    A pooler that gives every transaction another session, which Django is told by DISABLE_SERVER_SIDE_CURSORS, would
    lose it. SQLite's driver keeps what it compiled by itself.
    """
    return connection.vendor == "postgresql" and not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")


def _numbered(sql: str) -> str:
    """`sql` with the parameters of a prepared statement; a doubled percent sign stands for one."""
    numbers: Iterable[int] = count(1)
    take = iter(numbers)
    return re.sub(r"%%|%s", lambda found: "%" if found[0] == "%%" else f"${next(take)}", sql)
