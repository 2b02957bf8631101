"""`make bench`: pages of the portal beside a bare Django view of the same bytes, in one run on loopback.

Everything is made for the run and goes with it: a private PostgreSQL, a data folder, two gunicorns with the shipped
configuration. Quote ratios of one run; a run with more than 10 % foreign load is no evidence.
"""

import argparse
import base64
import json
import os
import re
import secrets
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts import cpu, weigh
from scripts.archives import PATIENCE, archive, query
from scripts.bench_goals import Goal, Shot, median, of_growth, of_pages, of_process
from scripts.bench_servers import nginx_before, serving
from scripts.debian import MissingPackage, install
from scripts.keys import identity_key
from scripts.with_postgres import STOPS, stop

ROOT = Path(__file__).resolve().parent.parent
SEARCH_WORD = "经费"
CONNECTIONS = 16
WARM_UP = 1  # seconds
FIRST = 8  # requests one after the other, so that every worker has had one
SLOW = 8  # times as long for a page that was not answered in time
FOREIGN_VARIABLES = ("PORTAL_", "DJANGO_", "DEBUG", "CACHE_URL", "ALLOWED_HOSTS", "WEB_CONCURRENCY")
FOREIGN_LIMIT = 0.10
DEEP = 9980  # rows before page 500
MOST_FOR_ORM = 20_000  # items; with more, plain Django's counts, offsets and scans take longer than wrk waits


@dataclass
class Row:
    """One page with its bursts by system."""

    name: str
    path: str
    weight: weigh.Weight
    queries: int
    shots: dict[str, list[Shot]] = field(default_factory=dict)

    def cells(self) -> list[str]:
        """The row as printed: medians of the rounds."""
        rates = {system: median(shots, "rate") for system, shots in self.shots.items()}
        return [
            self.name,
            *(f"{rates[system]:,.0f}" if system in rates else "-" for system in SYSTEMS),
            f"{rates['copy'] / rates['bare']:.2f}",
            *(_cpu(self.shots[system]) for system in ("bare", "copy", "no copy")),
            _cpu(self.shots["plain ORM"]) if "plain ORM" in rates else "-",
            str(self.queries),
            f"{self.weight.html / 1024:.1f}",
            f"{self.weight.html_gzip / 1024:.1f}",
            f"{self.weight.static_sent / 1024:.1f} ({self.weight.files})",
        ]


def _cpu(shots: list[Shot]) -> str:
    return f"{median(shots, 'app_ms'):.2f} + {median(shots, 'database_ms'):.2f}"


SYSTEMS = ("bare", "copy", "no copy", "plain ORM", "nginx static", "nginx copy")
HEAD = [
    "page",
    *(f"{system} req/s" for system in SYSTEMS),
    "copy / bare",
    *(f"{system}: app + db CPU ms" for system in ("bare", "copy", "no copy", "plain ORM")),
    "queries",
    "HTML KB",
    "HTML KB gzip",
    "static KB sent (files)",
]


def main() -> int:
    """Prepare, measure, print; 1 when a page failed."""
    options = read_options()
    for each in STOPS:
        signal.signal(each, stop)
    find_wrk()
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    folder.chmod(0o755)  # the database and nginx have accounts of their own
    try:
        return run(options, folder, environment_for())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read_options() -> argparse.Namespace:
    """The options of the command line; --quick is a check that everything works, not a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, nargs="+", help="sizes of the archive (1000 20000; with --quick 1000)")
    parser.add_argument("--rounds", type=int, help="alternating rounds (3; with --quick 1)")
    parser.add_argument("--seconds", type=int, help="length of one burst (4; with --quick 1)")
    parser.add_argument("--archives", type=Path, help="folder that keeps filled databases for the next run")
    parser.add_argument("--quick", action="store_true", help="under a minute")
    options = parser.parse_args()
    usual = ([1000], 1, 1) if options.quick else ([1000, 20_000], 3, 4)
    for name, value in zip(("count", "rounds", "seconds"), usual, strict=True):
        setattr(options, name, getattr(options, name) or value)
    return options


def find_wrk() -> None:
    """Make sure that wrk is there. Raises MissingPackage when it is not and cannot be installed."""
    if not shutil.which("wrk"):
        install("wrk")


def environment_for() -> dict[str, str]:
    """The variables of a portal in production, but for plain HTTP on loopback."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN_VARIABLES)}
    return {
        **clean,
        "DJANGO_SETTINGS_MODULE": "disclosure_portal.settings",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "PORTAL_IDENTITY_KEY": identity_key(),
        "PORTAL_ALLOW_HTTP": "1",
        "PYTHONPATH": str(ROOT),
    }


