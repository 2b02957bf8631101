"""Runs a command beside a private PostgreSQL that lives in a temporary folder and answers on a socket there alone.

`python scripts/with_postgres.py -- pytest` sets DATABASE_URL for the command and returns its exit code. The server
stops and its folder goes when the command ends, fails or is interrupted. Nothing is written durably unless asked for:
tests only.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a command too

from scripts.debian import MissingPackage, install

SERVER_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}  # as a server in earnest
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def find_binaries() -> Path:
    """Return the folder of the server's programs, installed first when root and there is none."""
    if newest_binaries() is None:
        install("postgresql")
    folder = newest_binaries()
    if folder is None:
        raise MissingPackage("The package postgresql is installed, yet /usr/lib/postgresql holds no server programs.")
    return folder


def newest_binaries() -> Path | None:
    """Return the folder that holds initdb and pg_ctl of the highest version, or None."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: float(folder.parent.name), default=None)


def as_server_account(command: list[str], folder: Path) -> None:
    """Run one of the server's programs; as the account `postgres` when root, because initdb refuses root."""
    account = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    log = folder / "setup.log"
    with log.open("a") as output:
        done = subprocess.run(
            [*account, *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop the server in order
            check=False,
        )
    if done.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} of PostgreSQL failed:\n{log.read_text()}")


@contextmanager
def private_server(*, durable: bool = False, kept: Path | None = None) -> Iterator[str]:
    """Yield the DATABASE_URL of a fresh server; a durable one writes to disk before it says that it has stored.

    A `kept` folder holds the databases of an earlier run, or will hold those of this one when it is not there yet.
    """
    binaries = find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))  # short: a socket's path may have 107 bytes
    try:
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = str(kept or folder / "data")
        initdb = [str(binaries / "initdb"), "-D", data, "-U", "portal", "-A", "trust", "-N"]
        if not Path(data).exists():
            as_server_account([*initdb, "-E", "UTF8", "--locale=C.UTF-8"], folder)
        settings = SERVER_OPTIONS | (DURABLE if durable else {})
        options = [f"-c {name}={value}" if value else f"-c {name}=''" for name, value in settings.items()]
        options += [f"-c unix_socket_directories={folder}", "-c unix_socket_permissions=0777"]
        server = [str(binaries / "pg_ctl"), "-D", data, "-w", "-s"]
        as_server_account([*server, "-l", str(folder / "server.log"), "-o", " ".join(options), "start"], folder)
        folder.chmod(0o755)
        try:
            yield f"postgres://portal@/{folder}/postgres"
        finally:
            as_server_account([*server, "-m", "fast" if kept else "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stop(number: int, _frame: FrameType | None) -> None:
    """Turn the first signal into an ordinary exit, so that the server is stopped on the way out."""
    for each in STOPS:
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    """Run the command after `--`; return its exit code."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.exit("Name a command: scripts/with_postgres.py -- pytest")
    for each in STOPS:
        signal.signal(each, stop)
    with private_server() as address:
        return run_beside(command, {**os.environ, "DATABASE_URL": address})


def run_beside(command: list[str], environment: dict[str, str]) -> int:
    """Run the command and wait; when we are told to stop, tell it and give it ten seconds."""
    child = subprocess.Popen(command, env=environment)
    try:
        return child.wait()
    finally:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except MissingPackage as refusal:
        sys.exit(str(refusal))
