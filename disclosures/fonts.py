"""What the machine must have to set Chinese into a PDF: a font and the library that shapes it."""

import ctypes
import shutil
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register

LIBRARIES = {"libpango-1.0.so.0": "libpango-1.0-0", "libpangoft2-1.0.so.0": "libpangoft2-1.0-0"}
FONT_PACKAGE = "fonts-noto-cjk"
PATIENCE = 20  # seconds for fontconfig, which may have to build its cache first


@lru_cache(maxsize=1)
def chinese_font() -> str:
    """Family of a Chinese font that fontconfig knows, one with serifs where there is one; empty where there is none."""
    if not shutil.which("fc-list"):
        return ""
    command = ["fc-list", ":lang=zh-cn", "family"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    families = sorted(line.split(",")[0].strip() for line in done.stdout.splitlines() if line.strip())
    with_serifs = [name for name in families if "Serif" in name or "Song" in name or "Ming" in name]
    return next(iter(with_serifs or families), "")


def missing_packages() -> list[str]:
    """Debian packages without which no approval sheet becomes a PDF on this machine."""
    libraries = [package for library, package in LIBRARIES.items() if not _is_there(library)]
    return libraries if chinese_font() else [*libraries, FONT_PACKAGE]


def _is_there(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@register()
def check_fonts(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn that sheets can be printed from the browser only; everything else of the portal works without."""
    missing = missing_packages()
    if not missing:
        return []
    message = "Approval sheets cannot be made as PDF: a Chinese font or the library that sets it is missing."
    hint = f"Install as root: apt-get install {' '.join(missing)}"
    return [Warning(message, hint=hint, id="disclosures.W501")]
