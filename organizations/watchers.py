"""Rooms that stand on this one say here that a change of people, offices or absences concerns them."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

Watcher = Callable[[datetime], str]
WATCHERS: list[Watcher] = []


def watch_offices(watcher: Watcher) -> Watcher:
    """Have `watcher` asked after every change, inside its transaction; it returns a warning or an empty string."""
    WATCHERS.append(watcher)
    return watcher


def warnings_after_change(at: datetime | None = None) -> list[str]:
    """What the watchers warn of after a change, in the words of the page."""
    now = at or timezone.now()
    return [sentence for watcher in WATCHERS if (sentence := watcher(now))]
