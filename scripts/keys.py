"""Makes the portal's keys once and prints them for the shell: `eval "$(python scripts/keys.py)"`.

They stand in PORTAL_DATA_DIR, readable by their owner alone. A server's own environment comes before them.
"""

import base64
import os
import secrets
import shlex
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def identity_key() -> str:
    """Return a fresh AES-256 key as urlsafe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


KEYS: dict[str, tuple[str, Callable[[], str]]] = {
    "SECRET_KEY": ("secret_key", lambda: secrets.token_urlsafe(64)),
    "PORTAL_IDENTITY_KEY": ("identity_key", identity_key),
}


def keep(path: Path, make: Callable[[], str]) -> str:
    """Return the key in `path`, made first if there is none; mode 600 from its first byte, never overwritten."""
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(make() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # another run was faster: its key counts
        finally:
            fresh.unlink()
    return path.read_text().strip()


def main() -> None:
    """Print `export NAME=value` for each key that the environment does not hold."""
    folder = Path(os.environ.get("PORTAL_DATA_DIR") or ROOT / "var")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for variable, (name, make) in KEYS.items():
        if not os.environ.get(variable):
            print(f"export {variable}={shlex.quote(keep(folder / name, make))}")


if __name__ == "__main__":
    main()
