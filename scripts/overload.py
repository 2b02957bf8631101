"""Floods the portal behind the shipped front with ten times what it can answer, and says what became of it.

Capacity is what a closed loop of few readers gets; the flood sends ten times that, answered or not. What must hold: as
many good answers as 80 % of capacity, 503 with Retry-After for the rest, and all as before within ten seconds.

Two floods: of pages that nobody asked for before, which the portal works out one by one (robots that follow filters,
a search for everything), and of pages that all ask for, which it answers from copies: twenty times as many requests.
In earnest a flood comes from other machines. Here it has the last core to itself, and everything else the others.
"""

import argparse
import json
import os
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from itertools import permutations, product
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a command too

from scripts import cpu
from scripts.debian import MissingPackage, install
from scripts.front import NAME, Place, Stand, find_nginx, place, standing
from scripts.keys import ROOT
from scripts.with_postgres import STOPS, stop

READERS = 12  # at once: what the application has in hand, and a few that wait
FLOOD = 600  # connections over which the flood is spread
TIMES = 10
GOOD = 0.8  # of capacity
NORMAL = 0.9  # of capacity, and nobody refused
NORMAL_AGAIN = 10  # seconds
FOREIGN_LIMIT = 0.10
WORDS = "经费 干部 选举 党费 评议 会议 工程 采购 整改 培训 慰问 换届".split()
MORE_WORDS = "图书 保密 值班 廉政 巡查 帮扶 审核 督查 责任 制度 报告 群众 服务 文化 演出 房屋 车辆 档案".split()
YEARS = range(2016, 2027)
PHASES = ("before", "during", "after")
FLOODS = ("new", "copies")
CORES = sorted(os.sched_getaffinity(0))

HEAD = ["pages", "round", "capacity/s", "offered/s", "good/s", "of capacity", "flood's own core", "503"]
HEAD += ["with Retry-After", "one reader p50, max s", "normal after", "foreign load"]


@dataclass(frozen=True)
class Burst:
    """What one run of wrk was answered."""

    good: int
    refused: int
    said_when: int
    other: int
    broken: int
    seconds: float
    each: list[list[int]]  # good and refused, second by second
    asked: int  # addresses of the list that were used up
    own: float  # seconds of CPU that wrk took

    @property
    def cores(self) -> float:
        """Share of its core that wrk used."""
        return self.own / self.seconds

    @property
    def goodput(self) -> float:
        """Good answers a second."""
        return self.good / self.seconds

    @property
    def offered(self) -> float:
        """Requests a second that were sent and answered in any way."""
        return (self.good + self.refused + self.other) / self.seconds


@dataclass(frozen=True)
class Round:
    """Capacity, flood, and the seconds after it."""

    pages: str  # one of FLOODS
    capacity: Burst
    flood: Burst
    after: Burst
    reader: list[float]  # seconds that one more reader waited during the flood, where he was not refused
    foreign: float

    @property
    def share(self) -> float:
        """Good answers during the flood, of capacity."""
        return self.flood.goodput / max(self.capacity.goodput, 1e-9)

    @property
    def normal_after(self) -> int | None:
        """The first second after the flood from which nobody is refused and the rate is back."""
        floor = NORMAL * self.capacity.goodput
        return next(
            (second for second, (good, refused) in enumerate(self.after.each) if good >= floor and not refused), None
        )

    @property
    def failures(self) -> list[str]:
        """What did not hold."""
        found = {
            f"goodput {self.share:.0%} of capacity": self.share >= GOOD,
            f"{self.flood.refused - self.flood.said_when} times 503 without Retry-After": self.flood.refused
            == self.flood.said_when,
            f"{self.flood.other} other answers": not self.flood.other,
            f"{self.flood.broken} broken connections": not self.flood.broken,
            "not back to normal": self.normal_after is not None,
        }
        return [what for what, holds in found.items() if not holds]


def main() -> int:
    """Prepare, flood, print; 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000, help="items to generate")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", nargs="+", choices=FLOODS, default=FLOODS, help="asked for by nobody yet, or copied")
    parser.add_argument("--seconds", type=int, default=20, help="length of the flood")
    options = parser.parse_args()
    for each in STOPS:
        signal.signal(each, stop)
    if len(CORES) == 1:
        sys.exit("The flood needs a core of its own.")
    os.sched_setaffinity(0, CORES[:-1])  # and so has all that is started from here
    find_nginx()
    if not shutil.which("wrk"):
        install("wrk")
    with place() as at:
        at.manage("seed_portal")
        at.manage("generate_items", "--count", str(options.count), "--seed", "1")
        asked = {pages: Asked(written(at, pages)) for pages in options.pages}
        with standing(at) as stand:
            rounds = []
            for pages, paths in asked.items():
                burst(stand, paths, READERS, 3)
                rounds += [one_round(stand, pages, paths, options.seconds) for _round in range(options.rounds)]
    return report(rounds, options)


@dataclass
class Asked:
    """A file with one path a line, and how many of them were asked for so far."""

    paths: Path
    turn: int = 0


def written(at: Place, pages: str) -> Path:
    """Write what a flood asks for."""
    code = """
from django.utils import timezone
from disclosures.models import Category, Release
from disclosures.visibility import PUBLIC
from organizations.models import Unit
for row in Release.objects.visible_to(PUBLIC, timezone.now()).order_by("id").select_related("item")[:200]:
    print(f"/items/{row.item.number}/")
for row in Category.objects.all():
    print(f"category={row.slug}")
for row in Unit.objects.all():
    print(f"unit={row.code}")
