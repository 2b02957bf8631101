"""Collects every message of code and templates into the Chinese catalogue, without GNU gettext.

`python scripts/messages.py [more.po ...]` rewrites `locale/zh_Hans/LC_MESSAGES/django.po`: what is in use, sorted, with
the translations it knows (from the catalogue itself and from the files named), and lists what has none.
"""

import sys
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
ROOMS = ("disclosure_portal", "supervision", "feedback", "disclosures", "notifications", "organizations", "audit")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = "# Simplified Chinese of the portal. Written by hand; kept complete by scripts/messages.py and a test."
Message = str | tuple[str, ...]
Found = tuple[str, Message, str | None]


def messages() -> Iterator[Found]:
    """Every message in use: file, id (a pair for plurals), context."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _in(path, path.read_bytes())
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield from _in(path, templatize(path.read_text(encoding="utf-8"), origin=str(path)).encode())


def _in(path: Path, source: bytes) -> Iterator[Found]:
    for _line, message, _comments, context in extract(
        "python", BytesIO(source), KEYWORDS, options={"encoding": "utf-8"}
    ):
        yield str(path.relative_to(ROOT)), message, context


def read(path: Path) -> Catalog:
    """A catalogue file; pairs without a header are fine."""
    return read_po(StringIO(path.read_text(encoding="utf-8")), locale="zh_Hans")


def fresh(known: list[Catalog]) -> Catalog:
    """The catalogue of what is in use, with what `known` translates; later catalogues win."""
    made = Catalog(locale="zh_Hans", charset="utf-8", fuzzy=False, header_comment=HEADER)
    for path, message, context in messages():
        made.add(message, locations=[(path, 0)], context=context)
    for catalogue in known:
        for entry in catalogue:
            mine = made.get(entry.id, entry.context) if entry.id else None
            if mine is not None and entry.string and any(entry.string):
                mine.string = _fitting(mine.id, entry.string)
    return made


def _fitting(message: str | list[str] | tuple[str, ...], string: str | list[str] | tuple[str, ...]) -> Message:
    """A translation in the shape its message needs: Chinese has one plural form."""
    if isinstance(message, tuple | list):
        return (string,) if isinstance(string, str) else tuple(string)[:1]
    return string if isinstance(string, str) else string[0]


def untranslated(catalogue: Catalog) -> list[str]:
    """Messages without Chinese."""
    return [str(entry.id) for entry in catalogue if entry.id and not (entry.string and any(entry.string))]


def without_dates(text: str) -> str:
    """The file without the lines that change at each run or name nobody."""
    unwanted = (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Report-Msgid",
        "Project-Id",
    )
    return "\n".join(line for line in text.split("\n") if not line.startswith(tuple(f'"{word}' for word in unwanted)))


def main(more: list[str]) -> int:
    """Write the catalogue; the number of messages without Chinese is the exit code's sign."""
    known = [read(Path(name)) for name in more]
    if CATALOGUE.exists():
        known.insert(0, read(CATALOGUE))
    catalogue = fresh(known)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    content = BytesIO()
    write_po(content, catalogue, sort_output=True, width=110, include_lineno=False)
    CATALOGUE.write_text(without_dates(content.getvalue().decode()), encoding="utf-8")
    missing = untranslated(catalogue)
    print("\n".join(missing))
    print(f"{len(catalogue)} messages, {len(missing)} without Chinese", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
