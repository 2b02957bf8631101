"""Portals filled to a size for a measurement: each a folder with its database and its files.

A larger one is made from a copy of the next smaller one. `make bench` forgets them; `--archives` keeps them for the
next run, because a million items take an hour.
"""

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from environ import Env

from scripts.with_postgres import find_binaries, private_server

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 2 * 3600  # seconds that any one step may take
APART = 5_000  # from so many items on the index of the search is faster made at the end


@contextmanager
def archive(root: Path, size: int, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The variables of a portal with `size` generated items, its database running; filled first where it is not."""
    folder = root / str(size)
    if not (folder / "ready").exists():
        _copy_smaller(root, size)
        with _running(folder, environment) as inside:
            _fill(size, inside)
        (folder / "ready").touch()
    with _running(folder, environment) as inside:
        manage(inside, "migrate", "--no-input", "--verbosity", "0")  # a kept one may be of older code
        manage(inside, "collectstatic", "--no-input", "--verbosity", "0")
        yield inside


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run one command of the portal and return what it printed."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=PATIENCE
    )
    return done.stdout


def query(address: str, statement: str) -> str:
    """What the database answers to one statement, outside a transaction, as plain text."""
    place = Env.db_url_config(address)
    psql = [str(find_binaries() / "psql"), "-h", place["HOST"], "-U", place["USER"], "-d", place["NAME"], "-qAtc"]
    done = subprocess.run([*psql, statement], stdout=subprocess.PIPE, text=True, check=True, timeout=PATIENCE)
    return done.stdout.strip()


def say(line: str) -> None:
    """Tell what is being done, apart from the figures."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def _running(folder: Path, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    with private_server(kept=folder / "database") as address:
        yield {**environment, "DATABASE_URL": address, "PORTAL_DATA_DIR": str(folder / "data")}


def _copy_smaller(root: Path, size: int) -> None:
    """A folder to fill: a copy of the largest smaller archive, or an empty one that the database's account may use."""
    folder = root / str(size)
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    smaller = [int(path.parent.name) for path in root.glob("*/ready") if int(path.parent.name) < size]
    if smaller:
        subprocess.run(["cp", "-a", "--reflink=auto", str(root / str(max(smaller))), str(folder)], check=True)
        (folder / "ready").unlink()
        return
    (folder / "data").mkdir(parents=True, mode=0o700)
    root.chmod(0o755)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _fill(size: int, environment: dict[str, str]) -> None:
    """Tables, seed and as many items as are missing; then the database counts."""
    say(f"Filling a portal to {size:,} items ...")
    manage(environment, "migrate", "--no-input", "--verbosity", "0")
    manage(environment, "seed_portal")
    present = int(query(environment["DATABASE_URL"], "SELECT count(*) FROM disclosures_release WHERE is_generated"))
    is_apart = size - present >= APART
    rest = ["--count", str(size - present), "--seed", "1", *(["--no-index"] if is_apart else [])]
    say(manage(environment, "generate_items", *rest).splitlines()[-1])
    if is_apart:
        say(manage(environment, "reindex", "--missing").splitlines()[-1])
    query(environment["DATABASE_URL"], "VACUUM ANALYZE")
