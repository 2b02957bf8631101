"""What goes wrong at the drafting desk: two tabs, two people, a log-in that ended, a file with an impossible name."""

from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session

from disclosures.models import Attachment, AutosavedDraft, Item
from tests.conftest import DESKTOP, PHONE
from tests.disclosures.admin_desk import form_url
from tests.disclosures.test_first_pages import pdf
from tests.journeys.playing import logged_in, looked_at, pressed
from tests.journeys.stage import second_drafter
from tests.people import BUREAU_ENTRY, PASSWORD, approved, draft

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("open_house"),
    pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desk", "phone"]),
]
SAVE = ".decision-bar [name=_save]"
OVERRIDE, MARK = "\u202e", "\u200f"
LONG = f"{OVERRIDE}fdp.通知{MARK}שלום{OVERRIDE}" + "关于印发实施方案的通知" * 26
LONG = LONG[: 300 - len(".pdf")] + ".pdf"


@pytest.fixture(autouse=True)
def uploads_apart(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path / "uploads"


@pytest.fixture
def name(request, width):
    """The name of a picture of this test at this width."""
    return request.node.name.removeprefix("test_").replace("[", "-").rstrip("]")


def form_of(page, item):
    page.goto(form_url(item))
    page.locator(".tiptap").wait_for()
    return page


def written(page, title, sentence):
    """Type a title and a sentence at the end of the body."""
    page.locator("[name=title]").fill(title)
    page.locator(".tiptap").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(sentence)


def holds(page, title, sentence):
    return page.locator("[name=title]").input_value() == title and sentence in page.locator(".tiptap").inner_text()


def clash(first, second, item, name, refusal):
    """The first page is saved; the second is refused, keeps everything, shows both texts and is saved over."""
    form_of(first, item), form_of(second, item)
    written(first, "先保存的标题", "先保存的一句。")
    written(second, "后保存的标题", "后保存的一句。")
    pressed(first, SAVE)
    assert Item.objects.get(pk=item.pk).version == 2
    pressed(second, SAVE)
    second.locator(".tiptap").wait_for()
    summary = second.locator(".error-summary").inner_text()
    assert refusal in summary and "先保存的标题" in summary and "后保存的标题" in summary
    assert holds(second, "后保存的标题", "后保存的一句。")
    assert Item.objects.get(pk=item.pk).title == "先保存的标题"
    looked_at(second, name)
    pressed(second, "[name=version_over]")
    saved = Item.objects.get(pk=item.pk)
    assert (saved.version, saved.title) == (3, "后保存的标题") and "后保存的一句。" in saved.body
    looked_at(second, f"{name}-saved")


def test_two_tabs_of_one_drafter(open_page, width, name):
    item = draft()
    first = logged_in(open_page(**width), "drafter")
    clash(first, first.context.new_page(), item, name, "您在另一窗口修改了该事项")


def test_two_drafters_of_one_section(open_page, width, name):
    item = draft()
    second_drafter()
    first, second = (logged_in(open_page(**width), username) for username in ("drafter", "second_drafter"))
    clash(first, second, item, name, "该事项已被他人修改")


def logged_in_again(page):
    page.wait_for_url("**/accounts/login/**")
    page.locator("[name=username]").fill("drafter")
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation(url="**/admin/**"):
        page.keyboard.press("Enter")
    page.locator(".tiptap").wait_for()


def test_session_that_ended_while_typing(open_page, width, name):
    item = draft()
    page = form_of(logged_in(open_page(**width), "drafter"), item)
    Session.objects.all().delete()
    written(page, "过期前输入的标题", "过期前输入的一句。")
    pressed(page, SAVE)
    assert "您输入的内容已保留" in page.locator(".message").inner_text()
    looked_at(page, f"{name}-login")
    logged_in_again(page)
    assert holds(page, "过期前输入的标题", "过期前输入的一句。")
    looked_at(page, f"{name}-restored")
    pressed(page, SAVE)
    assert Item.objects.get(pk=item.pk).title == "过期前输入的标题"
    assert not AutosavedDraft.objects.exists()


def test_logged_out_in_another_tab_with_a_new_draft_and_a_file(open_page, width, name):
    page = logged_in(open_page(**width), "drafter")
    page.goto(f"/admin/disclosures/item/add/?unit=JG&entry={BUREAU_ENTRY}")
    page.locator(".tiptap").wait_for()
    written(page, "从未保存的新稿", "只在这里的一句。")
    page.locator("[name=attachments-0-file]").set_input_files(
        [{"name": "方案.pdf", "mimeType": "application/pdf", "buffer": pdf()}]
    )
    other = page.context.new_page()
    other.goto("/admin/")
    other.locator("form[action*=logout] button").first.evaluate("button => button.form.submit()")
    other.wait_for_url(lambda address: "/admin/" not in address)
    pressed(page, SAVE)
    looked_at(page, f"{name}-login")
    logged_in_again(page)
    assert holds(page, "从未保存的新稿", "只在这里的一句。")
    assert "刚才选择的文件没有收到，请重新选择。" in page.locator(".messagelist").inner_text()
    looked_at(page, f"{name}-restored")
    pressed(page, SAVE)
    assert Item.objects.get().title == "从未保存的新稿"


def test_logged_in_anew_in_another_tab(open_page, width, name):
    item = draft()
    page = form_of(logged_in(open_page(**width), "drafter"), item)
    page.locator("[name=title]").fill("旧令牌的标题")
    Session.objects.all().delete()
    logged_in(page.context.new_page(), "drafter")
    pressed(page, SAVE)
    page.locator(".tiptap").wait_for()
    assert page.locator("[name=title]").input_value() == "旧令牌的标题"
    if Item.objects.get(pk=item.pk).version == 1:  # the page had not taken over the new token yet
        looked_at(page, name)
        pressed(page, SAVE)
    assert Item.objects.get(pk=item.pk).title == "旧令牌的标题"


def chosen(page, field):
    file = {"name": LONG, "mimeType": "application/pdf", "buffer": pdf()}
    page.locator(f"[name={field}]").set_input_files([file])
    if field == "several_files":
        page.locator(".attachment__name:has-text('已上传')").wait_for()


@pytest.mark.parametrize("field", ["attachments-0-file", "several_files"], ids=["one", "several"])
def test_file_with_a_long_name_and_direction_marks(open_page, width, name, field):
    item = draft()
    page = form_of(logged_in(open_page(**width), "drafter"), item)
    chosen(page, field)
    looked_at(page, f"{name}-chosen")
    pressed(page, SAVE)
    row = Attachment.objects.get()
    assert len(row.filename) <= 120 and row.filename.endswith(".pdf") and "通知" in row.filename
    assert not {OVERRIDE, MARK} & set(row.filename)
    link = page.locator(".attachment__name a").first
    assert link.inner_text() == row.filename
    assert link.locator("bdi").evaluate("it => getComputedStyle(it).unicodeBidi") == "isolate"
    looked_at(page, name)
    answer = page.request.get(link.get_attribute("href"))
    said = answer.headers["content-disposition"]
    assert said.startswith("attachment;") and said.isascii() and unquote(said).endswith(row.filename)
    assert answer.body() == pdf() and answer.headers["x-content-type-options"] == "nosniff"
    item = approved(Item.objects.get(pk=item.pk))
    board = open_page(**width)
    board.goto(item.get_absolute_url())
    assert board.locator(".file__label bdi").inner_text() == row.filename
    looked_at(board, f"{name}-board")
