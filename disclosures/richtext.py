"""What a body may contain: the editor's schema, the sanitiser that agrees with it, and plain text made from both.

``sanitise`` works in three steps, each linear in the length of its input. ``_rewrite`` walks the tags once and brings
foreign HTML (Word, WPS, mail programs) to our few tags, because nh3 drops a ``<div>`` without leaving a paragraph and
needs quadratic time for thousands of nested elements. nh3 then parses and cleans for good: safety rests on it alone.
``_tidy`` removes what a paste leaves empty, and nh3 has the last word.
"""

import html as entities
import re
from collections import Counter
from copy import deepcopy
from typing import Any

import nh3
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Media

EXTENSIONS: dict[str, Any] = {  # the editor starts only when each part of a list or a table is named
    "Paragraph": True,
    "HardBreak": True,
    "Heading": {"levels": [2, 3, 4]},
    "Bold": True,
    "Italic": True,
    "Underline": True,
    "Blockquote": True,
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Link": {"enableTarget": False, "autolink": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}

TAGS = frozenset(
    "p br h2 h3 h4 strong em u blockquote ul ol li a table thead tbody tr th td".split()
)  # what EXTENSIONS can produce; a test proves that both agree
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
SCHEMES = {"http", "https", "mailto"}
MAX_CHARS = 500_000  # of HTML; the longest official document with tables stays far below
MAX_DEPTH = 40  # open lists, quotations, tables and marks at once

_RENAMED = {
    "b": "strong", "i": "em", "ins": "u", "h1": "h2", "h5": "h4", "h6": "h4", "tfoot": "tbody",
    **dict.fromkeys(
        "div section article main header footer aside nav center address pre figure figcaption caption dt dd".split(),
        "p",
    ),
}  # fmt: skip
_COUNTED = frozenset("h2 h3 h4 strong em u blockquote ul ol a table".split())  # the others close themselves
_MARKS = frozenset(("strong", "em", "u", "a"))
_BLOCKS = frozenset(("p", "h2", "h3", "h4", "li", "tr", "table", "ul", "ol", "blockquote"))
_CELLS = frozenset(("td", "th"))
_DISCARDED = (
    "script|style|title|xml|svg|math|iframe|object|noscript|noembed|noframes|template|textarea|select|xmp|applet|audio"
    "|video|canvas"
)

# Controls, surrogates, bidi marks and overrides, zero-width characters without a visible use, interlinear marks, tags.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\n]+")  # the ones a clerk types between words; no-break and ideographic ones carry meaning
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_HAN_BREAK = re.compile(f"(?<=[{_HAN}，。、；：]) ?\n ?(?=[{_HAN}])")  # Word wraps its source in mid-sentence

_REST_OF_TAG = r"""(?: [^>=]++ | = \s*+ (?: "[^"]*+ (?:"|\Z) | '[^']*+ (?:'|\Z) )?+ )*+"""
_TOKEN = re.compile(
    rf"""
      <!-- .*? (?: --> | \Z )
    | <[!?] [^>]*+ (?: > | \Z )
    | < (?P<discarded>{_DISCARDED}) (?=[\s/>]) {_REST_OF_TAG} > .*? (?: </ (?P=discarded) [^>]*+ > | \Z )
    | < (?P<slash>/?) (?P<name>[a-z][^\s/>]*+) (?P<rest>{_REST_OF_TAG}) (?: > | \Z )
    | (?P<stray><)
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""(?<![^\s"'/])([a-z]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""", re.IGNORECASE)
_HREF = re.compile(r"(?:https?://[^\s/]|mailto:[^\s/]|/(?![/\\])|/\Z)[^\s\\<>\"'`]*\Z", re.IGNORECASE)
_NUMBER = re.compile(r"[1-9]\d{0,2}")
_BLANK = r"((?:\s|&nbsp;|<br>)*+)"
_EMPTY_MARK = re.compile(rf"<(strong|em|u|a)(?: [^<>]*+)?>{_BLANK}</\1>")
_EMPTY_BLOCK = re.compile(rf"<(p|h[2-4]|ul|ol|blockquote|table|thead|tbody|tr)(?: [^<>]*+)?>{_BLANK}</\1>")
_EDGE = r"(?<!\s)(?<!<br>)(?<!&nbsp;)(?:\s|&nbsp;|<br>)++"  # tried once a run, or a long run takes quadratic time
_EDGE_BLANKS = re.compile(rf"{_EDGE}(?=</(?:p|h[2-4]|li|td|th)>)|(?<=<p>){_EDGE}")  # indenting is the style sheet's
_BETWEEN_BLOCKS = re.compile(r"(?<=</p>)(?:\s|&nbsp;)++(?=<(?:p|h[2-4]|ul|ol|table|blockquote)[ >])")


def sanitise(html: str) -> str:
    """The part of ``html`` that a body may contain, as HTML that is safe to print; never raises, drops what is foreign.

    Input longer than ``MAX_CHARS`` is cut there: ``BodyField`` refuses it first. Of links, ``http``, ``https``,
    ``mailto`` and addresses within the site (``/...``) stay. A body without any content is the empty string.
    """
    html = _drop_invisible(html[:MAX_CHARS])
    clean = _clean(html)
    if len(clean) > 2 * MAX_CHARS:  # thousands of unclosed marks, which the parser repeats in every paragraph
        clean = _clean(html, dropped=_MARKS)
    return clean


def plain_text(html: str) -> str:
    """The words of a body: a line for each paragraph and table row, a tab between cells, no markup, no entities.

    Takes any HTML and never raises, unlike ``strip_tags``, which fails on ``<![<![<![x]>``. What stands behind the
    first ``4 * MAX_CHARS`` characters is not read.
    """
    parts: list[str] = []
    cells = position = 0
    html = _drop_invisible(html[: 4 * MAX_CHARS])
    for token in _TOKEN.finditer(html):
        parts.append(_SPACES.sub(" ", html[position : token.start()]))
        position = token.end()
        name, closing = _name(token), token["slash"] == "/"
        if token["stray"]:
            parts.append("<")
        elif name in _CELLS:
            cells = max(0, cells - 1) if closing else cells + 1
            parts.append("\t" if closing else "")
        elif name == "table" or (name == "tr" and cells < 2):
            cells = 0 if name == "tr" or closing else cells
            parts.append("\n")
        elif name == "br" or name in _BLOCKS:
            parts.append(" " if cells else "\n")
    parts.append(_SPACES.sub(" ", html[position:]))
    return _trim_lines(_drop_invisible(entities.unescape("".join(parts))))


def summary(html: str, length: int = 120) -> str:
    """The first ``length`` characters of the words of a body on one line, with an ellipsis where it was cut."""
    text = re.sub(r"\s+", " ", plain_text(html)).strip()
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def clean_line(text: str) -> str:
    """``text`` on one line for titles, numbers and names: no control or bidi characters, one space between words.

    No-break and ideographic spaces inside stay: official names are spaced by them (``杨  辉``).
    """
    return _SPACES.sub(" ", _drop_invisible(text)).strip()


def clean_text(text: str) -> str:
    """``text`` of several lines without control or bidi characters, ends trimmed, at most one blank line in a row."""
    lines = (line.rstrip(" \t") for line in _drop_invisible(text).split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()


def from_markdown_plan(text: str) -> str:
    """The plan's file as body HTML: ``##`` and ``###`` headings and paragraphs; front matter and ``#`` title dropped.

    No Markdown parser: the file of the plan holds nothing else. The annex line and the date line are paragraphs.
    """
    text = re.sub(r"\A---\n.*?\n---\n", "", _drop_invisible(text), flags=re.DOTALL)
    blocks = (_plan_block(block.strip()) for block in re.split(r"\n\s*\n|\n(?=#)|(?<=\n)(?=#)", text))
    return sanitise("\n".join(filter(None, blocks)))


class BodyField(ProseEditorFormField):
    """Form field of a body: the editor of the admin with ``EXTENSIONS``; its value is sanitised HTML or ``""``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", AdminProseEditorWidget)
        super().__init__(config={"extensions": deepcopy(EXTENSIONS)}, **kwargs)

    def to_python(self, value: Any) -> str:
        text = forms.CharField.to_python(self, value) or ""
        if len(text) > MAX_CHARS:
            raise ValidationError(
                _("The text is too long: %(length)d characters, at most %(limit)d are possible. Attach it as a file."),
                code="body_too_long",
                params={"length": len(text), "limit": MAX_CHARS},
            )
        return sanitise(text)


def body_field(
    *, label: str | Promise | None = None, required: bool = False, help_text: str | Promise = ""
) -> BodyField:
    """A ``BodyField``. The page around it must give its scripts the nonce of the Content-Security-Policy.

    The editor loads its modules through an import map, which is an inline script. A ModelAdmin passes the nonce in
    ``render_change_form``: ``context["media"] = nonced(context["media"], request.csp_nonce)``. The editor itself adds
    one inline style element, which the policy blocks: the admin's style sheet must give
    ``.ProseMirror[contenteditable]`` its ``white-space: pre-wrap``.
    """
    return BodyField(label=label, required=required, help_text=help_text)


def nonced(media: forms.Media, nonce: object) -> Media:
    """``media`` with ``nonce`` on every tag it renders, import map included; ``nonce`` may be lazy (django-csp's)."""
    return Media.from_media(media, nonce=str(nonce))


def _drop_invisible(text: str) -> str:
    return _INVISIBLE.sub("", _LINE_END.sub("\n", text))


def _clean(html: str, dropped: frozenset[str] = frozenset()) -> str:
    clean = _CLEANER.clean(_rewrite(html, dropped))
    return _CLEANER.clean(_tidy(_drop_invisible(clean))).strip()


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value an attribute may keep; free of quotes and angle brackets, so that ``_tidy`` cannot tear it apart."""
    if name not in ATTRIBUTES.get(tag, ()):
        return None
    value = _drop_invisible(value).strip()
    if name == "href":
        return value if _HREF.match(value) else None
    if name == "title":
        return re.sub("[<>\"'&]", "", clean_line(value))[:200] or None
    return value if _NUMBER.fullmatch(value) else None


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    attribute_filter=lambda tag, name, value: value if name == "rel" else _attribute(tag, name, value),
    url_schemes=SCHEMES,
    link_rel="noopener noreferrer",
)


def _name(token: re.Match[str]) -> str:
    name = (token["name"] or "").lower()
    return _RENAMED.get(name, name)


def _rewrite(html: str, dropped: frozenset[str]) -> str:
    """``html`` in our own tags with their few attributes, nowhere nested deeper than ``MAX_DEPTH``."""
    parts: list[str] = []
    is_open: Counter[str] = Counter()
    depth = position = 0
    for token in _TOKEN.finditer(html):
        parts.append(html[position : token.start()])
        position = token.end()
        name, closing = _name(token), token["slash"] == "/"
        if token["stray"]:
            parts.append("&lt;")
        if name not in TAGS or name in dropped or (closing and name == "br"):
            continue
        attributes = "" if closing else _attributes(name, token["rest"])
        if name == "a" and not closing and "href=" not in attributes:
            continue
        if name in _COUNTED:
            if not (is_open[name] if closing else depth < MAX_DEPTH):
                continue
            step = -1 if closing else 1
            is_open[name] += step
            depth += step
        parts.append(f"<{token['slash']}{name}{attributes}>")
    parts.append(html[position:])
    return "".join(parts)


def _attributes(tag: str, rest: str) -> str:
    kept: dict[str, str] = {}
    if tag in ATTRIBUTES:
        for name, *values in _ATTRIBUTE.findall(rest):
            value = _attribute(tag, name.lower(), entities.unescape("".join(values)))
            if value is not None:
                kept.setdefault(name.lower(), value)
    return "".join(f' {name}="{entities.escape(value)}"' for name, value in kept.items())


def _tidy(html: str) -> str:
    html = _BETWEEN_BLOCKS.sub("\n", _HAN_BREAK.sub("", html))
    for _round in range(MAX_DEPTH):
        before = html
        html = _EMPTY_BLOCK.sub("", _EMPTY_MARK.sub(r"\2", _EDGE_BLANKS.sub("", html)))
        if html == before:
            break
    return html


def _trim_lines(text: str) -> str:
    lines = (re.sub(" ?\t ?", "\t", re.sub(" {2,}", " ", line)).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _plan_block(block: str) -> str:
    marks, _space, words = block.partition(" ")
    level = len(marks) if marks and not marks.strip("#") else 0
    if level == 1:
        return ""
    tag = f"h{level}" if level in (2, 3) else "p"
    return f"<{tag}>{entities.escape(words if level else block, quote=False)}</{tag}>" if block else ""
