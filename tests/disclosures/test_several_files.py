"""Several files at once, files sent one by one, and the same content twice."""

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from disclosures.models import StoredFile
from tests.conftest import DESKTOP, PHONE
from tests.disclosures.admin_desk import PDF, at_desk, fields_of, form_url
from tests.journeys.playing import logged_in
from tests.people import branch_draft, draft

UPLOAD = "/admin/disclosures/item/upload/"


@pytest.fixture(autouse=True)
def uploads_apart(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    with translation.override(site.LANGUAGE_CODE):
        yield


def pdf(name: str, more: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + more)


def sent(client, item, **changes):
    page = client.get(form_url(item))
    return client.post(form_url(item), {**fields_of(page), **changes}, follow=True)


def names_of(item) -> list[str]:
    return [row.filename for row in item.attachments.all()]


@pytest.mark.usefixtures("house")
def test_several_files_get_a_row_each():
    item = draft()
    sent(at_desk("drafter"), item, several_files=[pdf("一.pdf", b"%1"), pdf("二.pdf", b"%2"), pdf("三.pdf", b"%3")])
    assert names_of(item) == ["一.pdf", "二.pdf", "三.pdf"]


@pytest.mark.usefixtures("house")
def test_one_bad_file_is_named_and_the_others_are_kept():
    item = draft()
    page = sent(at_desk("drafter"), item, several_files=[pdf("一.pdf"), SimpleUploadedFile("坏.pdf", b"MZ not a pdf")])
    assert page.status_code == 400
    text = page.content.decode()
    assert "坏.pdf" in text and "一.pdf" in text
    assert StoredFile.objects.count() == 1 and names_of(item) == []


@pytest.mark.usefixtures("house")
def test_same_content_is_not_added_twice():
    item, client = draft(), at_desk("drafter")
    sent(client, item, several_files=[pdf("一.pdf"), pdf("又是一.pdf")])
    assert names_of(item) == ["一.pdf"]
    page = sent(client, item, several_files=[pdf("第三次.pdf")])
    assert names_of(item) == ["一.pdf"]
    assert "“第三次.pdf”已在附件中" in page.content.decode()


@pytest.mark.usefixtures("house")
def test_same_content_elsewhere_is_hinted_at_only_where_the_person_reads_the_item():
    other, hidden = draft(title="另一事项"), branch_draft(title="支部内部事项")
    sent(at_desk("drafter"), other, several_files=[pdf("一.pdf")])
    sent(at_desk("branch_drafter"), hidden, several_files=[pdf("一.pdf")])
    text = sent(at_desk("drafter"), draft(), several_files=[pdf("一.pdf")]).content.decode()
    assert "“另一事项”已有内容相同的附件" in text and "支部内部事项" not in text


@pytest.mark.usefixtures("house")
def test_file_sent_by_itself_is_answered_with_a_token_that_the_form_takes():
    item, client = draft(), at_desk("drafter")
    answer = client.post(UPLOAD, {"file": pdf("单独.pdf")})
    assert answer.status_code == 200 and answer.json()["name"] == "单独.pdf"
    sent(client, item, **{"attachments-0-token": answer.json()["token"]})
    assert names_of(item) == ["单独.pdf"]


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("file", [SimpleUploadedFile("坏.exe", b"MZ"), None])
def test_file_that_is_not_taken_gets_a_sentence(file):
    answer = at_desk("drafter").post(UPLOAD, {"file": file} if file else {})
    assert answer.status_code == 400
    assert not StoredFile.objects.exists()


@pytest.mark.usefixtures("house")
def test_who_drafts_nowhere_sends_no_files():
    assert at_desk("examiner").post(UPLOAD, {"file": pdf("一.pdf")}).status_code == 403
    assert not StoredFile.objects.exists()


@pytest.mark.browser
@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_chosen_files_stand_in_rows_before_the_form_is_saved(open_house, open_page, options):
    item = draft()
    page = logged_in(open_page(**options), "drafter")
    page.goto(form_url(item))
    page.locator(".tiptap").wait_for()
    files = [{"name": f"附件{n}.pdf", "mimeType": "application/pdf", "buffer": PDF + b"%%%d" % n} for n in range(5)]
    page.locator("[name=several_files]").set_input_files([*files, {**files[0], "name": "坏.pdf", "buffer": b"MZ"}])
    page.locator(".several__failed").wait_for()
    assert page.locator(".attachment__name:has-text('已上传')").count() == 5
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator(".decision-bar [name=_save]").click()
    page.wait_for_url("**/change/")
    page.locator(".messagelist").wait_for()
    assert sorted(names_of(item)) == [f"附件{n}.pdf" for n in range(5)]
