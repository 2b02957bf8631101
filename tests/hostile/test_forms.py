"""Every field of every form with hostile values: refused with a 4xx that keeps what was typed, or stored as text."""

import html
from typing import Any

import pytest

from tests.hostile.asking import Sweep
from tests.hostile.desks import all_forms
from tests.hostile.forms import KEPT, Field, Form

pytestmark = pytest.mark.usefixtures("house")
# a receipt, a page, what would be entered
ANSWERS_200 = (
    "/feedback/new/",
    "/track/",
    "/track/message/",
    "/track/verdict/",
    "/enter/",
    "/open_identity/",
    "/upload/",
)
SMALL = 2_400_000  # bytes of a form; more is answered 413
CHOSEN = ("select", "radio", "date", "datetime-local", "number")
VERSIONLESS = ("/add/", "/open_identity/")  # nothing is there yet, or nothing changes
MOST = 9  # hostile values of one form, other ones for each
NOTHING_GIVEN = ("/login/", "/track/", "/import/", "/backfill/", "/name_target/")  # no account, code or file is sent
NONSENSE = ("abc", "9" * 40, "NaN", "1e400", "\0")


def test_every_form_is_accepted_when_nothing_is_wrong():
    sweep = Sweep()
    forms = all_forms(sweep)
    for form in forms:
        status = sweep.ask(form.who, "post", form.action, form.data()).status_code
        refused = form.action.partition("?")[0].endswith(NOTHING_GIVEN)
        sweep.must((status in (200, 302)) != refused, f"{form.action} for {form.who}: {status}")
    assert len(forms) > 40
    sweep.verdict()


def test_hostile_values_in_every_field():
    sweep = Sweep()
    for place, form in enumerate(all_forms(sweep)):
        for control, value in form.hostile(place, MOST):
            data = form.data(**{control.name: value})
            response = sweep.ask(form.who, "post", form.action, data)
            for fault in faults_of(form, control, value, data, response):
                sweep.wrong.append(f"{form.action} as {form.who}, {control.name}={str(value)[:50]!r}: {fault}")
    sweep.verdict()


def faults_of(form: Form, control: Field, value: Any, data: dict[str, Any], response: Any) -> list[str]:
    status, found = response.status_code, []
    if status == 200 and not form.action.partition("?")[0].endswith(ANSWERS_200):
        found.append("refused at 200" if "error" in response.said else "answered at 200")
    if status in (200, 302) and control.kind in CHOSEN and value in NONSENSE:
        found.append(f"nonsense passed: {status}")
    has_version = control.name == "version" and not form.action.partition("?")[0].endswith(VERSIONLESS)
    if status in (200, 302) and has_version and value in (*NONSENSE, "-1"):
        found.append(f"a version that nobody saw passed: {status}")
    if status in (400, 409):
        found += [f"lost what was typed in {name}" for name in lost(form, data, response.said)]
    return found


def lost(form: Form, data: dict[str, Any], said: str) -> list[str]:
    """Text fields whose words are not in the answer; a file in the place of a text has none."""
    if sum(len(str(value).encode()) for value in data.values()) > SMALL:
        return []
    page = html.unescape(said)
    texts = [(name, data[name]) for name, control in form.fields.items() if control.is_text and name in data]
    return [name for name, text in texts if not all(part in page for part in parts_of(text))]


def parts_of(text: Any) -> list[str]:
    if isinstance(text, list) and isinstance(text[0], bytes):
        return [KEPT]
    if not isinstance(text, str):
        return []
    return [part for part in text.replace("\r", "").replace("\0", "\n").split("\n")[:1] if part.strip()]