def run(options: argparse.Namespace, folder: Path, environment: dict[str, str]) -> int:
    """The whole run: every size in turn, then the goals."""
    started, load = time.monotonic(), os.getloadavg()[0]
    subprocess.run([sys.executable, ROOT / "scripts" / "compile_messages.py"], check=True, timeout=PATIENCE)
    sizes: dict[int, list[Row]] = {}
    goals: list[Goal] = []
    for size in sorted(options.count):
        with archive(options.archives or folder / "archives", size, environment) as filled:
            sizes[size] = measure(options, folder, filled, goals, with_orm=size <= MOST_FOR_ORM)
        print_table(sizes[size], size, options, load, time.monotonic() - started)
    for size, rows in sizes.items():
        print(f"\nAt {size:,} items:")
        pages = {row.name: row.shots for row in rows}
        for goal in of_pages(pages, {row.name: row.queries for row in rows}):
            print(goal)
    for goal in (*of_growth({size: {row.name: row.shots for row in rows} for size, rows in sizes.items()}), *goals):
        print(goal)
    print("goal 5: PORTAL_COPY_CYCLES=10000 with tests/disclosure_portal/page_copy/test_truth.py on PostgreSQL")
    return 1 if any(shot.failures for rows in sizes.values() for row in rows for shot in every_shot(row)) else 0


def every_shot(row: Row) -> list[Shot]:
    """All bursts of a page."""
    return [shot for shots in row.shots.values() for shot in shots]


def measure(
    options: argparse.Namespace, folder: Path, environment: dict[str, str], goals: list[Goal], *, with_orm: bool
) -> list[Row]:
    """One size: every page from every system in alternating rounds."""
    database = database_pid(environment["DATABASE_URL"])
    uncopied = {**environment, "PORTAL_PAGE_COPY": "0"}
    with ExitStack() as stack:
        begun = time.monotonic()
        portal, portal_pid = stack.enter_context(serving("disclosure_portal.wsgi", environment, folder))
        seconds = time.monotonic() - begun
        rows = weigh_pages(portal, environment, folder)
        plain = stack.enter_context(serving("disclosure_portal.wsgi", uncopied, folder))
        orm = stack.enter_context(serving("scripts.plain_orm", environment, folder)) if with_orm else None
        bare = stack.enter_context(serving("scripts.bare_view", bare_environment(environment, folder), folder))
        nginx = stack.enter_context(nginx_before(portal, environment, folder))
        for _round in range(options.rounds):
            for row in rows:
                for system, address, pid in targets(row, (portal, portal_pid), plain, orm, bare, nginx):
                    row.shots.setdefault(system, []).append(shoot(address, options.seconds, pid, database))
        goals[:] = [*of_process(portal_pid, seconds), *of_nginx(rows)]
        goals += of_changes(rows, (portal, portal_pid), plain, options.seconds, environment, database)
    return rows


def targets(
    row: Row,
    portal: tuple[str, int],
    plain: tuple[str, int],
    orm: tuple[str, int] | None,
    bare: tuple[str, int],
    nginx: tuple[str, int] | None,
) -> Iterator[tuple[str, str, int]]:
    """System, address and process of each server that has the page."""
    yield "bare", f"{bare[0]}/{quote(row.name)}", bare[1]
    yield "copy", portal[0] + row.path, portal[1]
    yield "no copy", plain[0] + row.path, plain[1]
    if orm is not None and row.name != "home":
        path = "/items/?page=500" if row.name == "page 500" else row.path
        yield "plain ORM", orm[0] + path, orm[1]
    if nginx is not None:
        yield "nginx static", f"{nginx[0]}/static-copy/{quote(row.name)}", nginx[1]
        yield "nginx copy", nginx[0] + row.path, nginx[1]


