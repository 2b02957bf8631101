"""A reader with a phone: finds an item by filter and by search, reads it, and never scrolls sideways."""

import pytest

from disclosures.models import Matter
from tests.conftest import PHONE
from tests.disclosures.board import attached
from tests.people import draft, released, unit

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("open_house")]

WIDE = "<table><tbody><tr>" + "<td><p>第一季度数据</p></td>" * 12 + "</tr></tbody></table><p>" + "w" * 200 + "</p>"


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
def notice():
    matter = Matter.objects.create(number="M-1", title="食堂改造", unit=unit("JG"))
    item = draft(title="W" * 120, body=WIDE, matter=matter, phase="before", is_focus=True, focus_reason="理由" * 80)
    return released(attached(item))


@pytest.mark.parametrize("locale", ["", "/en"])
def test_no_page_is_wider_than_a_phone(open_page, notice, locale):
    page = open_page(**PHONE)
    for path in ("/", "/items/", "/search/?q=季度", "/catalogue/", "/leading-group/", "/statistics/", "/matters/M-1/"):
        page.goto(locale + path)
        assert fits(page), path
    page.goto(locale + notice.get_absolute_url())
    assert fits(page)


def test_phone_reader_filters_opens_and_follows_the_process(open_page, notice):
    page = open_page(**PHONE)
    page.goto("/items/")
    filters = page.locator("#filters")
    assert not filters.is_visible()
    page.locator(".filters__open").click()
    assert filters.is_visible()
    filters.get_by_role("link", name="2026").first.click()
    page.locator(".row__title a").first.click()
    assert page.locator(".timeline .step").count() == 4
    assert page.locator("#process").is_visible()
    with page.expect_download() as download:
        page.locator(".file__link").click()
    assert download.value.suggested_filename == "名单.png"


def test_search_from_the_masthead_finds_two_characters_inside_a_sentence(desktop_page, notice):
    desktop_page.goto("/")
    desktop_page.locator("#masthead-q").fill("季度")
    desktop_page.keyboard.press("Enter")
    assert desktop_page.locator("mark").first.inner_text() == "季度"
    assert desktop_page.locator(".row__title a").get_attribute("href") == notice.get_absolute_url()
