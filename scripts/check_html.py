"""Runs the Nu HTML checker over pages; as a command, fetches it once through npm and checks every page type.

`java` and `npm` are needed once; nothing of it ships. The pages are rendered by `tests/test_html.py`.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a command too

from scripts.debian import MissingPackage

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "vnu-jar@26.9.27"
INSIDE = "package/build/dist/vnu.jar"
SHA256 = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"
KEPT = ROOT / "var" / "vnu" / "vnu.jar"  # var/ is never part of the repository


def find_checker() -> Path | None:
    """Where the checker is, or None; `VNU_JAR` names another place. Java is needed to run it."""
    jar = Path(os.environ.get("VNU_JAR", KEPT))
    return jar if jar.is_file() and shutil.which("java") else None


def fetch_checker() -> Path:
    """Get the checker from npm, with its digest compared. Raises MissingPackage naming what is absent."""
    absent = [name for name in ("java", "npm") if not shutil.which(name)]
    if absent:
        raise MissingPackage(f"The HTML checker needs {' and '.join(absent)}: apt-get install default-jre-headless npm")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, stdout=sys.stderr, check=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            member = package.extractfile(INSIDE)
            assert member is not None
            content = member.read()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise MissingPackage(f"{PACKAGE} is not the file it was when its digest was written down.")
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_bytes(content)
    return KEPT


def faults_of(pages: Mapping[str, str], jar: Path) -> list[str]:
    """What the checker calls an error in `pages` (text by name): one sentence a fault, each said once."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for place, (name, text) in enumerate(pages.items()):
            path = Path(folder) / f"{place}.html"
            path.write_text(text, encoding="utf-8")
            names[path.name] = name
        command = ["java", "-Xmx512m", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always", folder]
        said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    found = [message for message in json.loads(said.stdout)["messages"] if message["type"] != "info"]
    return list(dict.fromkeys(sentence(message, names) for message in found))


def sentence(message: Mapping[str, str], names: Mapping[str, str]) -> str:
    """A message with the page it is about."""
    page = names.get(Path(message.get("url", "")).name, "?")
    return f"{page}: {message['message']}  {' '.join(message.get('extract', '').split())}"


def main() -> int:
    """Get the checker where it is not there yet, then check every page type; the status for the shell."""
    try:
        jar = find_checker() or fetch_checker()
    except MissingPackage as absent:
        print(absent, file=sys.stderr)
        return 1
    environment = {**os.environ, "VNU_JAR": str(jar)}
    command = [sys.executable, "-m", "pytest", "-q", "tests/test_html.py", *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
