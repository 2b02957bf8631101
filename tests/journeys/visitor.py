"""Somebody who visits the portal with forms and links alone, as a script would: no browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.test import Client

from tests.people import PASSWORD


@dataclass
class Form:
    """One form of a page as a browser would send it back unchanged."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str, bool]] = field(default_factory=list)  # name, value, words, disabled

    def button(self, press: str) -> tuple[str, str] | None:
        """The pressed button, found by its name, its value or some of its words; a disabled one cannot be pressed."""
        for name, value, words, disabled in self.buttons:
            if press in (name, value) or press in words:
                assert not disabled, f"the button “{words}” is disabled"
                return (name, value) if name else None
        raise AssertionError(f"no button “{press}” among {self.buttons}")


class Reader(HTMLParser):
    """Collects forms, links and visible words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._in_form = self._link = self._select = self._area = self._button = self._hidden = None

    def handle_starttag(self, tag: str, pairs: Any) -> None:
        a = dict(pairs)
        if tag == "form":
            self._in_form = Form(a.get("action") or "", (a.get("method") or "get").lower())
            self.forms.append(self._in_form)
        elif tag == "a" and a.get("href"):
            self._link = [a["href"], ""]
        elif tag in ("script", "style"):
            self._hidden = tag
        elif self._in_form is not None:
            self._control(self._in_form, tag, a)

    def _control(self, form: Form, tag: str, a: dict[str, str | None]) -> None:
        name, value, kind = a.get("name") or "", a.get("value"), a.get("type") or ("submit" if tag == "button" else "")
        if tag in ("input", "select", "textarea") and name and "disabled" not in a:
            form.names.add(name)
        if tag == "button" or (tag == "input" and kind in ("submit", "button", "image")):
            form.buttons.append((name, value or "", value or "", "disabled" in a))
            self._button = tag == "button" or None
        elif tag == "input" and name and "disabled" not in a:
            if kind in ("checkbox", "radio"):
                form.values += [(name, value or "on")] if "checked" in a else []
            elif kind != "file":
                form.values.append((name, value or ""))
        elif tag == "select":
            self._select = [name, None, "multiple" in a]
        elif tag == "option" and self._select:
            first = self._select[1] is None and not self._select[2]
            if "selected" in a or first:
                self._select[1] = value or ""
        elif tag == "textarea":
            self._area = [name, ""]

    def handle_endtag(self, tag: str) -> None:
        form = self._in_form
        if tag == "form":
            self._in_form = None
        elif tag == "a" and self._link:
            self.links.append((self._link[0], self._link[1].strip()))
            self._link = None
        elif tag == "select" and self._select and form:
            form.values += [(self._select[0], self._select[1])] if self._select[1] is not None else []
            self._select = None
        elif tag == "textarea" and self._area and form:
            form.values.append((self._area[0], self._area[1].removeprefix("\n")))
            self._area = None
        elif tag == "button":
            self._button = None
        elif tag == self._hidden:
            self._hidden = None

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._area is not None:
            self._area[1] += data
        if self._link is not None:
            self._link[1] += data
        if self._button and self._in_form:
            name, value, words, disabled = self._in_form.buttons[-1]
            self._in_form.buttons[-1] = (name, value, (words + data).strip(), disabled)
        self.words.append(data)


class Page:
    """An answer with what stands in it."""

    def __init__(self, response: Any, path: str) -> None:
        self.status, self.path, self.response = response.status_code, path, response
        self.html = response.getvalue().decode(errors="replace")
        reader = Reader()
        reader.feed(self.html)
        self.forms, self.links = reader.forms, reader.links
        self.text = re.sub(r"\s+", " ", " ".join(reader.words))

    def form(self, *, having: str = "", to: str = "") -> Form:
        """The only form with a field or button called `having`, or whose address contains `to`."""
        found = [
            form
            for form in self.forms
            if (not having or having in form.names or having in {b[0] for b in form.buttons}) and to in form.action
        ]
        assert found, f"no form with “{having}{to}” on {self.path} ({self.status}): {self.text[:300]}"
        return found[-1]

    def link(self, words: str) -> str:
        """The address of the first link whose words or address contain `words`."""
        found = [href for href, text in self.links if words in text or words in href]
        assert found, f"no link “{words}” on {self.path}: {self.links}"
        return found[0]


class Visitor:
    """A reader or one of the cast, with cookies of their own; tokens are checked as on the real site."""

    def __init__(self, username: str = "") -> None:
        self.client = Client(enforce_csrf_checks=True)
        if username:
            page = self.send(
                self.open("/accounts/login/").form(having="password"), username=username, password=PASSWORD
            )
            assert page.path != "/accounts/login/", page.text

    def open(self, path: str) -> Page:
        """Open an address, following where it leads."""
        return self._followed(self.client.get(path), path)

    def follow(self, page: Page, words: str) -> Page:
        """Follow the link of `page` with these words."""
        return self.open(urljoin(page.path, page.link(words)))

    def send(self, form: Form, press: str = "", data: dict[str, Any] | None = None, **changes: Any) -> Page:
        """Send the form with some fields changed; None empties a field, a list sends it several times."""
        changed = {**(data or {}), **changes}
        unknown = set(changed) - form.names
        assert not unknown, f"the form has no fields {unknown}, only {form.names}"
        sent: dict[str, list[Any]] = {}
        for name, value in form.values:
            if name not in changed:
                sent.setdefault(name, []).append(value)
        for name, value in changed.items():
            if value is not None:
                sent[name] = value if isinstance(value, list) else [value]
        if press and (pressed := form.button(press)):
            sent.setdefault(pressed[0], []).append(pressed[1])
        path = urljoin(self.path, form.action)
        if form.method == "get":
            return self._followed(self.client.get(path, sent), path)
        return self._followed(self.client.post(path, sent), path)

    def _followed(self, response: Any, path: str) -> Page:
        while response.status_code in (301, 302, 303):
            path = urljoin(path, response["Location"])
            response = self.client.get(path)
        self.path = path
        return Page(response, path)