"""
    said = at.python(code).splitlines()
    items = [line for line in said if line.startswith("/items/")]
    if pages == "copies":
        paths = what_all_ask(items)
    else:
        starts = ("category=", "unit=")
        paths = what_nobody_asked(*([line for line in said if line.startswith(start)] for start in starts))
    file = at.folder / f"{pages}.txt"
    file.write_text("\n".join(paths) + "\n")
    return file


def what_all_ask(items: list[str]) -> list[str]:
    """The pages that most readers open, each many times."""
    lists = [f"/items/?year={year}" for year in YEARS] + ["/", "/items/", "/catalogue/"]
    found = [f"/search/?q={quote(word)}" for word in WORDS]
    return [
        path for turn in range(200) for path in (items[turn % len(items)], lists[turn % len(lists)], found[turn % 12])
    ]


def what_nobody_asked(categories: list[str], units: list[str]) -> list[str]:
    """Filtered lists evenly among searches for two words, no two alike, in an order drawn once."""
    years, phases = [f"year={year}" for year in YEARS], [f"phase={phase}" for phase in PHASES]
    ways = product(*(["", *each] for each in (categories, units, years, phases, ["attachments=1"])))
    lists = [f"/items/?{'&'.join(filter(None, way))}" for way in ways if sum(map(bool, way)) > 1]
    words = [quote(" ".join(pair)) for pair in permutations(WORDS + MORE_WORDS, 2)]
    orders = ["", "&order=relevance"]
    narrowed = product(words, [*categories, *units, *years], orders)
    searches = [f"/search/?q={pair}&{each}{order}" for pair, each, order in narrowed]
    drawn = random.Random(1)  # noqa: S311  not for secrets
    drawn.shuffle(lists)
    drawn.shuffle(searches)
    many = len(searches) // len(lists)
    return [path for turn, each in enumerate(lists) for path in (each, *searches[many * turn : many * (turn + 1)])]


def one_round(stand: Stand, pages: str, paths: Asked, seconds: int) -> Round:
    """Measure capacity, flood, and look at the seconds after it."""
    busy, started = cpu.of_machine() - own_cpu(stand), time.monotonic()
    capacity = burst(stand, paths, READERS, seconds)
    waits: list[float] = []
    ended = threading.Event()
    reader = threading.Thread(target=read_along, args=(stand, waits, ended))
    reader.start()
    flood = burst(stand, paths, FLOOD, seconds, rate=TIMES * capacity.goodput)
    ended.set()
    reader.join()
    after = burst(stand, paths, READERS, NORMAL_AGAIN + 1)
    foreign = (cpu.of_machine() - own_cpu(stand) - busy) / (time.monotonic() - started) / (os.cpu_count() or 1)
    return Round(pages, capacity, flood, after, waits, max(0.0, foreign))


def own_cpu(stand: Stand) -> float:
    """Seconds used by this process with everything it has started, and by the database server."""
    server = int((stand.place.server / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    return cpu.of_tree(os.getpid()) + cpu.of_tree(server)


def read_along(stand: Stand, waits: list[float], ended: threading.Event) -> None:
    """Be one more reader, four times a second."""
    while not ended.wait(0.25):
        answer = stand.ask("/")
        if answer.status == 200:
            waits.append(answer.seconds)


def burst(stand: Stand, paths: Asked, connections: int, seconds: int, rate: float = 0) -> Burst:
    """One run of wrk: a closed loop, or with a rate the connections spread it evenly over time."""
    pause = 1000 * connections / rate if rate else 0
    command = ["taskset", "-c", str(CORES[-1]), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s"]
    command += ["-s", str(ROOT / "scripts" / "overload.lua"), f"https://{NAME}:{stand.port}/"]
    host = f"{NAME}:{stand.port}"
    environment = os.environ | ({"OVERLOAD_FLOOD": "1"} if rate else {})
    before = cpu_of_children()
    said = subprocess.run(
        [*command, "--", str(pause), host, str(paths.paths), str(paths.turn)],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 60,
        env=environment,
    ).stdout
    figures: dict[str, Any] = json.loads(said.partition("FIGURES ")[2])
    paths.turn += figures["asked"]
    return Burst(**figures, own=cpu_of_children() - before)


def cpu_of_children() -> float:
    """Seconds of CPU of the children that have ended: wrk, while the servers run on."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def report(rounds: list[Round], options: argparse.Namespace) -> int:
    """Print a table; 1 where the median round did not hold what it must."""
    print("\n| " + " | ".join(HEAD) + " |\n| " + " | ".join(["---"] * len(HEAD)) + " |")
    for number, each in enumerate(rounds, 1):
        waits = each.reader or [0.0]
        cells = [
            each.pages,
            str(number),
            f"{each.capacity.goodput:.0f}",
            f"{each.flood.offered:.0f}",
            f"{each.flood.goodput:.0f}",
            f"{each.share:.0%}",
            f"{each.flood.cores:.0%}",
            str(each.flood.refused),
            str(each.flood.said_when),
            f"{statistics.median(waits):.2f}, {max(waits):.2f}",
            "never" if each.normal_after is None else f"{each.normal_after} s",
            f"{each.foreign:.0%}",
        ]
        print("| " + " | ".join(cells) + " |")
    print(f"\n{options.count} items, PostgreSQL, nginx with TLS, {options.seconds} s a flood, {len(CORES)} cores.")
    failures = []
    for pages in options.pages:
        of_pages = sorted((each for each in rounds if each.pages == pages), key=lambda each: each.share)
        middle = of_pages[len(of_pages) // 2]
        if middle.foreign > FOREIGN_LIMIT:
            print(f"{pages}: others used this machine during the run: these figures are no evidence.")
        failures += [f"{pages}: {failure}" for failure in middle.failures]
    for failure in failures:
        print(f"In the middle round did not hold: {failure}.")
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except MissingPackage as refusal:
        sys.exit(str(refusal))
