"""`make bench`: pages of the portal beside a bare Django view of the same bytes, in one run on loopback.

Everything is made for the run and goes with it: a private PostgreSQL, a data folder, two gunicorns with the shipped
configuration. Quote ratios of one run; a run with more than 10 % foreign load is no evidence.
"""

import argparse
import json
import os
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from environ import Env

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts import cpu, weigh
from scripts.debian import MissingPackage, install
from scripts.keys import identity_key
from scripts.with_postgres import STOPS, find_binaries, private_server, stop

ROOT = Path(__file__).resolve().parent.parent
SEARCH_WORD = "经费"
CONNECTIONS = 16
WARM_UP = 1  # seconds
FOREIGN_VARIABLES = ("PORTAL_", "DJANGO_", "DEBUG", "CACHE_URL", "ALLOWED_HOSTS", "WEB_CONCURRENCY")
FOREIGN_LIMIT = 0.10
PREPARING = 600  # seconds that any one step of the preparation may take


@dataclass(frozen=True)
class Shot:
    """One burst of requests: how many a second, CPU milliseconds a request, share of foreign load, failures."""

    rate: float
    app_ms: float
    database_ms: float
    foreign: float
    failures: int


@dataclass
class Row:
    """One page with its bursts and those of the bare view with the same bytes."""

    name: str
    path: str
    weight: weigh.Weight
    queries: int
    portal: list[Shot] = field(default_factory=list)
    bare: list[Shot] = field(default_factory=list)

    def cells(self) -> list[str]:
        """The row as printed: medians of the rounds."""
        rate, bare = _median(self.portal, "rate"), _median(self.bare, "rate")
        return [
            self.name,
            f"{rate:,.0f}",
            f"{bare:,.0f}",
            f"{rate / bare:.3f}",
            f"{_median(self.portal, 'app_ms'):.2f}",
            f"{_median(self.portal, 'database_ms'):.2f}",
            str(self.queries),
            f"{self.weight.html / 1024:.1f}",
            f"{self.weight.html_sent / 1024:.1f}",
            f"{self.weight.html_gzip / 1024:.1f}",
            f"{self.weight.static_sent / 1024:.1f} ({self.weight.files})",
        ]


HEAD = [
    "page",
    "req/s",
    "bare req/s",
    "ratio",
    "app CPU ms",
    "db CPU ms",
    "queries",
    "HTML KB",
    "HTML KB sent",
    "HTML KB gzip",
    "static KB sent (files)",
]


def _median(shots: list[Shot], name: str) -> float:
    return statistics.median(getattr(shot, name) for shot in shots)


