"""Gets a Debian package that a script needs: installed when root, named in one sentence otherwise.

Runs with the bare system Python, before any environment exists: `python3 scripts/debian.py python3.11-venv`.
"""

import os
import shutil
import subprocess
import sys


class MissingPackage(Exception):
    """Something of the operating system is not there; the message says in one sentence what to install."""


def install(*packages: str) -> None:
    """Install Debian packages. Raises MissingPackage when this account may not, or apt-get does not succeed."""
    names = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise MissingPackage(f"Missing here: {names}. Install it as root with: apt-get install {names}")
    print(f"Installing Debian packages: {names} ...", file=sys.stderr, flush=True)
    quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*quiet, "update"], env=environment, stdout=sys.stderr, check=False)
    done = subprocess.run(
        [*quiet, "install", "-y", "--no-install-recommends", *packages],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        check=False,
    )
    if done.returncode != 0:
        raise MissingPackage(f"apt-get could not install {names}; its message stands above.")


if __name__ == "__main__":
    try:
        install(*sys.argv[1:])
    except MissingPackage as refusal:
        sys.exit(str(refusal))
