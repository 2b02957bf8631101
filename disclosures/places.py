"""Places inside a file, and reasons why something was not screened, in words of the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PLACES: dict[str, str | Promise] = {
    "body": gettext_lazy("text"),
    "header": gettext_lazy("header or footer"),
    "notes": gettext_lazy("footnotes and endnotes"),
    "comment": gettext_lazy("comments"),
    "deleted": gettext_lazy("tracked deletions"),
    "property": gettext_lazy("document properties"),
    "drawing": gettext_lazy("text boxes and charts"),
    "strings": gettext_lazy("texts no cell shows"),
    "names": gettext_lazy("defined names"),
    "master": gettext_lazy("slide masters"),
    "annotation": gettext_lazy("annotations"),
    "entries": gettext_lazy("file names inside"),
    "other": gettext_lazy("other parts"),
}
REASONS: dict[str, str | Promise] = {
    "pending": gettext_lazy("still being read"),
    "format": gettext_lazy("this format cannot be read"),
    "encrypted": gettext_lazy("locked by a password"),
    "damaged": gettext_lazy("damaged, or not what its name says"),
    "too_large": gettext_lazy("too large once unpacked"),
    "hostile": gettext_lazy("built in a way that is not read"),
    "memory": gettext_lazy("needs too much memory to be read"),
    "time": gettext_lazy("takes too long to be read"),
    "failed": gettext_lazy("could not be read"),
    "cut": gettext_lazy("very long; only the beginning was screened"),
    "picture": gettext_lazy("a picture; what it shows was not screened"),
    "destroyed": gettext_lazy("the file was destroyed"),
}


def place_words(part: Mapping[str, Any], start: int = 0) -> str:
    """Where in the file the sign at `start` of this part stands, such as 工作表“名单”（隐藏）第5行."""
    words = _PLACED.get(part["kind"], _named)(part, start)
    return f"{part['inside']} · {words}" if part.get("inside") else words


def reason_words(gap: Mapping[str, Any]) -> str:
    """Why this was not screened."""
    if gap["kind"] == "pages":
        words = _("pages without text, not screened: %(pages)s") % {"pages": gap["pages"]}
    elif gap["kind"] == "pictures":
        words = _("%(count)d pictures inside, not screened") % {"count": gap["count"]}
    else:
        words = str(REASONS.get(gap["kind"], REASONS["failed"]))
    return f"{gap['inside']} · {words}" if gap.get("inside") else words


def _named(part: Mapping[str, Any], start: int) -> str:
    return str(PLACES.get(part["kind"], PLACES["other"]))


def _sheet(part: Mapping[str, Any], start: int) -> str:
    line = part["text"].count("\n", 0, start)
    rows = part["rows"]
    row = rows[line] if line < len(rows) else rows[-1]
    words = _("sheet “%(name)s”") % {"name": part["name"]}
    if part.get("is_hidden"):
        words += _(" (hidden)")
    words += _(" row %(row)d") % {"row": row}
    hidden = {"row": _(" (hidden row)"), "column": _(" (hidden column)")}
    return words + hidden.get(part.get("hidden", ""), "")


def _slide(part: Mapping[str, Any], start: int) -> str:
    words = _("slide %(number)d") % {"number": part["number"]}
    if part.get("is_hidden"):
        words += _(" (hidden)")
    return words + (_(" notes") if part["kind"] == "slide_notes" else "")


def _page(part: Mapping[str, Any], start: int) -> str:
    return _("page %(number)d") % {"number": part["number"]}


_PLACED: dict[str, Callable[[Mapping[str, Any], int], str]] = {
    "sheet": _sheet,
    "slide": _slide,
    "slide_notes": _slide,
    "page": _page,
}