def main() -> int:
    """Prepare, measure, print; 1 when a page failed."""
    options = read_options()
    for each in STOPS:
        signal.signal(each, stop)
    find_wrk()
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    try:
        with private_server() as address:
            return run(options, folder, environment_for(address, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read_options() -> argparse.Namespace:
    """The options of the command line; --quick is a check that everything works, not a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, help="items to generate (20000; with --quick 1000)")
    parser.add_argument("--rounds", type=int, help="alternating rounds (3; with --quick 1)")
    parser.add_argument("--seconds", type=int, help="length of one burst (4; with --quick 1)")
    parser.add_argument("--quick", action="store_true", help="under a minute")
    options = parser.parse_args()
    usual = (1000, 1, 1) if options.quick else (20_000, 3, 4)
    for name, value in zip(("count", "rounds", "seconds"), usual, strict=True):
        setattr(options, name, getattr(options, name) or value)
    return options


def find_wrk() -> None:
    """Make sure that wrk is there. Raises MissingPackage when it is not and cannot be installed."""
    if not shutil.which("wrk"):
        install("wrk")


def environment_for(address: str, folder: Path) -> dict[str, str]:
    """The variables of a portal in production, but for plain HTTP on loopback."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN_VARIABLES)}
    return {
        **clean,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "disclosure_portal.settings",
        "PORTAL_DATA_DIR": str(folder / "data"),
        "SECRET_KEY": secrets.token_urlsafe(64),
        "PORTAL_IDENTITY_KEY": identity_key(),
        "PORTAL_ALLOW_HTTP": "1",
        "PYTHONPATH": str(ROOT),
    }


def run(options: argparse.Namespace, folder: Path, environment: dict[str, str]) -> int:
    """The whole run beside a running database."""
    started = time.monotonic()
    load = os.getloadavg()[0]
    prepare(options.count, folder, environment)
    database = database_pid(environment["DATABASE_URL"])
    with serving("disclosure_portal.wsgi", environment, folder) as (portal, portal_pid):
        rows = weigh_pages(portal, environment, folder)
        bare_environment = {**environment, "BARE_PAGES": str(folder / "pages")}
        with serving("scripts.bare_view", bare_environment, folder) as (bare, bare_pid):
            for _round in range(options.rounds):
                for row in rows:
                    row.portal.append(shoot(portal + row.path, options.seconds, portal_pid, database))
                    row.bare.append(shoot(f"{bare}/{row.name}", options.seconds, bare_pid, database))
    print_table(rows, options, load, time.monotonic() - started)
    return 1 if any(shot.failures for row in rows for shot in row.portal + row.bare) else 0


def prepare(count: int, folder: Path, environment: dict[str, str]) -> None:
    """Tables, seed, items, statistics of the database, static files."""
    (folder / "data").mkdir(mode=0o700)
    say(f"Preparing {count} items in a private PostgreSQL ...")
    subprocess.run([sys.executable, ROOT / "scripts" / "compile_messages.py"], check=True, timeout=PREPARING)
    manage(environment, "migrate", "--no-input", "--verbosity", "0")
    manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    manage(environment, "seed_portal")
    say(manage(environment, "generate_items", "--count", str(count), "--seed", "1").splitlines()[-1])
    query(environment["DATABASE_URL"], "VACUUM ANALYZE")


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run one command of the portal and return what it printed."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=PREPARING
    )
    return done.stdout


def query(address: str, statement: str) -> str:
    """What the database answers to one statement, outside a transaction, as plain text."""
    place = Env.db_url_config(address)
    psql = [str(find_binaries() / "psql"), "-h", place["HOST"], "-U", place["USER"], "-d", place["NAME"], "-qAtc"]
    done = subprocess.run([*psql, statement], stdout=subprocess.PIPE, text=True, check=True, timeout=PREPARING)
    return done.stdout.strip()


def database_pid(address: str) -> int:
    """Process number of the database's first process, under which every connection runs."""
    folder = query(address, "SHOW data_directory")
    return int((Path(folder) / "postmaster.pid").read_text().split("\n", 1)[0])


@contextmanager
def serving(application: str, environment: dict[str, str], folder: Path) -> Iterator[tuple[str, int]]:
    """Serve a WSGI application with the shipped gunicorn configuration; yield its address and process number.

    Only one thing differs: workers are not renewed after so many requests, which would fall into a burst.
    """
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:disclosure_portal.gunicorn"]
    with (folder / f"{application}.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--max-requests", "0", application],
            cwd=ROOT,
            env={**environment, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
        try:
            wait_for(port, server, folder / f"{application}.log")
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers; raises RuntimeError with its log when it ends or stays silent."""
    for _attempt in range(200):
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"A server did not start:\n{log.read_text()}")


def weigh_pages(portal: str, environment: dict[str, str], folder: Path) -> list[Row]:
    """Every measured page with its weight and queries; its bytes are kept for the bare view."""
    pages = measured_pages(environment)
    counting = [sys.executable, str(ROOT / "scripts" / "count_queries.py"), *pages.values()]
    counted = subprocess.run(counting, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, timeout=PREPARING)
    queries = json.loads(counted.stdout)
    (folder / "pages").mkdir()
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
    slug = query(environment["DATABASE_URL"], "SELECT slug FROM disclosures_category ORDER BY id LIMIT 1")
    return {
        "home": "/",
        "list": "/items/",
        "item": f"/items/{number}/",
        "category": f"/categories/{slug}/",
        "search": f"/search/?q={quote(SEARCH_WORD)}",
    }


def shoot(address: str, seconds: int, server: int, database: int) -> Shot:
    """Warm up, then measure one burst."""
    wrk(address, WARM_UP)
    before = (cpu.of_tree(server), cpu.of_tree(database), cpu.of_machine(), _own_cpu())
    rate, requests, failures = wrk(address, seconds)
    after = (cpu.of_tree(server), cpu.of_tree(database), cpu.of_machine(), _own_cpu())
    app, data, machine, own = (late - early for early, late in zip(before, after, strict=True))
    foreign = max(0.0, machine - app - data - own) / (seconds * (os.cpu_count() or 1))
    return Shot(rate, 1000 * app / requests, 1000 * data / requests, foreign, failures)


def _own_cpu() -> float:
    """Seconds that this process and its ended children (wrk) have used."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def wrk(address: str, seconds: int) -> tuple[float, int, int]:
    """Requests a second, requests in all and failures of one burst. Raises RuntimeError when nothing was answered."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    rate, done = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
    if rate is None or done is None or done[1] == "0":
        raise RuntimeError(f"No answer from {address}:\n{said}")
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    failures = int(wrong[1]) if wrong else 0
    return float(rate[1]), int(done[1]), failures + sum(map(int, broken.groups() if broken else ()))


def print_table(rows: list[Row], options: argparse.Namespace, load: float, seconds: float) -> None:
    """Figures as a Markdown table, with what one must know to judge them."""
    shots = [shot for row in rows for shot in row.portal + row.bare]
    foreign = statistics.median(shot.foreign for shot in shots)
    print()
    for cells in (HEAD, ["---"] * len(HEAD), *(row.cells() for row in rows)):
        print("| " + " | ".join(cells) + " |")
    print(
        f"\n{options.count} items, PostgreSQL, {options.rounds} alternating rounds of {options.seconds} s,"
        f" {CONNECTIONS} connections, {os.cpu_count()} cores; load before the run {load:.2f}, foreign load"
        f" {foreign:.0%} (median; highest {max(shot.foreign for shot in shots):.0%}); the whole run {seconds:.0f} s."
    )
    failures = sum(shot.failures for shot in shots)
    if failures:
        print(f"{failures} requests failed: these figures mean nothing.")
    elif foreign > FOREIGN_LIMIT:
        print("Others used this machine during the run: these figures are no evidence.")


def say(line: str) -> None:
    """Tell what is being done, apart from the figures."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except MissingPackage as refusal:
        sys.exit(str(refusal))
