"""Times read: counted in memory, written behind the answers, told as of yesterday; nobody is tracked.

A read costs a page one addition. Each process writes what it counted every `PORTAL_READS_SECONDS`, in one statement
for all items, from a thread of its own, and once more when it ends. What a process that is killed had not written yet
is lost: a tally is no record of facts, and no page waits for it.
"""

import atexit
import logging
import re
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from disclosures.models import Item, ReadsByDay

MOST_KEYS = 20_000  # items and days in memory; more are not counted while the database is away
BATCH = 300  # rows of a statement
LONGEST_NAME = 300  # characters of what a browser calls itself
_PROGRAMS = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|scan|monitor|preview|fetch|feed|curl|wget|python|java|go-http|httpclient|headless"
    r"|lighthouse|nagios|zabbix|prometheus",
    re.IGNORECASE,
)
_ADD = (
    "INSERT INTO disclosures_readsbyday (item_id, day, count) VALUES {rows}"
    " ON CONFLICT (item_id, day) DO UPDATE SET count = disclosures_readsbyday.count + excluded.count"
)
Counts = Mapping[tuple[str, date], int]
Response = TypeVar("Response", bound=HttpResponseBase)
log = logging.getLogger(__name__)


class Tally:
    """What one process has counted and not written yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, date]] = Counter()
        self._timer: threading.Timer | None = None
        self._is_registered = False

    def add(self, number: str, day: date, times: int = 1) -> None:
        """Count, and see that it will be written."""
        with self._lock:
            key = (number, day)
            if key in self._counts or len(self._counts) < MOST_KEYS:
                self._counts[key] += times
            if self._timer is None and settings.PORTAL_READS_SECONDS:
                self._start()

    def _start(self) -> None:
        """A thread that sleeps and writes once; the last counts are written when the process ends."""
        if not self._is_registered:
            atexit.register(_write_last)
            self._is_registered = True
        self._timer = threading.Timer(settings.PORTAL_READS_SECONDS, _write_behind)
        self._timer.daemon = True
        self._timer.start()

    def taken(self) -> Counter[tuple[str, date]]:
        """Everything counted so far; the tally begins anew."""
        with self._lock:
            counts, self._counts, self._timer = self._counts, Counter(), None
        return counts


_tally = Tally()


def is_read(request: HttpRequest) -> bool:
    """Whether a person reads: no program, nothing fetched ahead, no one who works on the portal."""
    return is_by_a_person(request.META) and not getattr(getattr(request, "user", None), "is_staff", False)


def is_by_a_person(environ: Mapping[str, Any]) -> bool:
    """Whether the head of a request is that of a person who reads now."""
    purpose = environ.get("HTTP_SEC_PURPOSE") or environ.get("HTTP_PURPOSE") or environ.get("HTTP_X_MOZ") or ""
    agent = environ.get("HTTP_USER_AGENT", "")
    if environ["REQUEST_METHOD"] != "GET" or "prefetch" in purpose or not agent:
        return False
    return not _is_program(agent[:LONGEST_NAME])


@lru_cache(maxsize=512)
def _is_program(name: str) -> bool:
    """Whether a browser by this name is none; looked up once, for most readers come with one of a few hundred."""
    return bool(_PROGRAMS.search(name))


def count_read(number: str) -> None:
    """Item `number` was read once more, now; asks no database and never fails."""
    _tally.add(number, timezone.localdate())


def reading(response: Response, number: str) -> Response:
    """Tell the page copy that whoever gets this page reads item `number`."""
    response.reads_of = number  # type: ignore[attr-defined]
    return response


def item_read(response: HttpResponseBase) -> str:
    """The item that is read with this page; empty for other pages."""
    return getattr(response, "reads_of", "")


def flush() -> int:
    """Write what this process has counted; returns how many reads. Counts of a database that is away are kept."""
    counts = _tally.taken()
    try:
        return add(counts)
    except DatabaseTrouble:
        log.warning("The tally of reads waits for the database.")
        for (number, day), times in counts.items():
            _tally.add(number, day, times)
        return 0


def add(counts: Counts) -> int:
    """Add `counts` to the stored ones, always in the order of the items, so that writers never wait crosswise."""
    if not counts:
        return 0
    numbers = {number for number, _day in counts}
    keys = dict(Item.objects.filter(number__in=numbers).values_list("number", "pk"))
    rows = sorted((keys[number], day, times) for (number, day), times in counts.items() if number in keys)
    with transaction.atomic(), connection.cursor() as cursor:
        for begin in range(0, len(rows), BATCH):
            batch = rows[begin : begin + BATCH]
            values = [value for row in batch for value in row]
            cursor.execute(_ADD.format(rows=", ".join(["(%s, %s, %s)"] * len(batch))), values)
    return sum(times for _item, _day, times in rows)


def told_until(at: datetime) -> date:
    """The last day whose reads a page tells: yesterday."""
    return timezone.localdate(at) - timedelta(days=1)


def times_read(item: OuterRef, until: date) -> Coalesce:
    """How often the item was read up to the end of a day, as part of the query that reads the item."""
    told = ReadsByDay.objects.filter(item=item, day__lte=until).order_by().values("item")
    return Coalesce(Subquery(told.annotate(times=Sum("count")).values("times")), 0)


def _write_behind() -> None:
    """Write, with a connection that ends with the thread."""
    try:
        flush()
    finally:
        connection.close()


def _write_last() -> None:
    """Write when the process ends; what cannot be written then is lost."""
    with suppress(DatabaseTrouble):
        add(_tally.taken())
