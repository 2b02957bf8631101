"""Sends opinions while workers, the whole application and PostgreSQL are killed with -9, and says what became of them.

A sender counts an opinion only when the receipt with its code came; after an error or silence the same form is sent
again, as a person would send the page that kept the text. Promised is that nothing acknowledged is lost or doubled,
that the answer meanwhile is a 503 that keeps the text, and that opinions arrive again within five seconds.
"""

import argparse
import os
import random
import shutil
import signal
import string
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a command too

from scripts import cpu
from scripts.debian import MissingPackage
from scripts.durability_ledger import Blow, Ledger, broken_promises, table
from scripts.durability_parts import Application, Database, faults_in, grouped, stored_by
from scripts.durability_senders import Sender
from scripts.front import Place, environment_for
from scripts.with_postgres import STOPS, private_server, stop

AT_LEAST = 2_000  # opinions acknowledged
KINDS = ("worker", "group", "database")
LONGEST_RUN = 600  # seconds, should that many need longer than was asked for
PAUSES = (0.5, 2.5)  # seconds of peace between a recovery and the next kill
AWAY = (0.2, 3.0)  # seconds the database stays away
PATIENCE = 30.0  # seconds for the first receipt after a kill


def main() -> int:
    """Furnish, send and kill, compare, print; 1 where a promise was not kept."""
    options = read_options()
    for each in STOPS:
        signal.signal(each, stop)
    with place(options.database) as at:
        at.manage("migrate", "--no-input", "--verbosity", "0")
        at.manage("collectstatic", "--no-input", "--verbosity", "0")
        at.manage("seed_portal")
        foreign, started = [used_by_others()], time.monotonic()
        ledger = run(at, options)
        seconds = time.monotonic() - started
        foreign.append(used_by_others())
        stored = stored_by(at, ledger.acknowledged)
        said = faults_in(at.folder / "gunicorn.log")
    kinds = options.kill
    for label, value in (*table(ledger, stored, kinds), ("seconds", f"{seconds:.0f}"), ("seed", str(options.seed))):
        print(f"| {label} | {value} |")
    print(f"\n{options.database}, {options.clients} senders, {os.cpu_count()} cores,", end=" ")
    print(f"others used {foreign[0]:.0%} of them just before the run and {foreign[1]:.0%} just after it.")
    broken = broken_promises(ledger, stored, at_least=options.at_least, kinds=kinds)
    for sentence in broken:
        print(f"Not kept: {sentence}.")
    for last, faults in grouped(said).items():
        print(f"Logged {len(faults)} times “{last}”, the first time:\n{faults[0]}")
    print("The promises were not kept." if broken else "Every promise was kept.")
    return 1 if broken else 0


def read_options() -> argparse.Namespace:
    """The options of the command line; --quick is a check that everything works, not a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--seconds", type=int, help="how long, and on until enough are acknowledged (60)")
    parser.add_argument("--at-least", type=int, help=f"opinions that must be acknowledged ({AT_LEAST})")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1, help="of what is killed when")
    parser.add_argument("--kill", nargs="+", choices=KINDS, help="what is killed (everything there is)")
    parser.add_argument("--quick", action="store_true", help="ten seconds")
    options = parser.parse_args()
    options.seconds = options.seconds or (10 if options.quick else 60)
    options.kill = tuple(options.kill or KINDS)
    if options.database == "sqlite":  # it has no process of its own
        options.kill = tuple(kind for kind in options.kill if kind != "database")
    options.at_least = options.at_least or (1 if options.quick else AT_LEAST)
    return options


def used_by_others(seconds: float = 3.0) -> float:
    """The share of the machine that is busy while this run rests; killed processes cannot be told apart later."""
    busy = cpu.of_machine()
    time.sleep(seconds)
    return (cpu.of_machine() - busy) / seconds / (os.cpu_count() or 1)


@contextmanager
def place(database: str) -> Iterator[Place]:
    """A folder with a fresh database that syncs to disk, both gone afterwards."""
    with ExitStack() as made:
        folder = Path(tempfile.mkdtemp(prefix="portal-durable-"))
        made.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "data").mkdir()
        if database == "postgresql":
            address = made.enter_context(private_server(durable=True))
        else:
            address = f"sqlite:///{folder}/data/portal.sqlite3"
        variables = {
            "PORTAL_ALLOW_HTTP": "1",
            "ALLOWED_HOSTS": "127.0.0.1",
            "PORTAL_SEND_PER_ADDRESS": "1000000",  # all senders share one address here
            "PORTAL_SEND_TOTAL": "1000000",
            "PORTAL_SEND_AFTER_SECONDS": "0",  # and type faster than people
        }
        environment = environment_for(address, folder)
        del environment["PORTAL_BEHIND_PROXY"], environment["PORTAL_ACCEL_PREFIX"]
        yield Place(folder, address, environment | variables)


def run(at: Place, options: argparse.Namespace) -> Ledger:
    """Send and kill until the time is over and enough is acknowledged."""
    ledger, ended = Ledger(), threading.Event()
    chance = random.Random(options.seed)  # noqa: S311  (a run can be repeated)
    with Application.started(at) as application:
        name = "".join(chance.choices(string.ascii_lowercase, k=8))
        senders = [Sender(application.port, f"{name}{letter}", ledger, ended) for letter in letters(options.clients)]
        for sender in senders:
            sender.start()
        began = time.monotonic()
        try:
            strike(at, application, ledger, chance, options, until=began + options.seconds)
        finally:
            ended.set()
            for sender in senders:
                sender.join()
    return ledger


def letters(count: int) -> Iterator[str]:
    """`a`, `b`, … as many as there are senders; no digits, which screening might take for a number of somebody."""
    for number in range(count):
        yield string.ascii_lowercase[number // 26] + string.ascii_lowercase[number % 26]


def strike(
    at: Place,
    application: Application,
    ledger: Ledger,
    chance: random.Random,
    options: argparse.Namespace,
    *,
    until: float,
) -> None:
    """Kill one thing after the other, each as often as the others; the next only after opinions arrive again."""
    last = until - options.seconds + LONGEST_RUN
    kinds: list[str] = []
    while (now := time.monotonic()) < until or (
        now < last and (kinds or len(ledger.acknowledged) < options.at_least)  # a round begun is ended
    ):
        time.sleep(chance.uniform(*PAUSES))
        if not kinds:
            kinds = list(options.kill)
            chance.shuffle(kinds)
        began = time.monotonic()
        blow(kinds.pop(), at, application, chance, ledger, began)


def blow(kind: str, at: Place, application: Application, chance: random.Random, ledger: Ledger, began: float) -> None:
    """Kill, bring back as a supervisor would, and wait for the first receipt."""
    if kind == "worker":
        application.kill_worker(chance)
    elif kind == "group":
        application.kill_all()
        application.start()
    else:
        database = Database(at)
        database.kill()
        time.sleep(chance.uniform(*AWAY))
        database.start()
    ledger.blows.append(Blow(kind, began, time.monotonic()))
    deadline = time.monotonic() + PATIENCE
    while ledger.first_success_after(ledger.blows[-1].back_at) is None and time.monotonic() < deadline:
        time.sleep(0.05)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except MissingPackage as refusal:
        sys.exit(str(refusal))
