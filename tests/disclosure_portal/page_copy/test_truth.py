"""Sixteen readers and four writers at once: no answer shows what was closed before it, or misses what was open.

`PORTAL_COPY_CYCLES` sets how many times something is withdrawn, opened again and closed by the clock.
"""

import os
import random
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from disclosures.models import Release
from tests.disclosure_portal.page_copy.asking import Site
from tests.people import draft, released

ON_SQLITE = connection.vendor == "sqlite"
WRITERS, READERS = 4, 16
CYCLES = int(os.environ.get("PORTAL_COPY_CYCLES", "60" if ON_SQLITE else "500"))


class Diary:
    """When one release was open and closed, as far as its writer knows: moments in between count as both."""

    def __init__(self) -> None:
        self.spans = [(0.0, float("inf"), frozenset({True}))]
        self.lock = threading.Lock()

    def begin(self, state: bool) -> None:
        """From now on nobody can tell, until it is settled."""
        with self.lock:
            at = time.time()
            start, _end, before = self.spans[-1]
            self.spans[-1:] = [(start, at, before), (at, float("inf"), before | {state})]
            del self.spans[:-60]

    def settle(self, state: bool, at: float) -> None:
        """From `at` on it is `state`."""
        with self.lock:
            start, _end, both = self.spans[-1]
            self.spans[-1:] = [(start, at, both), (at, float("inf"), frozenset({state}))]

    def allows(self, begin: float, end: float) -> set[bool]:
        """What an answer asked for at `begin` and given at `end` may have said."""
        with self.lock:
            return {state for start, stop, states in self.spans if start <= end and begin <= stop for state in states}


class Run:
    """One run with its writers and readers."""

    def __init__(self, site: Site, releases: list[Release]) -> None:
        self.site = site
        self.releases = releases
        self.diaries = [Diary() for _release in releases]
        self.wrong: list[str] = []
        self.read = 0
        self.cycles = 0
        self.is_over = threading.Event()

    def write(self, place: int) -> None:
        """Withdraw, open again, close by the clock, open again."""
        draw = random.Random(place)
        rows, diary = Release.objects.filter(pk=self.releases[place].pk), self.diaries[place]

        def commit(until, state):
            diary.begin(state)
            rows.update(public_until=until)
            diary.settle(state, max(time.time(), until.timestamp() if until else 0.0))

        try:
            for cycle in range(CYCLES // WRITERS):
                commit(timezone.now(), False)
                time.sleep(draw.uniform(0, 0.004))
                commit(None, True)
                time.sleep(draw.uniform(0, 0.004))
                edge = timezone.now() + timedelta(seconds=draw.uniform(0.002, 0.03))
                commit(edge, False)
                time.sleep(max(0.0, edge.timestamp() - time.time()) + 0.002)
                commit(None, True)
                self.cycles += 1
                if cycle % 10 == 0:
                    time.sleep(draw.uniform(0.1, 0.2))  # so that copies are met as well
        finally:
            connection.close()

    def keep_reading(self, number: int) -> None:
        draw = random.Random(100 + number)
        try:
            while not self.is_over.is_set():
                self.look(draw.randrange(WRITERS), draw.choice(("item", "board", "list", "category", "unit", "feed")))
        except Exception as fault:  # noqa: BLE001 — any fault of a thread is one of the test
            self.wrong.append(repr(fault))
        finally:
            connection.close()

    def look(self, place: int, kind: str) -> None:
        release = self.releases[place]
        address = {
            "item": release.get_absolute_url(),
            "board": "/",
            "list": "/items/",
            "category": release.category.get_absolute_url(),
            "unit": release.unit.get_absolute_url(),
            "feed": "/feeds/all/",
        }[kind]
        begin = time.time()
        answer = self.site.get(address)
        end = time.time()
        seen = f"通报{place}号" in answer.text
        self.read += 1
        if answer.status not in (200, 410) or seen not in self.diaries[place].allows(begin, end):
            self.wrong.append(f"{kind} {place}: {answer.status}, seen {seen} between {begin:.4f} and {end:.4f}")


@pytest.mark.usefixtures("open_house")
def test_no_answer_is_stale_or_early_while_four_write_and_sixteen_read():
    site = Site()
    opened = [released(draft(title=f"通报{place}号")).pk for place in range(WRITERS)]
    releases = list(Release.objects.filter(pk__in=opened).order_by("pk").select_related("item", "category", "unit"))
    run = Run(site, releases)
    readers = [threading.Thread(target=run.keep_reading, args=(number,)) for number in range(READERS)]
    writers = [threading.Thread(target=run.write, args=(place,)) for place in range(WRITERS)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    run.is_over.set()
    for thread in readers:
        thread.join()
    site.copies.watch.close()
    assert run.wrong == []
    assert run.cycles == CYCLES // WRITERS * WRITERS
    assert run.read > CYCLES // 4
    assert site.asked < run.read, "no answer came from a copy"
