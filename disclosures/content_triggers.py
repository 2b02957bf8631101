"""The triggers behind the content version: one rule, written for SQLite (each row) and PostgreSQL (each statement).

PostgreSQL: a transaction takes a lane of its own by a lock that never waits, and writes there until it ends. So
publishing never waits for publishing, and the version adds no order of locks that could end in a deadlock. Only
when every lane is taken does a transaction wait, in the last one.
"""

import re
from collections.abc import Sequence

from audit.trigger_sql import PostgresTrigger, Trigger
from disclosures.content_scopes import ALL, BASE, MATTER_BUCKETS

TABLE = "disclosures_contentversion"
LANES = 16
LOCKS = 7_300_216  # the class of our advisory locks
EVENTS = ("INSERT", "UPDATE", "DELETE")
TRANSITIONS = {
    "INSERT": ("NEW TABLE AS new_rows", "SELECT * FROM new_rows"),
    "DELETE": ("OLD TABLE AS old_rows", "SELECT * FROM old_rows"),
    "UPDATE": (
        "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows",
    ),
}
YEAR = re.compile(r"\{year of ([\w.]+)\}")
SQLITE_YEAR = r"CAST(strftime('%Y', \1) AS integer)"
POSTGRES_YEAR = r"CAST(extract(year FROM \1 AT TIME ZONE 'UTC') AS integer)"
OF_CATEGORY = "'category:' || r.category_id"
OF_UNIT = "'unit:' || r.unit_id"
OF_YEAR = "'year:' || {year of r.public_since}"  # of UTC, whatever zone a session is in
OF_MATTER = (
    f"(SELECT 'matter:' || (v.matter_id % {MATTER_BUCKETS}) FROM disclosures_revision v WHERE v.id = r.revision_id)"
)


def touches(
    table: str,
    *scopes: str,
    events: Sequence[str] = EVENTS,
    when: str = "",
    columns: tuple[str, ...] = (),
    reads: Sequence[str] = (),
    name: str = "",
) -> Trigger:
    """Give `scopes`, and the scope of everything, a new stamp whenever rows of `table` change.

    Scopes are SQL expressions over the row `r`, for both databases alike but for `{year of x}`; a NULL counts for
    nothing. `when` is a
    condition over `r`; with `columns` an update counts only where one of them changes. `reads` names further tables.
    `name` tells a second rule of the same table apart.
    """
    name = name or f"{table}_content"
    expressions = (f"'{ALL}'", *(scopes or (f"'{BASE}'",)))
    sqlite, postgres = {}, {}
    for event in events:
        each = f"{name}_{event.lower()}"
        sqlite[each] = _sqlite(each, table, event, _years(expressions, SQLITE_YEAR), when, columns)
        postgres[each] = _postgres(table, event, _years(expressions, POSTGRES_YEAR), when, columns)
    needs = {table: columns, TABLE: ("scope", "lane", "stamp"), **dict.fromkeys(reads, ())}
    return Trigger(name=name, table=table, sqlite=sqlite, postgres=postgres, needs=needs)


def _years(expressions: Sequence[str], written: str) -> list[str]:
    """The expressions with the year of a column as one database writes it."""
    return [YEAR.sub(written, expression) for expression in expressions]


def _chosen(rows: str, expressions: Sequence[str], when: str) -> str:
    """The scopes of `rows`, a row source that ends in the alias `r`, one a line of the result."""
    where = f" WHERE {when}" if when else ""
    return " UNION ".join(f"SELECT {expression} AS scope FROM {rows}{where}" for expression in expressions)


def _sqlite(name: str, table: str, event: str, expressions: Sequence[str], when: str, columns: Sequence[str]) -> str:
    sides = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}[event]
    written = "; ".join(_sqlite_stamp([_of(side, text) for text in expressions], _of(side, when)) for side in sides)
    differs = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns)
    only = f" WHEN {differs}" if differs and event == "UPDATE" else ""
    return f'CREATE TRIGGER "{name}" AFTER {event} ON "{table}" FOR EACH ROW{only} BEGIN {written}; END'


def _of(side: str, text: str) -> str:
    """The expression with the row `r` named as SQLite names it in a trigger."""
    return re.sub(r"\br\.", f"{side}.", text)


def _sqlite_stamp(expressions: Sequence[str], when: str) -> str:
    scopes = " UNION ".join(f"SELECT {expression} AS scope" for expression in expressions)
    condition = f" AND {when}" if when else ""
    return (
        f"INSERT INTO {TABLE} (scope, lane, stamp) SELECT scope, 0, random() FROM ({scopes})"
        f" WHERE scope IS NOT NULL{condition} ON CONFLICT (scope, lane) DO UPDATE SET stamp = excluded.stamp"
    )


def _postgres(table: str, event: str, expressions: Sequence[str], when: str, columns: Sequence[str]) -> PostgresTrigger:
    named, rows = TRANSITIONS[event]
    differs = " OR ".join(f'o."{column}" IS DISTINCT FROM n."{column}"' for column in columns)
    changed = f"SELECT 1 FROM old_rows o JOIN new_rows n USING (id) WHERE {differs}"
    source = f"({rows}) r"
    condition = f" WHERE {when}" if when else ""
    some = changed if differs and event == "UPDATE" else f"SELECT 1 FROM {source}{condition}"
    body = (
        "DECLARE mine integer := 1; fresh bigint := floor(random() * 9007199254740991); BEGIN"
        f" IF NOT EXISTS ({some}) THEN RETURN NULL; END IF;"
        f" WHILE mine < {LANES} AND NOT pg_try_advisory_xact_lock({LOCKS}, mine) LOOP mine := mine + 1; END LOOP;"
        f" IF mine = {LANES} THEN PERFORM pg_advisory_xact_lock({LOCKS}, mine); END IF;"
        f" INSERT INTO {TABLE} AS v (scope, lane, stamp) SELECT s.scope, mine, fresh"
        f" FROM ({_chosen(source, expressions, when)}) s WHERE s.scope IS NOT NULL"
        " ON CONFLICT (scope, lane) DO UPDATE SET stamp = excluded.stamp;"
        " END; RETURN NULL;"
    )
    return PostgresTrigger(f"AFTER {event} ON {table} REFERENCING {named} FOR EACH STATEMENT", body)
