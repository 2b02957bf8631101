"""Stored files read for screening: small ones at once, large ones behind the answer, each in a limited process."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from disclosures.models import FileText, StoredFile
from disclosures.places import place_words
from disclosures.search.documents import index_file
from disclosures.uploads import stored_path

AT_ONCE_BYTES = 2 * 1024 * 1024
AT_ONCE_SECONDS = 3  # a request answers within five; what takes longer is read behind it
BEHIND_SECONDS = 120
ATTEMPTS = 3
LEFT_BEHIND = timedelta(minutes=2)  # waiting longer than this means that nobody reads it
STUCK = timedelta(seconds=3 * BEHIND_SECONDS)
MAX_LINE = 32 * 1024 * 1024  # bytes the reading process may say in all
KNOWN = frozenset("pdf docx xlsx pptx wps et jpg jpeg png gif webp zip".split())
State = FileText.State


@dataclass
class Extracted:
    """What the reading process said of one file."""

    parts: list[dict[str, Any]] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    reason: str = ""

    @property
    def state(self) -> str:
        """How the file counts."""
        if self.reason:
            return State.UNREADABLE
        return State.READ if self.parts or self.gaps else State.EMPTY


def extract(
    path: Path, extension: str, *, seconds: int = AT_ONCE_SECONDS, told: Callable[[int], None] = lambda percent: None
) -> Extracted:
    """Read `path` in a process with little memory and at most `seconds`; never raises for what the file holds."""
    result = Extracted()
    if extension not in KNOWN:
        result.reason = "format"
        return result
    command = [sys.executable, "-m", "disclosures.extraction", str(path), extension, str(seconds)]
    process = subprocess.Popen(  # noqa: S603 our own module, no shell
        command,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
    )
    try:
        result.reason = _listen(process, result, time.monotonic() + seconds, told)
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()
    return result


def ensure_read(file: StoredFile, filename: str = "") -> FileText:
    """The text of `file`: read now when small, else waiting for a process that starts when this is committed."""
    text, is_new = FileText.objects.get_or_create(file=file, defaults={"changed_at": timezone.now()})
    if not is_new and text.state != State.PENDING:
        return text
    is_inline = settings.PORTAL_READ_FILES == "inline"
    if is_inline or file.size <= AT_ONCE_BYTES or file.extension not in KNOWN:
        seconds = BEHIND_SECONDS if is_inline else AT_ONCE_SECONDS
        extracted = extract(stored_path(file.sha256), file.extension, seconds=seconds)
        if is_inline or extracted.reason != "time":
            _keep(text, extracted)
            return text
    read_on_commit(file)
    return text


def read_on_commit(file: StoredFile) -> None:
    """Let `manage.py read_file` do behind the answer what nobody should wait for, once this transaction is through."""
    transaction.on_commit(partial(_start_behind, file.sha256))


def read_behind(sha256: str) -> None:
    """Read one waiting file to its end, telling the progress; does nothing when another process has it."""
    claimed = FileText.objects.filter(file__sha256=sha256, state=State.PENDING)
    if not claimed.update(state=State.READING, attempts=F("attempts") + 1, changed_at=timezone.now()):
        return
    text = FileText.objects.select_related("file").get(file__sha256=sha256)
    rows = FileText.objects.filter(pk=text.pk, state=State.READING)
    extracted = extract(
        stored_path(sha256),
        text.file.extension,
        seconds=BEHIND_SECONDS,
        told=partial(_tell, rows),
    )
    if rows.exists():  # a file destroyed in the meantime is not remembered again
        _keep(text, extracted)


def read_waiting(at: datetime) -> int:
    """Read what was left behind by processes that died; returns how many files. Files that kill every reader end."""
    stuck = FileText.objects.filter(state=State.READING, changed_at__lt=at - STUCK)
    stuck.filter(attempts__gte=ATTEMPTS).update(state=State.UNREADABLE, reason="failed", changed_at=at)
    stuck.update(state=State.PENDING, changed_at=at - STUCK)
    waiting = FileText.objects.filter(state=State.PENDING, changed_at__lt=at - LEFT_BEHIND)
    digests = list(waiting.values_list("file__sha256", flat=True)[:50])
    for sha256 in digests:
        read_behind(sha256)
    return len(digests)


def forget(file: StoredFile) -> None:
    """Destroy the text read from `file`, for a file that is destroyed itself."""
    FileText.objects.filter(file=file).update(
        state=State.UNREADABLE, reason="destroyed", parts=[], gaps=[], changed_at=timezone.now()
    )
    index_file(file)


def _tell(rows: QuerySet[FileText], percent: int) -> None:
    rows.update(progress=percent)


def _start_behind(sha256: str) -> None:
    """A process of its own that outlives the request; `tick` picks up what it leaves."""
    command = [sys.executable, "manage.py", "read_file", sha256]
    quiet = subprocess.DEVNULL
    subprocess.Popen(  # noqa: S603 our own command, no shell
        command, cwd=settings.BASE_DIR, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )


def _keep(text: FileText, extracted: Extracted) -> None:
    text.state, text.reason, text.gaps = extracted.state, extracted.reason, extracted.gaps
    text.parts = [{**part, "where": place_words(part)} for part in extracted.parts]
    text.progress, text.changed_at = 100, timezone.now()
    with transaction.atomic():
        text.save(update_fields=["state", "reason", "gaps", "parts", "progress", "changed_at"])
        index_file(text.file)


def _listen(process: subprocess.Popen[bytes], result: Extracted, until: float, told: Callable[[int], None]) -> str:
    """Take lines till the end; returns why the file could not be read, or nothing."""
    for line in _lines(process, until):
        said = json.loads(line)
        if "part" in said:
            result.parts.append(_storable(said["part"]))
        elif "gap" in said:
            result.gaps.append(_storable(said["gap"]))
        elif "progress" in said:
            told(said["progress"])
        else:
            return str(said["end"])
    if time.monotonic() >= until:
        return "time"
    process.wait()
    return "time" if process.returncode in (-24, -9) else "memory" if process.returncode == -6 else "failed"


def _storable(said: dict[str, Any]) -> dict[str, Any]:
    """Without NUL and half signs, which no database takes; as long as before."""
    return {key: _clean(value) if isinstance(value, str) else value for key, value in said.items()}


def _clean(text: str) -> str:
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _lines(process: subprocess.Popen[bytes], until: float) -> Iterator[bytes]:
    """Whole lines of the process; ends with it, with the time, or when it says too much."""
    assert process.stdout
    handle, rest, size = process.stdout.fileno(), b"", 0
    while (left := until - time.monotonic()) > 0 and size <= MAX_LINE:
        if not select.select([handle], [], [], left)[0]:
            return
        chunk = os.read(handle, 1024 * 1024)
        if not chunk:
            return
        size += len(chunk)
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
