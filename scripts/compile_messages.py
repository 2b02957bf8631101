"""Compiles the message catalogues (locale/*/LC_MESSAGES/*.po) beside their sources, without GNU gettext."""

import os
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parent.parent


def compile_all(root: Path = ROOT) -> list[str]:
    """Compile every catalogue that is newer than its compiled form; return what is wrong, a line each."""
    problems: list[str] = []
    for source in sorted(root.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns != source.stat().st_mtime_ns:
            problems += compile_one(source, target)
    return problems


def compile_one(source: Path, target: Path) -> list[str]:
    """Write one catalogue and give it the source's time; a catalogue with a problem is not written."""
    stamp = source.stat()
    try:
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        return [f"{source}: {error}"]
    problems = [f"{source}:{sentence}" for sentence in faults(catalogue)]
    if not problems:
        content = BytesIO()
        write_mo(content, catalogue)
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        fresh.write_bytes(content.getvalue())
        os.utime(fresh, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        fresh.replace(target)  # a reader never sees half a file
    return problems


def faults(catalogue: Catalog) -> Iterator[str]:
    """Yield translations that would break at run time: placeholders unlike the original's, wrong plural counts."""
    for message, errors in catalogue.check():
        for error in errors if "%(" in str(message.id) else []:  # "100% done" is no placeholder
            yield f"{message.lineno}: {error} ({message.id!r})"


if __name__ == "__main__":
    sys.exit("\n".join(compile_all()) or 0)