def bare_environment(environment: dict[str, str], folder: Path) -> dict[str, str]:
    """What the bare view needs: the folder of the pages."""
    return {**environment, "BARE_PAGES": str(folder / "pages")}


def of_nginx(rows: list[Row]) -> Iterator[Goal]:
    """Goal 8: nginx with its one-second copy beside nginx with the same bytes as files."""
    for row in rows:
        if "nginx copy" in row.shots:
            ratio = median(row.shots["nginx copy"], "rate") / median(row.shots["nginx static"], "rate")
            yield Goal(8, f"{row.name}, behind nginx with a copy of one second", ratio, 0.7, True)


def of_changes(
    rows: list[Row],
    portal: tuple[str, int],
    plain: tuple[str, int],
    seconds: int,
    environment: dict[str, str],
    database: int,
) -> Iterator[Goal]:
    """Goal 6: something changes every second, with copies and without."""
    for row in rows:
        if row.name in ("list", "item"):
            rates = []
            for address, pid in (portal, plain):
                with changing(environment):
                    rates.append(shoot(address + row.path, seconds, pid, database).rate)
            yield Goal(6, f"{row.name}, a change every second, beside no copies", rates[0] / rates[1], 0.9, True)


@contextmanager
def changing(environment: dict[str, str]) -> Iterator[None]:
    """Change one release every second, another each time, until the end of the block."""
    over = threading.Event()

    def change() -> None:
        statement = "UPDATE disclosures_release SET is_focus = is_focus WHERE id = (SELECT id FROM disclosures_release"
        while not over.wait(1.0):
            query(environment["DATABASE_URL"], f"{statement} ORDER BY random() LIMIT 1)")

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def database_pid(address: str) -> int:
    """Process number of the database's first process, under which every connection runs."""
    folder = query(address, "SHOW data_directory")
    return int((Path(folder) / "postmaster.pid").read_text().split("\n", 1)[0])


def weigh_pages(portal: str, environment: dict[str, str], folder: Path) -> list[Row]:
    """Every measured page with its weight and queries; its bytes are kept for the bare view."""
    pages = measured_pages(environment)
    counting = [sys.executable, str(ROOT / "scripts" / "count_queries.py"), *pages.values()]
    counted = subprocess.run(counting, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, timeout=PATIENCE)
    queries = json.loads(counted.stdout)
    (folder / "pages").mkdir(exist_ok=True)
    rows = []
    for name, path in pages.items():
        (folder / "pages" / name).write_bytes(weigh.fetch(portal + path, "identity")[0])
        rows.append(Row(name, path, weigh.weigh(portal + path), queries[path]))
    return rows


def measured_pages(environment: dict[str, str]) -> dict[str, str]:
    """Names and addresses of the pages that are measured; the item is a public one in the middle of the ten years."""
    number = query(
        environment["DATABASE_URL"],
        "SELECT i.number FROM disclosures_release r JOIN disclosures_item i ON i.id = r.item_id"
        " WHERE r.is_generated AND r.public_from <= now() AND r.public_until IS NULL ORDER BY r.public_from"
        " OFFSET (SELECT count(*) / 3 FROM disclosures_release) LIMIT 1",
    )
    pages = (
        {}
        if int(query(environment["DATABASE_URL"], "SELECT count(*) FROM disclosures_release")) < DEEP * 2
        else {"page 500": f"/items/?after={key_before(environment)}"}
    )
    slug = query(environment["DATABASE_URL"], "SELECT slug FROM disclosures_category ORDER BY id LIMIT 1")
    return {
        "home": "/",
        "list": "/items/",
        **pages,
        "item": f"/items/{number}/",
        "category": f"/categories/{slug}/",
        "search": f"/search/?q={quote(SEARCH_WORD)}",
    }


