"""Finds what the browser journeys need: Debian's Chromium, a Chinese font, the libraries its driver and PDF stand on.

As a command, it installs what is missing.
"""

import ctypes
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a command too

from scripts.debian import MissingPackage, install


def find_chromium() -> Path:
    """Return the browser's path. Raises MissingPackage naming what to install."""
    absent = missing_packages()
    if absent:
        names = " ".join(absent)
        raise MissingPackage(f"The browser journeys need {names}. Install it as root with: apt-get install {names}")
    return Path(str(shutil.which("chromium")))


def missing_packages() -> list[str]:
    """Return the Debian packages that the journeys need and this machine lacks."""
    present = {
        "chromium": shutil.which("chromium") is not None,
        "fonts-noto-cjk": has_chinese_font(),
        "libatomic1": has_library("libatomic.so.1"),
        "libpango-1.0-0": has_library("libpango-1.0.so.0"),
        "libpangoft2-1.0-0": has_library("libpangoft2-1.0.so.0"),
    }
    return [package for package, is_there in present.items() if not is_there]


def has_library(name: str) -> bool:
    """Return whether the dynamic loader finds a library; the browser's driver needs one a bare Debian lacks."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_chinese_font() -> bool:
    """Return whether pages in Chinese would show characters instead of boxes."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout)


if __name__ == "__main__":
    try:
        if missing_packages():
            install(*missing_packages())
        print(find_chromium())
    except MissingPackage as refusal:
        sys.exit(str(refusal))
