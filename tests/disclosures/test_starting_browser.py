"""The ways to begin a draft, and internal remarks, at a desk and on a phone: pressed, read, nothing sticking out."""

from datetime import date

import pytest

from disclosures.models import Item
from tests.conftest import DESKTOP, PHONE
from tests.disclosures.sheets import GOOD, sheet
from tests.disclosures.test_admin_browser import opened
from tests.disclosures.word.documents import OFFICIAL, cell, docx, p, table
from tests.journeys.playing import looked_at, pressed
from tests.people import BUREAU_ENTRY, draft, entry, furnish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOTICE = docx(
    p("岳文广新党字〔2026〕9号", jc="center")
    + p("关于2026年第三季度党务公开工作情况的通报", jc="center")
    + p("基本情况", style="1")
    + p("按期公开", number="9", level=1)
    + p("分类公开", number="9", level=1)
    + table(
        cell("项目", 2) + cell("数量"),
        cell("党费", 1, "restart") + cell("收") + cell("12"),
        cell("", 1, "") + cell("支") + cell("9"),
    )
    + p("2026年10月8日", jc="right"),
    OFFICIAL,
)


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    furnish()
    entry(BUREAU_ENTRY).versions.update(time_limit={"rule": "quarterly", "due_working_days": 15})


def chosen(page, name, filename, content):
    kind = "application/octet-stream"
    page.locator(f"[name={name}]").set_input_files({"name": filename, "mimeType": kind, "buffer": content})


@pytest.mark.parametrize(("width", "options"), [("desk", DESKTOP), ("phone", PHONE)])
def test_word_fills_the_form(open_page, live_server, width, options):
    page = opened(open_page, live_server, "drafter", **options)
    page.goto("/admin/disclosures/item/add/")
    looked_at(page, f"w6-choose-{width}")
    page.goto("/admin/disclosures/item/import/?unit=JG")
    looked_at(page, f"w6-import-{width}")
    chosen(page, "word", "通报.docx", NOTICE)
    pressed(page, "#content-main button[type=submit]")
    page.locator(".tiptap table").wait_for()
    looked_at(page, f"w6-filled-{width}")
    assert page.locator("[name=title]").input_value() == "关于2026年第三季度党务公开工作情况的通报"
    assert "（二）分类公开" in page.locator(".tiptap").inner_text()
    page.locator("#word > summary").click()
    chosen(page, "word", "通报.docx", NOTICE)
    pressed(page, "#word button[type=submit]")
    page.locator(".starting__left").wait_for()
    looked_at(page, f"w6-not-taken-{width}")
    pressed(page, ".decision-bar [name=_save]")
    assert '<td colspan="2">' in Item.objects.get().body


@pytest.mark.parametrize(("width", "options"), [("desk", DESKTOP), ("phone", PHONE)])
def test_next_period_begins_from_the_last(open_page, live_server, width, options):
    draft(title="2026年第三季度党务公开情况通报", period_from=date(2026, 7, 1), period_until=date(2026, 9, 30))
    page = opened(open_page, live_server, "drafter", **options)
    page.goto("/admin/disclosures/item/add/")
    page.locator("a[href*='/copy/']").first.click()
    page.wait_for_selector(".sources")
    looked_at(page, f"w6-copy-{width}")
    pressed(page, "#content-main button[type=submit]")
    assert page.locator("[name=title]").input_value() == "2026年第四季度党务公开情况通报"
    assert page.locator("[name=period_from]").input_value() == "2026-10-01"


@pytest.mark.parametrize(("width", "options"), [("desk", DESKTOP), ("phone", PHONE)])
def test_sheet_is_tried_and_entered(open_page, live_server, width, options):
    page = opened(open_page, live_server, "drafter", **options)
    page.goto("/admin/disclosures/item/backfill/?unit=JG")
    looked_at(page, f"w6-backfill-{width}")
    chosen(page, "sheet", "补录.xlsx", sheet(GOOD, {**GOOD, "entry": "X", "issued_on": "去年", "body": "正文" * 100}))
    pressed(page, "#content-main button[type=submit]")
    looked_at(page, f"w6-tried-{width}")
    assert page.locator(".sheet-problem").count() == 2
    chosen(page, "sheet", "补录.xlsx", sheet(GOOD, {**GOOD, "title": "另一件"}))
    pressed(page, "#content-main button[type=submit]")
    looked_at(page, f"w6-in-order-{width}")
    pressed(page, "#content-main form .btn--main")
    assert Item.objects.filter(is_backfilled=True).count() == 2
    looked_at(page, f"w6-entered-{width}")


@pytest.mark.parametrize(("width", "options"), [("desk", DESKTOP), ("phone", PHONE)])
def test_remarks_below_the_form(open_page, live_server, width, options):
    item = draft()
    page = opened(open_page, live_server, "drafter", **options)
    page.goto(f"/admin/disclosures/item/{item.pk}/change/")
    for text in ("第二段的金额与会议纪要不一致，请核对后再报。", "已核对。"):
        page.locator("#remarks summary").click()
        page.locator("#remark-passage").fill("本季度贯彻落实情况")
        page.locator("#remark-text").fill(text)
        pressed(page, ".remarks__form button")
    pressed(page, ".remark button >> nth=0")
    assert item.remarks.filter(resolved_at=None).count() == 1
    looked_at(page, f"w6-remarks-{width}")
    page.goto(f"/admin/disclosures/item/{item.pk}/remark/")
    looked_at(page, f"w6-remarks-page-{width}")