def key_before(environment: dict[str, str]) -> str:
    """The key of the last row of page 499, as `disclosures.listing.Key` writes it."""
    micros, uid = query(
        environment["DATABASE_URL"],
        "SELECT (extract(epoch FROM public_since) * 1000000)::bigint, uid FROM disclosures_release"
        " WHERE public_from <= now() AND (public_until IS NULL OR public_until > now())"
        " ORDER BY public_since DESC, id DESC OFFSET 9979 LIMIT 1",
    ).split("|")
    return base64.urlsafe_b64encode(struct.pack(">q16s", int(micros), UUID(uid).bytes)).decode()


def shoot(address: str, seconds: int, server: int, database: int) -> Shot:
    """Warm up, then measure one burst."""
    for _time in range(FIRST):  # the first answer of each process reads its templates and counts the archive
        weigh.fetch(address, "identity")
    with suppress(RuntimeError):
        wrk(address, WARM_UP)
    begun = time.monotonic()
    before = (cpu.of_tree(server), cpu.of_tree(database), cpu.of_machine(), _own_cpu())
    rate, requests, failures, latency = wrk_until_answered(address, seconds)
    after = (cpu.of_tree(server), cpu.of_tree(database), cpu.of_machine(), _own_cpu())
    app, data, machine, own = (late - early for early, late in zip(before, after, strict=True))
    foreign = max(0.0, machine - app - data - own) / ((time.monotonic() - begun) * (os.cpu_count() or 1))
    return Shot(rate, 1000 * app / requests, 1000 * data / requests, foreign, failures, latency)


def _own_cpu() -> float:
    """Seconds that this process and its ended children (wrk) have used."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def wrk_until_answered(address: str, seconds: int) -> tuple[float, int, int, float]:
    """As `wrk`; once more and for longer where no answer came in time, as from plain Django deep in a large archive."""
    try:
        return wrk(address, seconds)
    except RuntimeError:
        return wrk(address, seconds * SLOW)


def wrk(address: str, seconds: int) -> tuple[float, int, int, float]:
    """Requests a second, requests in all, failures and median milliseconds of one burst.

    Raises RuntimeError when nothing was answered.
    """
    command = ["wrk", "-t1", "--latency", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    rate, done = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
    if rate is None or done is None or done[1] == "0":
        raise RuntimeError(f"No answer from {address}:\n{said}")
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    failures = int(wrong[1]) if wrong else 0
    half = re.search(r"50%\s+([\d.]+)(us|ms|s)", said)
    latency = float(half[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[half[2]] if half else 0.0
    return float(rate[1]), int(done[1]), failures + sum(map(int, broken.groups() if broken else ())), latency


def print_table(rows: list[Row], size: int, options: argparse.Namespace, load: float, seconds: float) -> None:
    """Figures as a Markdown table, with what one must know to judge them."""
    shots = [shot for row in rows for shot in every_shot(row)]
    foreign = statistics.median(shot.foreign for shot in shots)
    print()
    for cells in (HEAD, ["---"] * len(HEAD), *(row.cells() for row in rows)):
        print("| " + " | ".join(cells) + " |")
    print(
        f"\n{size:,} items, PostgreSQL, {options.rounds} alternating rounds of {options.seconds} s,"
        f" {CONNECTIONS} connections, {os.cpu_count()} cores; load before the run {load:.2f}, foreign load"
        f" {foreign:.0%} (median; highest {max(shot.foreign for shot in shots):.0%}); the whole run {seconds:.0f} s."
    )
    failures = sum(shot.failures for shot in shots)
    if failures:
        print(f"{failures} requests failed: these figures mean nothing.")
    elif foreign > FOREIGN_LIMIT:
        print("Others used this machine during the run: these figures are no evidence.")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except MissingPackage as refusal:
        sys.exit(str(refusal))
