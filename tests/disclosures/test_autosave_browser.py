"""The drafting form in a browser: typed text is kept by itself, outlives a log-in, and the keyboard is enough."""

import pytest
from django.contrib.sessions.models import Session

from disclosures.models import AutosavedDraft, Item
from disclosures.services import perform
from tests.conftest import PHONE
from tests.disclosures.admin_desk import at_desk
from tests.disclosures.test_admin_browser import fits, opened
from tests.people import BUREAU_ENTRY, draft, furnish, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    furnish()


def form_of(page, item):
    page.goto(f"/admin/disclosures/item/{item.pk}/change/")
    page.locator(".tiptap").wait_for()
    return page


def told(page, words):
    page.locator("[data-autosave]", has_text=words).wait_for()


def test_typed_text_is_kept_by_itself(open_page, live_server):
    item = draft()
    page = form_of(opened(open_page, live_server, "drafter"), item)
    page.locator(".tiptap").click()
    page.keyboard.type("刚刚输入的一句。")
    told(page, "已自动保存")
    assert "刚刚输入的一句。" in AutosavedDraft.objects.get().content["body"][0]
    assert Item.objects.get(pk=item.pk).version == 1
    page.goto("about:blank")
    form_of(page, item).get_by_role("link", name="恢复未保存的内容").click()
    page.locator(".tiptap").wait_for()
    assert "刚刚输入的一句。" in page.locator(".tiptap").inner_text()


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_a_newer_version_is_said_calmly(open_page, live_server, options):
    item = draft()
    page = form_of(opened(open_page, live_server, "drafter", **options), item)
    perform("save", item=item, by=person("drafter"), expected_version=1, fields={"title": "他人的新标题"})
    page.locator("[name=title]").fill("我的标题")
    told(page, "未覆盖")
    assert page.locator("[name=title]").input_value() == "我的标题"
    assert Item.objects.get(pk=item.pk).title == "他人的新标题"
    assert fits(page)


def test_text_outlives_the_log_in(open_page, live_server):
    item = draft()
    page = form_of(opened(open_page, live_server, "drafter"), item)
    Session.objects.all().delete()
    page.locator("[name=title]").fill("登录过期时输入的标题")
    told(page, "登录已过期")
    assert not AutosavedDraft.objects.exists()
    session = at_desk("drafter").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.locator("[name=document_number]").fill("文号")
    told(page, "已自动保存")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    assert Item.objects.get(pk=item.pk).title == "登录过期时输入的标题"


def test_another_account_gets_nothing_of_the_text(open_page, live_server):
    item = draft()
    page = form_of(opened(open_page, live_server, "drafter"), item)
    page.context.clear_cookies()
    session = at_desk("branch_drafter").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.locator("[name=title]").fill("不属于别人的标题")
    told(page, "另一个账号")
    assert not AutosavedDraft.objects.exists()


def test_two_quick_presses_make_one_draft(open_page, live_server):
    page = opened(open_page, live_server, "drafter")
    page.goto(f"/admin/disclosures/item/add/?unit=JG&entry={BUREAU_ENTRY}")
    page.locator(".tiptap").wait_for()
    page.locator("[name=title]").fill("只有一份")
    with page.expect_navigation():
        page.evaluate("for (const press of [1, 2]) document.querySelector('.decision-bar [name=_save]').click()")
    page.wait_for_url("**/change/")
    assert Item.objects.filter(title="只有一份").count() == 1
    assert not AutosavedDraft.objects.exists()


def test_a_refusal_gets_the_focus(open_page, live_server):
    item = draft(issued_on=None)
    page = form_of(opened(open_page, live_server, "drafter"), item)
    with page.expect_navigation():
        page.locator("[name=_submit]").click()
    assert page.evaluate("document.activeElement.matches('.error-summary')")
