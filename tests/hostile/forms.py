"""Forms as a browser reads them from a page: what it would send back, and hostile values for each field."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.hostile.markup import PROBE
from tests.people import PASSWORD

KEPT = "留存"  # begins everything typed, so that it can be found again in the answer
MISSING = "(missing)"
LONG, LONGER, LONGEST = (KEPT + "长" * 10_001, KEPT + "长" * 100_000, KEPT + "x" * 1_000_000)
TEXTS: list[Any] = [
    KEPT + PROBE,
    LONG,
    KEPT + "\0b",
    KEPT + "\u202e\u2066\u200f\ufeff\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    MISSING,
    LONGER,
    [KEPT.encode() + b"\xed\xa0\x80\xff\xfe"],
    [KEPT + "一", KEPT + "二"],
    KEPT + "<![<![<![x]>{{ 7*7 }}{% load x %}%s%n",
    "",
    LONGEST,
    "=cmd|' /C calc'!A0" + KEPT,
]
OTHERS: list[Any] = [
    "abc",
    "9" * 40,
    "\0",
    MISSING,
    PROBE,
    "-1",
    "0001-01-01",
    ["1", "2"],
    "9999-12-31T23:59",
    "",
    "NaN",
    "1e400",
    "\u0661\u0662",
    "x" * 100_000,
]
FILLED = {
    "username": "zhanghao9",
    "code": "ZZ9",
    "email": "a@example.cn",
    "phone": "0730-8880000",
    "password": PASSWORD,
    "old_password": PASSWORD,
    "new_password1": "Kept-9-quiet-river",
    "new_password2": "Kept-9-quiet-river",
    "password1": "Kept-9-quiet-river",
    "password2": "Kept-9-quiet-river",
    "website": "",
    "demand": "",
    "date": "2026-01-06",
    "arrived_on": "2026-01-06",
    "valid_from": "2199-01-01",
    "valid_until": "",
    "printed_name": "",
    "printed_role": "",
    "planned_internal_until": "",
    "planned_public_until": "",
    "focus_reason": "留存",
    "lines": "2027-01-02 放假 留存",
    **{f"passage_{number}_quote": "通报如下" for number in range(1, 6)},  # words of the text under review
}
BY_KIND = {"date": "2099-03-05", "datetime-local": "2099-03-05T09:00", "number": "3", "textarea": KEPT, "text": KEPT}


@dataclass
class Field:
    """One control, or several of one name."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        return self.kind in ("text", "textarea", "search", "email", "tel")


@dataclass
class Form:
    """A form that is sent by POST."""

    action: str
    who: str = ""
    fields: dict[str, Field] = field(default_factory=dict)

    def data(self, **changes: Any) -> dict[str, Any]:
        """What a browser would send after somebody filled in what was empty."""
        given = {name: filled(control) for name, control in self.fields.items() if control.kind != "file"}
        sent = {**given, **changes}
        return {name: value for name, value in sent.items() if value not in (MISSING, [], None)}

    def hostile(self, turn: int = 0, most: int = 10_000) -> Iterator[tuple[Field, Any]]:
        """Each field with hostile values; `most` of them at most, others by another `turn`."""
        pairs = [
            (control, value)
            for control in self.fields.values()
            for value in ([*TEXTS, upload()] if control.is_text else [*OTHERS, upload("x.exe", b"MZ" * 99)])
        ]
        step = max(1, -(-len(pairs) // most))
        return iter(pairs[turn % step :: step])


def upload(name: str = "字.txt", content: bytes = b"text") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/plain")


def filled(control: Field) -> Any:
    """The values shown, or something that fits an empty control."""
    shown = [value.removeprefix("\n") for value in control.values]
    if any(shown):
        return shown if len(shown) > 1 else shown[0]
    if control.name.startswith("attachments-") or control.kind == "hidden":
        return shown
    last = control.name.rpartition("-")[2]
    if last in FILLED:
        return FILLED[last]
    if control.kind in ("select", "radio"):
        return next((option for option in control.options if option), "")
    return BY_KIND.get(control.kind, control.values)


class FormReader(HTMLParser):
    """Collects the forms of a page, controls outside of them by their `form` attribute included."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: dict[str, Form] = {}
        self.open = ""
        self.select: Field | None = None
        self.area: Field | None = None

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.open = given.get("id") or f"form-{len(self.forms)}"
            self.forms[self.open] = Form(given.get("action", ""))
        elif tag == "option" and self.select is not None:
            self.select.options.append(given.get("value", ""))
            if "selected" in given:
                self.select.values.append(given.get("value", ""))
        elif tag in ("input", "select", "textarea", "button") and given.get("name") and "disabled" not in given:
            self.control(tag, given)

    def control(self, tag, given):
        form = self.forms.get(given.get("form", self.open))
        if form is None or given["name"] in (
            "csrfmiddlewaretoken",
            "_take_over",
            "_submit",
            "_addanother",
            "_continue",
        ):
            return
        kind = given.get("type", "text") if tag == "input" else tag
        control = form.fields.setdefault(given["name"], Field(given["name"], kind))
        if tag == "select":
            self.select = control
        elif tag == "textarea":
            self.area = control
        elif kind in ("checkbox", "radio"):
            control.options.append(given.get("value", "on"))
            control.values += [given.get("value", "on")] if "checked" in given else []
        elif not control.values:  # the first of several buttons
            control.values = [given.get("value", "")]

    def handle_data(self, data):
        if self.area is not None:
            self.area.values = ["".join([*self.area.values, data])]

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = ""
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None


def forms_in(page: str, who: str, address: str) -> list[Form]:
    """Forms of a page that ask for something, with where they lead."""
    reader = FormReader()
    reader.feed(page)
    for form in reader.forms.values():
        form.who, form.action = who, form.action or address
    return [form for form in reader.forms.values() if form.fields and "logout" not in form.action]
