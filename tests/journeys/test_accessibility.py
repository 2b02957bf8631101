"""Everyone gets in: with a keyboard, without script, on a narrow phone, with a screen reader's view of the page."""

from datetime import date

import pytest

from disclosure_portal.mourning import GreyDays
from disclosures.models import Item
from tests.conftest import PHONE
from tests.journeys.axe import violations
from tests.journeys.playing import logged_in, looked_at
from tests.journeys.stage import OPINION, PLAN_TITLE
from tests.people import draft, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]
NARROW = {**PHONE, "viewport": {"width": 360, "height": 780}}
SMALLEST = {**PHONE, "viewport": {"width": 320, "height": 640}}  # a window of 1280 at four times (WCAG 1.4.10)
SCREENS = {"desk": {}, "phone": NARROW}
WAYS = {
    "as it is": ({}, ""),
    "dark": ({"color_scheme": "dark"}, ""),
    "phone": (NARROW, ""),
    "large print": ({}, "large"),
    "high contrast": ({}, "contrast"),
    "large print, high contrast and phone": (NARROW, "large.contrast"),
}
PUBLIC = (
    "/ /items/ /focus/ /search/?q=公开 /search/?q=不存在的词 /categories/{slug}/ /units/ /units/JG/ /catalogue/"
    " /leading-group/ /statistics/ /about/ /feeds/ /site-map/ /archive/2026/ /feedback/ /feedback/new/"
    " /items/?unit=JG&attachments=1 /items/?year=x /categories/ideology/ /archive/ /accessibility/ /m/"
    " /feedback/track/ /accounts/login/ /items/{number}/ /feedback/new/?item={number} /not-there/"
).split()
FAULTS = """() => {
  const faults = [], say = (what, where) => faults.push(what + ": " + (where.outerHTML || where).slice(0, 160));
  const seen = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden";
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const hidden = (e) => e.closest("[aria-hidden=true], .visually-hidden, .skip-link");
  if (document.querySelectorAll("h1").length !== 1) say("not one h1", String(document.querySelectorAll("h1").length));
  if (!document.documentElement.lang) say("no language", "html");
  if (!document.title.trim()) say("no title", "html");
  if (document.querySelectorAll("main, [role=main]").length !== 1) say("not one main", "html");
  const nameOf = (e) => (e.getAttribute("aria-label") || (e.getAttribute("aria-labelledby") || "").split(" ")
    .map((id) => (document.getElementById(id) || {}).textContent || "").join("") || [...(e.labels || [])]
    .map((label) => label.textContent).join("") || e.textContent || e.title || e.value || e.alt || "").trim();
  for (const nav of all("nav")) if (all("nav").length > 1 && !nav.getAttribute("aria-label")
    && !nav.getAttribute("aria-labelledby")) say("nav without a name", nav);
  for (const e of all("input:not([type=hidden]), select, textarea")) {
    const said = (l) => l.textContent + [...l.querySelectorAll("img")].map((img) => img.alt).join("");
    const name = [...(e.labels || [])].map(said).join("") + (e.getAttribute("aria-label") || "")
      + (e.getAttribute("aria-labelledby") || "");
    if (!name.trim() && !["submit", "button"].includes(e.type)) say("control without a label", e);
  }
  for (const e of all("a[href], button, summary")) {
    if (!nameOf(e) && !e.querySelector("img[alt]:not([alt=''])")) say("nothing to say", e);
  }
  for (const img of document.querySelectorAll("img")) if (!img.hasAttribute("alt")) say("image without alt", img);
  for (const e of document.querySelectorAll("[aria-describedby], [aria-labelledby]")) {
    for (const name of ["aria-describedby", "aria-labelledby"]) {
      const lost = (e.getAttribute(name) || "").split(" ").filter((id) => id && !document.getElementById(id));
      if (lost.length) say(name + " leads nowhere: " + lost, e);
    }
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) say("id twice", id);
  let level = 0;
  for (const h of document.querySelectorAll("main h1, main h2, main h3, main h4")) {
    if (level && +h.tagName[1] > level + 1) say("heading level left out", h);
    level = +h.tagName[1];
  }
  const targets = all("a[href], button, input:not([type=hidden]), select, textarea, summary").filter((e) => !hidden(e));
  const boxes = targets.map((e) => e.getBoundingClientRect());
  for (const [i, e] of targets.entries()) {
    const box = boxes[i], x = box.x + box.width / 2, y = box.y + box.height / 2;
    const inText = e.matches("a") && getComputedStyle(e).display === "inline" && e.closest("p, li, dd, td, h3, .body");
    const byLabel = e.matches("[type=radio], [type=checkbox]") && e.labels.length
      && e.labels[0].getBoundingClientRect().height >= 24;
    if (inText || byLabel || (box.height >= 23.5 && box.width >= 23.5)) continue;
    const near = boxes.filter((other, j) => j !== i && !e.contains(targets[j]) && !targets[j].contains(e)
      && Math.hypot(Math.max(other.left - x, 0, x - other.right), Math.max(other.top - y, 0, y - other.bottom)) < 12);
    if (near.length) say("smaller than 24 px and too near (" + Math.round(box.width) + " x " + Math.round(box.height)
      + ")", e); /* what stands alone may be smaller: WCAG 2.5.8 */
  }
  return faults;
}"""

