"""The index of characters: on PostgreSQL an array with GIN, on SQLite FTS5 without content; the same numbers in both.

No model stands for it. Rows are named by the sort key of their document; on SQLite the name counts backwards, so that
reading in order begins with the newest.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Expression
from django.db.models.expressions import RawSQL

TABLE = "disclosures_search_index"
TOP = 2**62

_POSTGRES = (
    f"CREATE TABLE {TABLE} (sort_key bigint PRIMARY KEY, grams integer[] NOT NULL)",
    f"ALTER TABLE {TABLE} ALTER COLUMN grams SET STORAGE EXTERNAL",
)
_GIN = f"CREATE INDEX IF NOT EXISTS {TABLE}_grams ON {TABLE} USING gin (grams) WITH (fastupdate = off)"
_SQLITE = (f"CREATE VIRTUAL TABLE {TABLE} USING fts5(grams, content='', columnsize=0, detail=none, tokenize='ascii')",)
_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION {TABLE}_newest(wanted integer[], below bigint, most bigint) RETURNS SETOF bigint
    LANGUAGE sql STABLE SET enable_seqscan = off AS $$
        WITH hits AS MATERIALIZED (SELECT sort_key FROM {TABLE} WHERE grams @> wanted)
        SELECT sort_key FROM hits WHERE sort_key < below ORDER BY sort_key DESC LIMIT most
    $$"""  # noqa: S608 the planner takes reading a whole table of arrays for cheap, or the order of dates for selective
_NEWEST = f"SELECT * FROM {TABLE}_newest(%s::integer[], %s, %s)"  # noqa: S608
_MATCHING = f"SELECT %s - rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid > %s ORDER BY rowid LIMIT %s"  # noqa: S608


def create(connection: BaseDatabaseWrapper) -> None:
    """Make the table of this database, with its index."""
    with connection.cursor() as cursor:
        for statement in (*_POSTGRES, _GIN, _FUNCTION) if _is_postgres(connection) else _SQLITE:
            cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the table away."""
    with connection.cursor() as cursor:
        if _is_postgres(connection):
            cursor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_newest")
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def clear(connection: BaseDatabaseWrapper) -> None:
    """Empty the index; every document is outdated until it is written again."""
    drop(connection)
    create(connection)


def drop_gin(connection: BaseDatabaseWrapper) -> None:
    """Let PostgreSQL take many rows without keeping its index; `create_gin` makes it anew."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {TABLE}_grams")


def create_gin(connection: BaseDatabaseWrapper) -> None:
    """Make PostgreSQL's index over all rows at once, many times faster than row by row, unless it is there."""
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute(_GIN)
        cursor.execute(f"ANALYZE {TABLE}")
        cursor.execute("RESET maintenance_work_mem")


def row(connection: BaseDatabaseWrapper, grams: Iterable[int]) -> str:
    """Numbers as this database takes them in."""
    return f"{{{','.join(map(str, grams))}}}" if _is_postgres(connection) else _words(grams)


def add(connection: BaseDatabaseWrapper, rows: Mapping[int, str]) -> None:
    """Write rows that the index does not hold yet, by sort key."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if _is_postgres(connection):
            _insert(cursor, rows)
        else:
            values = [(TOP - key, words) for key, words in rows.items()]
            cursor.executemany(f"INSERT INTO {TABLE} (rowid, grams) VALUES (%s, %s)", values)  # noqa: S608


def remove(connection: BaseDatabaseWrapper, rows: Mapping[int, str]) -> None:
    """Take rows out; SQLite needs to be told the numbers with which they were written."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if _is_postgres(connection):
            cursor.execute(f"DELETE FROM {TABLE} WHERE sort_key = ANY(%s)", [list(rows)])  # noqa: S608
        else:
            values = [(TOP - key, words) for key, words in rows.items()]
            statement = f"INSERT INTO {TABLE} ({TABLE}, rowid, grams) VALUES ('delete', %s, %s)"  # noqa: S608
            cursor.executemany(statement, values)


def removes_by_name(connection: BaseDatabaseWrapper) -> bool:
    """Whether a row can be taken out without knowing its numbers."""
    return _is_postgres(connection)


def newest(connection: BaseDatabaseWrapper, grams: Sequence[int], below: int, limit: int) -> list[int]:
    """Sort keys of rows with all `grams` below `below`, newest first. Raises ValueError without grams."""
    if not grams:
        raise ValueError("Every row has no grams; ask for some.")
    with connection.cursor() as cursor:
        if _is_postgres(connection):
            cursor.execute(_NEWEST, [list(grams), below, limit])
        else:
            cursor.execute(_MATCHING, [TOP, _asked(grams), TOP - below, limit])
        return [row[0] for row in cursor.fetchall()]


def matching(connection: BaseDatabaseWrapper, grams: Sequence[int]) -> Expression:
    """The sort keys of all rows with `grams`, to stand inside another query."""
    if _is_postgres(connection):
        return RawSQL(_NEWEST, [list(grams), TOP, None])  # noqa: S611
    return RawSQL(f"SELECT %s - rowid FROM {TABLE} WHERE {TABLE} MATCH %s", [TOP, _asked(grams)])  # noqa: S608, S611


def listed(connection: BaseDatabaseWrapper, keys: list[int]) -> Expression | list[int]:
    """Sort keys as they stand behind IN; as one array they need not be written and read one by one."""
    return RawSQL("SELECT unnest(%s::bigint[])", [keys]) if _is_postgres(connection) else keys


def estimate(connection: BaseDatabaseWrapper) -> int:
    """How many rows PostgreSQL believes the index to hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [TABLE])
        return max(int(cursor.fetchone()[0]), 0)


def forget_removed(connection: BaseDatabaseWrapper) -> None:
    """Write SQLite's index anew in one piece, so that removed rows leave no numbers behind. PostgreSQL vacuums."""
    if not _is_postgres(connection):
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('optimize')")  # noqa: S608


def count(connection: BaseDatabaseWrapper) -> int:
    """How many rows the index holds; on SQLite, whose index has no list of rows, -1."""
    if not _is_postgres(connection):
        return -1
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE}")  # noqa: S608
        return int(cursor.fetchone()[0])


def check(connection: BaseDatabaseWrapper) -> None:
    """Look through the structure of the index. Raises DatabaseError where it is damaged or was never finished."""
    with connection.cursor() as cursor:
        if _is_postgres(connection):
            cursor.execute("SELECT to_regclass(%s)", [f"{TABLE}_grams"])
            if cursor.fetchone()[0] is None:
                raise DatabaseError("its GIN index was not made")
            return
        cursor.execute(f"INSERT INTO {TABLE} ({TABLE}, rank) VALUES ('integrity-check', 0)")  # noqa: S608


def _is_postgres(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "postgresql"


def _insert(cursor: CursorWrapper, rows: Mapping[int, str]) -> None:
    places = ",".join(["(%s, %s::integer[])"] * len(rows))
    values = [value for pair in rows.items() for value in pair]
    cursor.execute(f"INSERT INTO {TABLE} (sort_key, grams) VALUES {places}", values)  # noqa: S608


def _words(grams: Iterable[int]) -> str:
    """Numbers as words of FTS5."""
    return " ".join(["%x" % (gram & 0xFFFFFFFF) for gram in grams])


def _asked(grams: Iterable[int]) -> str:
    return " AND ".join(f'"{gram & 0xFFFFFFFF:x}"' for gram in grams)
