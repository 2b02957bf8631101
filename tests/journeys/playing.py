"""Hands of a person at a browser: log in by the form, paste from Word, judge, and look at each step.

With JOURNEY_PICTURES=<folder> in the environment every step is also kept as a picture for people to look at.
"""

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.people import PASSWORD

PASTE = """([html, plain]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", plain);
  const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.querySelector(".tiptap").dispatchEvent(paste);
}"""


def logged_in(page: Page, username: str) -> Page:
    """The page after its owner logged in with name and password."""
    page.goto("/accounts/login/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/accounts/login/" not in address)
    return page


def looked_at(page: Page, name: str) -> None:
    """Nothing sticks out at the side; the picture is kept where somebody wants to look."""
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"{name}: {page.url} is {wide} wide on a screen of {seen}"
    if folder := os.environ.get("JOURNEY_PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def pressed(page: Page, selector: str) -> None:
    """Press a button and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(selector).click()


def pasted(page: Page, html: str, plain: str = "") -> None:
    """Put the cursor into the editor, take everything out and paste what Word has on the clipboard."""
    editor = page.locator(".tiptap")
    editor.wait_for()
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.evaluate(PASTE, [html, plain])


def opened_from_queue(page: Page, title: str) -> None:
    page.goto("/admin/review-queue/")
    page.get_by_role("link", name=title).first.click()
    page.wait_for_url(lambda address: address.rstrip("/").split("/")[-1] != "review-queue")


def judged(page: Page, outcome: str, **refused: str) -> None:
    """Fill in the verdict sheet: yes to each aspect except those refused with a reason."""
    sheet = page.locator("form.desk")
    for aspect in sheet.locator("[type=radio][value=yes]").evaluate_all("them => them.map(it => it.name)"):
        answer = "no" if aspect in refused else "yes"
        sheet.locator(f"[name={aspect}][value={answer}]").check()
        if aspect in refused:
            sheet.locator(f"[name={aspect}_remark]").fill(refused[aspect])
    pressed(page, f"form.desk [name=outcome][value={outcome}]")


def approved(page: Page, title: str) -> None:
    opened_from_queue(page, title)
    judged(page, "approve")
    assert page.url.endswith("/admin/review-queue/"), page.locator("#content").inner_text()


def done(page: Page, verb: str, **typed: str) -> None:
    """Carry out one verb on the page of a case that is open."""
    part = page.locator(f"#do-{verb}")
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    for name, value in typed.items():
        field = part.locator(f"[name={name}]")
        kind = field.first.evaluate("field => field.tagName === 'SELECT' ? 'select' : field.type")
        if kind == "select":
            field.select_option(value)
        elif kind == "radio":
            part.locator(f"[name={name}][value={value}]").check()
        else:
            field.fill(value)
    pressed(page, f"#do-{verb} [type=submit]")
    assert page.locator(".messagelist .success").count() == 1, page.locator("#content").inner_text()
