"""Drafting and review in a browser: the editor has a name, the policy is never broken, a phone is enough."""

import pytest

from disclosures.models import Item
from disclosures.models.items import ItemState
from tests.conftest import PHONE
from tests.disclosures.admin_desk import at_desk
from tests.people import BUREAU_ENTRY, decided, draft, entry, furnish, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    furnish()


def opened(open_page, live_server, username, **options):
    """A page of someone who is logged in already."""
    page = open_page(**options)
    session = at_desk(username).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_clerk_writes_saves_and_submits(open_page, live_server):
    page = opened(open_page, live_server, "drafter")
    page.goto(f"/admin/disclosures/item/add/?unit=JG&entry={BUREAU_ENTRY}")
    editor = page.locator(".tiptap")
    editor.wait_for()
    label = page.locator("label[for=id_body]").inner_text()
    assert page.get_by_role("textbox", name=label).count() == 1
    page.locator("[name=title]").fill("浏览器里写的通报")
    editor.click()
    page.keyboard.type("正文一段。")
    page.locator("[name=_submit]").click()
    page.wait_for_selector(".error-summary")
    assert page.locator("[name=title]").input_value() == "浏览器里写的通报"
    assert "正文一段" in page.locator(".tiptap").inner_text()
    page.locator("[name=issued_on]").fill("2026-01-05")
    page.locator("[name=_submit]").click()
    page.wait_for_load_state("networkidle")
    item = Item.objects.get(title="浏览器里写的通报")
    assert (item.state, item.entry) == (ItemState.IN_REVIEW, entry(BUREAU_ENTRY))
    assert item.body == "<p>正文一段。</p>"


def test_an_examiner_decides_on_a_phone(open_page, live_server):
    item = submitted(draft(body="<p>很长的一段。</p>" * 60))
    page = opened(open_page, live_server, "examiner", **PHONE)
    page.goto("/admin/review-queue/")
    assert fits(page)
    page.get_by_role("link", name=item.title).click()
    page.wait_for_load_state()
    assert fits(page)
    approve = page.locator("[name=outcome][value=approve]")
    box = approve.bounding_box()
    assert box and box["y"] + box["height"] <= PHONE["viewport"]["height"]
    page.locator("details.record summary").first.click()
    page.locator("details [name=record-outcome]").first.click()
    page.wait_for_selector("details .error-summary")
    assert fits(page)
    for aspect in ("secrecy", "accuracy", "necessity"):
        page.locator(f"[name={aspect}][value=yes]").check()
    approve.click()
    page.wait_for_url("**/admin/review-queue/")
    item.refresh_from_db()
    assert item.current_revision.steps.get(state="open").unit.code == "LX"


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_pages_of_the_workbench_fit_and_keep_the_policy(open_page, live_server, options):
    item = submitted(draft())
    item = decided(
        item, "examiner", "return", {"accuracy": (False, "改"), "necessity": (True, ""), "secrecy": (True, "")}
    )
    again = submitted(draft())
    page = opened(open_page, live_server, "examiner", **options)
    paths = ["/admin/", "/admin/review-queue/", f"/admin/review-queue/{again.current_revision.uid}/"]
    for path in [*paths, "/admin/disclosures/item/", f"/admin/disclosures/item/{item.pk}/change/"]:
        page.goto(path)
        assert fits(page), path
    page = opened(open_page, live_server, "drafter", **options)
    for path in ("/admin/disclosures/item/add/", f"/admin/disclosures/item/{item.pk}/change/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert fits(page), path
