"""The content version as readers of it ask: the stamps of all scopes, and when time itself will change a page."""

from datetime import date, datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from disclosures.content_scopes import ALL
from disclosures.content_triggers import TABLE
from disclosures.models import Release

STAMP_OF_ALL = f"SELECT SUM(stamp) FROM {TABLE} WHERE scope = '{ALL}'"  # noqa: S608
STAMPS = f"SELECT scope, SUM(stamp) FROM {TABLE} GROUP BY scope"  # noqa: S608


def next_change(at: datetime) -> datetime:
    """The first instant after `at` at which the public pages change by themselves.

    A public window opens or ends, or the day: duties in force, offices held and counts of a year go by days.
    """
    openings = Release.objects.filter(public_from__gt=at).aggregate(at=Min("public_from"))["at"]
    closings = Release.objects.filter(public_until__gt=at).aggregate(at=Min("public_until"))["at"]
    return min(edge for edge in (openings, closings, _midnight_after(at)) if edge is not None)


def _midnight_after(at: datetime) -> datetime:
    day: date = timezone.localdate(at) + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())
