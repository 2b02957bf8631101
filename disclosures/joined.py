"""Several short rows that belong to one row, read with it: one question instead of one more."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

BETWEEN_COLUMNS, BETWEEN_ROWS = "\x1f", "\x1e"  # the separators of ASCII for this; no name holds them


class Joined(Subquery):
    """`columns` of the rows of the inner query, as one text for `separated`; it may refer to the outer one."""

    output_field = TextField()

    def __init__(self, rows: QuerySet[Any], *columns: str, **extra: Any) -> None:
        parts: list[Any] = []
        for column in columns:
            parts += [Value(BETWEEN_COLUMNS), Cast(F(column), CharField())]
        super().__init__(rows.annotate(said=Concat(*parts[1:], output_field=TextField())).values("said"), **extra)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """As an array made into a text."""
        return self.as_sql(compiler, connection, template="array_to_string(ARRAY(%(subquery)s), chr(30))")

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        """As an aggregate over the ordered rows."""
        return self.as_sql(compiler, connection, template="(SELECT group_concat(said, char(30)) FROM (%(subquery)s))")


def separated(text: str | None) -> list[list[str]]:
    """The columns of each row that `Joined` put into `text`."""
    return [row.split(BETWEEN_COLUMNS) for row in (text or "").split(BETWEEN_ROWS) if row]


def instant_of(text: str) -> datetime | None:
    """The instant that a database wrote as text; both write UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