SHOWS_FOCUS = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  return here === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
}"""


def faults_of(page, path: str) -> list[str]:
    """What is wrong with the page for somebody who cannot see it, or has a thick finger."""
    page.goto(path)
    if page.locator(".prose-editor, textarea[data-django-prose-editor]").count():
        page.locator(".tiptap").wait_for()
    looked_at(page, f"acc{page.viewport_size['width']}{path.partition('?')[0].replace('/', '_')}")
    return [f"{path} {fault}" for fault in page.evaluate(FAULTS)]


@pytest.fixture
def plan():
    return Item.objects.get(title=PLAN_TITLE)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_is_said_right_and_fits(open_page, plan, screen):
    page, found = open_page(**SCREENS[screen]), []
    slug = plan.entry.category.slug
    paths = [path.format(number=plan.number, slug=slug) for path in PUBLIC]
    for path in [*paths, "/en/", f"/en/items/{plan.number}/", "/en/feedback/new/", "/en/leading-group/"]:
        found += faults_of(page, path)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_on_any_page_in_any_way_of_showing_it(open_page, live_server, plan, way):
    screen, display = WAYS[way]
    page, found = open_page(**screen), []
    if display:
        page.context.add_cookies([{"name": "display", "value": display, "url": live_server.url}])
    slug = plan.entry.category.slug
    for path in [*(path.format(number=plan.number, slug=slug) for path in PUBLIC), "/en/", "/en/statistics/"]:
        page.goto(path)
        looked_at(page, f"axe {way}{path.partition('?')[0].replace('/', '_')}")
        found += violations(page)
    assert not found, "\n".join(found)


def test_no_public_page_scrolls_sideways_in_large_print_on_the_smallest_screen(open_page, live_server, plan):
    page = open_page(**SMALLEST)
    page.context.add_cookies([{"name": "display", "value": "large", "url": live_server.url}])
    slug = plan.entry.category.slug
    for path in (path.format(number=plan.number, slug=slug) for path in PUBLIC):
        for language in ("", "/en"):
            page.goto(language + path)
            looked_at(page, f"smallest{(language + path).partition('?')[0].replace('/', '_')}")


def test_axe_finds_nothing_on_a_day_of_mourning(page, settings, plan):
    settings.PORTAL_GREY_DAYS = GreyDays(((date.min, date.max),))
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in ("/", "/items/", "/statistics/", plan.get_absolute_url()):
            page.goto(path)
            assert page.locator("html.grey").count() == 1
            found += violations(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("screen", SCREENS)
def test_the_desk_is_said_right_and_fits(open_page, screen):
    item, returned = submitted(draft()), draft()
    desk = f"/admin/review-queue/{item.current_revision.uid}/"
    page, found = logged_in(open_page(**SCREENS[screen]), "examiner"), []
    for path in ("/admin/", "/admin/review-queue/", desk, "/admin/feedback/case/", "/admin/disclosures/item/"):
        found += faults_of(page, path)
    page = logged_in(open_page(**SCREENS[screen]), "drafter")
    for path in ("/admin/disclosures/item/add/", f"/admin/disclosures/item/{returned.pk}/change/"):
        found += faults_of(page, path)
    assert not found, "\n".join(found)


def test_keyboard_alone_reaches_the_text_and_sees_where_it_is(page):
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#main"
    assert skip.bounding_box()["y"] >= 0, "the skip link shows itself when it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.goto("/feedback/new/")
    for _step in range(25):
        page.keyboard.press("Tab")
        shown = page.evaluate(SHOWS_FOCUS)
        assert shown, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_without_script_readers_search_and_send(open_page, plan):
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto("/")
    page.locator("#masthead-q").fill("缺字")
    page.locator("#masthead-q").press("Enter")
    page.locator(f"main a[href*='{plan.number}']").first.click()
    page.locator("a[href*='/feedback/new/']").first.click()
    page.locator("[name=text]").fill(OPINION)
    page.locator("main [type=submit]").click()
    code = page.locator(".receipt__code").inner_text()
    page.goto("/feedback/track/")
    page.locator("[name=code]").fill(code)
    page.locator("main [type=submit]").click()
    assert OPINION in page.locator("main").inner_text()
