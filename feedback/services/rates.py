"""How much may come through the public doors, from one address and in total; counted in the database by all workers.

A hall of people behind one address passes; a program that floods waits. Counters hold a keyed hash of the address that
changes every day (P30), belong to no case, and are removed when their time is over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from feedback.models import RateCount

SALT = "feedback.rates"
HOUR, MINUTE = 3600, 60  # seconds
_ADD = (
    'INSERT INTO feedback_ratecount ("door", "key", "since", "until", "count") VALUES (%s, %s, %s, %s, %s)'
    ' ON CONFLICT ("door", "key", "since") DO UPDATE SET "count" = feedback_ratecount."count" + excluded."count"'
    ' RETURNING "count"'
)


class Door(StrEnum):
    """What is counted; the value begins the names of its two settings."""

    SEND = "SEND"
    MESSAGE = "MESSAGES"
    WRONG_CODE = "WRONG_CODES"
    FILES = "SENT_MB"


class TooMany(Exception):
    """The door is closed for a while; `seconds` until it opens again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Span:
    """One counter: whose, from when until when, and how much it allows."""

    door: Door
    key: str
    since: int
    until: int
    most: int

    def refuse(self, count: int, now: int) -> None:
        """Raise `TooMany` where `count` is more than allowed."""
        if count > self.most:
            raise TooMany(self.until - now)


def passed(door: Door, request: HttpRequest, amount: int = 1) -> None:
    """Count what comes through `door`; raises `TooMany` when it was too much for the address or for all together.

    What one address sends too much of is not counted against everybody else.
    """
    now = _now()
    refused: TooMany | None = None
    with transaction.atomic():
        for span in _spans(door, request, now):
            count = _add(span, amount)
            try:
                span.refuse(count, now)
            except TooMany as closed:
                refused = closed
                break
            if not span.key and count == amount:
                RateCount.objects.filter(until__lte=now).delete()
    if refused:
        raise refused


def look(door: Door, request: HttpRequest) -> None:
    """Raise `TooMany` when as much as is allowed has come through already; counts nothing."""
    now = _now()
    spans = list(_spans(door, request, now))
    rows = RateCount.objects.filter(door=door, key__in=[span.key for span in spans], until__gt=now)
    counts = {(row.key, row.since): row.count for row in rows}
    for span in spans:
        span.refuse(counts.get((span.key, span.since), 0) + 1, now)


def key_of(request: HttpRequest, now: int) -> str:
    """The address behind `request` as the counters keep it: a keyed hash of the day; a whole /64 of IPv6 is one."""
    found = import_string(settings.PORTAL_ADDRESS_OF)(request)
    return salted_hmac(SALT, f"{now // 86_400}:{_network(found)}", algorithm="sha256").hexdigest()


def _network(found: str | None) -> str:
    if not found:
        return "unknown"
    address = ip_address(found)
    mapped = getattr(address, "ipv4_mapped", None)
    if address.version == 4 or mapped:
        return str(mapped or address)
    return str(ip_network(f"{address.exploded.partition('%')[0]}/64", strict=False))


def _spans(door: Door, request: HttpRequest, now: int) -> Iterator[Span]:
    total = HOUR if door is Door.FILES else MINUTE
    for key, seconds, kind in ((key_of(request, now), HOUR, "PER_ADDRESS"), ("", total, "TOTAL")):
        since = now - now % seconds
        yield Span(door, key, since, since + seconds, getattr(settings, f"PORTAL_{door}_{kind}"))


def _add(span: Span, amount: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [span.door.value, span.key, span.since, span.until, amount])
        return int(cursor.fetchone()[0])


def _now() -> int:
    return int(timezone.now().timestamp())
