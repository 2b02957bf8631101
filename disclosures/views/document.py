"""The text of an item as a page sets it: words of the title kept whole, tables that scroll, the signature on the right.

Only markup is added around the sanitised text; not a sign of it changes.
"""

import re
from collections.abc import Iterator

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from disclosures.chinese_dates import date_in
from disclosures.comparing.words import words_of

ONE_LINE = 16  # signs of a title that no screen breaks
SIGNATURE = 40  # signs of a line that can be the body above a date
_TABLE = re.compile(r"<table\b[^>]*>|</table>")
_NUMBER = re.compile(r"<td>((?:<p>)?\s*[-+−]?[\d,，.]*\d[%％]?\s*(?:</p>)?)</td>")
_PARAGRAPH = re.compile(r"<p>([^<]*)</p>")
_ENDS = "。；：，.;:,？！?!"
_HELD = "，。、；：？！）》」』】〉”’)]"  # never begins a line
_UNITS = "年月日号期届次个项%％"
_HOLDS = "（《「『【〈“‘(["  # never ends one


def title_html(title: str) -> SafeString:
    """The title with a place to break between words only, as official documents break theirs (词意完整)."""
    if len(title) <= ONE_LINE:
        return escape(title)
    return format_html_join(mark_safe("<wbr>"), "{}", ((word,) for word in _whole(words_of(title))))


def _whole(words: list[str]) -> Iterator[str]:
    """Words with the signs that cling to them, numbers with their units: 2026年, “三公”, 《条例》."""
    kept = ""
    for word in words:
        is_held = (
            word[0] in _HELD or kept[-1:] in _HOLDS or (kept[-1:].isdigit() and word[0] in "年月日号期届次个项%％")
        )
        if kept and not is_held:
            yield kept
            kept = ""
        kept += word
    if kept:
        yield kept


def body_html(body: str) -> SafeString:
    """The body: each table in a region that scrolls and takes the keyboard, numbers and the signature on the right."""
    return mark_safe("".join(_with_regions(_signed(_NUMBER.sub(r'<td class="number">\1</td>', body)))))


def _with_regions(body: str) -> Iterator[str]:
    """Outermost tables inside regions with a number as their name."""
    depth = count = reached = 0
    for found in _TABLE.finditer(body):
        is_end = found[0] == "</table>"
        if not is_end and depth == 0:
            count += 1
            label = escape(_("Table %(number)d") % {"number": count})
            yield body[reached : found.start()]
            yield f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}">'
            reached = found.start()
        depth = max(depth - 1, 0) if is_end else depth + 1
        if is_end and depth == 0 and count:
            yield f"{body[reached : found.end()]}</div>"
            reached = found.end()
    yield body[reached:] + ("</div>" if depth else "")


def _signed(body: str) -> str:
    """A paragraph that is a date and nothing else, and the short line of the body above it, stand on the right."""
    rows = list(_PARAGRAPH.finditer(body))
    pieces, reached = [], 0
    for place, row in enumerate(rows):
        follows = rows[place + 1] if place + 1 < len(rows) and rows[place + 1].start() == row.end() else None
        is_signed = follows is not None and _is_date(follows[1]) and _may_sign(row[1])
        if _is_date(row[1]) or is_signed:
            pieces += [body[reached : row.start()], f'<p class="signature">{row[1]}</p>']
            reached = row.end()
    return "".join([*pieces, body[reached:]])


def _is_date(text: str) -> bool:
    return len(text) <= SIGNATURE and date_in(text) is not None


def _may_sign(text: str) -> bool:
    words = text.strip()
    return 1 < len(words) <= SIGNATURE and words[-1] not in _ENDS and not words.startswith(("附件", "附：", "附:"))
