"""What is killed with -9 and brought back: gunicorn as shipped, PostgreSQL; and what they hold afterwards."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from scripts.durability_ledger import Stored
from scripts.front import Place
from scripts.keys import ROOT
from scripts.servers import free_port, wait_for

FAULT = re.compile(r"^.*\nTraceback \(most recent call last\):\n(?:[ \t].*\n|Traceback .*\n|\n)*.*\n", re.MULTILINE)
COMPARE = """
import json, sys
from audit.models import Event
from feedback.models import Case, Identity
from feedback.tokens import digests_of
codes = json.load(open({path!r}))
cases = list(Case.objects.values_list("text", "code_digest", "is_named"))
digests = {{text.rsplit(" ", 1)[-1]: digest for text, digest, _named in cases}}
print(json.dumps({{
    "markers": [text.rsplit(" ", 1)[-1] for text, _digest, _named in cases],
    "wrong_codes": [m for m, code in codes.items() if m in digests and digests[m] not in digests_of(code)],
    "events": Event.objects.filter(verb="case.received").count(),
    "named": sum(named for _text, _digest, named in cases),
    "identities": Identity.objects.count(),
}}))
"""


@dataclass
class Application:
    """gunicorn with the shipped configuration, in a process group of its own."""

    place: Place
    port: int = field(default_factory=free_port)
    _server: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def started(cls, at: Place) -> Iterator["Application"]:
        """The application from when it answers until it is told to end."""
        application = cls(at)
        application.start()
        try:
            yield application
        finally:
            application.kill_all()

    @property
    def server(self) -> subprocess.Popen[bytes]:
        """The process that keeps the workers."""
        assert self._server is not None
        return self._server

    def start(self) -> None:
        """Start it as a supervisor would, and wait until its port is open."""
        log = self.place.folder / "gunicorn.log"
        command = [sys.executable, "-m", "gunicorn", "--config", "python:disclosure_portal.gunicorn"]
        with log.open("ab") as output:
            self._server = subprocess.Popen(
                [*command, "disclosure_portal.wsgi"],
                cwd=ROOT,
                env=self.place.environment | {"PORT": str(self.port)},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_for(self.port, self.server, log)

    def kill_worker(self, chance: random.Random) -> None:
        """Kill one worker; the server starts another."""
        workers = children_of(self.server.pid)
        if workers:
            kill(chance.choice(workers))

    def kill_all(self) -> None:
        """Kill the server and every worker at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()


@dataclass(frozen=True)
class Database:
    """A private PostgreSQL."""

    place: Place

    def kill(self) -> None:
        """Kill every process of the server; the first one is stopped before, so that it starts no more."""
        first = int((self.place.server / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(first, signal.SIGSTOP)
        for process in (*children_of(first), first):
            kill(process)

    def start(self, patience: float = 30.0) -> None:
        """Start it again; the memory of the killed one may have to go first."""
        deadline = time.monotonic() + patience
        while True:
            try:
                return self.place.start_database()
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)


def children_of(process: int) -> list[int]:
    """The processes that `process` started and that live."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def kill(process: int) -> None:
    """-9; one that has ended meanwhile is as good."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def faults_in(log: Path) -> list[str]:
    """Every traceback that the application logged, with the line before it."""
    return FAULT.findall(log.read_text(errors="replace"))


def grouped(faults: list[str]) -> dict[str, list[str]]:
    """Tracebacks by their last line."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.rstrip().rpartition("\n")[2], []).append(fault)
    return found


def stored_by(at: Place, acknowledged: Mapping[str, str]) -> Stored:
    """What the database holds, compared with the codes that senders hold, and whether the trail verifies."""
    path = at.folder / "acknowledged.json"
    path.write_text(json.dumps(dict(acknowledged)))
    told = json.loads(at.python(COMPARE.format(path=str(path))).strip().splitlines()[-1])
    try:
        at.manage("verify_audit")
        verifies = True
    except RuntimeError as failed:
        print(failed, file=sys.stderr)
        verifies = False
    return Stored(tuple(told.pop("markers")), tuple(told.pop("wrong_codes")), **told, trail_verifies=verifies)
