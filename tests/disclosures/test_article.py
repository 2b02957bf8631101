"""The page of an item beyond its text: title, tables, files as text, what stands beside it, what is handed on."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosures import uploads
from disclosures.models import FileText, Matter, StoredFile
from disclosures.reading import ensure_read
from disclosures.views.document import body_html, title_html
from disclosures.views.file_texts import rejoined, shown_parts
from tests.disclosures.board import at_hour, attached, withdrawn
from tests.people import approved, branch_draft, correction, draft, person, unit
from tests.screening import office_files

pytestmark = pytest.mark.usefixtures("house")


def text_of(response) -> str:
    return response.content.decode()


def page_of(client, item) -> str:
    response = client.get(item.get_absolute_url())
    assert response.status_code == 200
    return text_of(response)


def read_file(name: str, content: bytes) -> StoredFile:
    upload = SimpleUploadedFile(name, content)
    stored = uploads.store(upload, known := uploads.inspect(upload))
    values = {"size": stored.size, "content_type": stored.content_type, "extension": known.extension}
    row = StoredFile.objects.get_or_create(sha256=stored.sha256, defaults=values)[0]
    ensure_read(row, name)
    return row


def with_word(item, is_published=True, **places):
    file = read_file("纪要.docx", office_files.docx("会议纪要全文。", **places))
    return attached(item, filename="纪要.docx", label="纪要", file=file, is_published=is_published)


def text_address(item) -> str:
    attachment = item.current_revision.attachments.get()
    return reverse("disclosures:file_text", args=[item.number, attachment.uid])


# --- Title and body --------------------------------------------------------------------------------------------------
def test_title_breaks_between_words_and_loses_no_sign():
    title = "关于<2026>年第三季度“三公”经费支出情况及下一步整改措施的通报(第12期)"
    html = title_html(title)
    assert html.replace("<wbr>", "").replace("&lt;", "<").replace("&gt;", ">") == title
    assert "“三公”" in html
    assert "<wbr>”" not in html
    assert html.count("<wbr>") > 5


def test_short_title_is_left_alone():
    assert title_html("食堂改造<情况>通报") == "食堂改造&lt;情况&gt;通报"


def test_each_outermost_table_scrolls_by_itself_and_takes_the_keyboard():
    inner = "<table><tbody><tr><td>内</td></tr></tbody></table>"
    html = body_html(f"<p>前</p><table><tbody><tr><td>{inner}</td></tr></tbody></table><p>后</p><table></table>")
    assert html.count('<div class="table-scroll" role="region" tabindex="0"') == 2
    assert 'aria-label="表1"' in html
    assert 'aria-label="表2"' in html
    assert html.count("</div>") == 2


def test_numbers_of_a_table_stand_on_the_right_and_words_do_not():
    html = body_html("<table><tbody><tr><td><p>12,800.50</p></td><td>3项</td><td>70%</td></tr></tbody></table>")
    assert html.count('<td class="number">') == 2
    assert "<td>3项</td>" in html


def test_date_and_the_body_above_it_are_set_as_a_signature():
    html = body_html("<p>特此通报。</p><p>岳阳市文广新局</p><p>二〇一二年二月二日</p><p>附件：名单</p>")
    assert html == (
        '<p>特此通报。</p><p class="signature">岳阳市文广新局</p>'
        '<p class="signature">二〇一二年二月二日</p><p>附件：名单</p>'
    )


# --- Files as text ---------------------------------------------------------------------------------------------------
def test_text_of_a_word_file_is_read_on_a_page_without_what_the_document_hides(client):
    with at_hour():
        item = approved(with_word(draft(), comments="批注里的话", deleted="删去的话", property="作者某某"))
        address = text_address(item)
        assert address in page_of(client, item)
        page = text_of(client.get(address))
    assert "会议纪要全文。" in page
    for hidden in ("批注里的话", "删去的话", "作者某某"):
        assert hidden not in page


def test_text_of_a_file_kept_for_the_file_only_is_missing(client):
    with at_hour():
        item = approved(with_word(draft(), is_published=False))
        assert client.get(text_address(item)).status_code == 404
        assert "/text/" not in page_of(client, item)


def test_text_of_a_file_follows_its_item(client):
    with at_hour():
        inside = approved(with_word(draft(audience="internal")))
        assert client.get(text_address(inside)).status_code == 404
        client.force_login(person("party_member"))
        assert client.get(text_address(inside)).status_code == 200
        client.logout()
        release = approved(with_word(draft())).releases.get()
        address = text_address(release.item)
    with at_hour(1):
        withdrawn(release)
        assert client.get(address).status_code == 410


def test_picture_and_unread_file_have_no_text(client):
    with at_hour():
        item = approved(attached(draft()))
        assert client.get(text_address(item)).status_code == 404
        other = approved(with_word(draft()))
        FileText.objects.update(state=FileText.State.PENDING)
        assert client.get(text_address(other)).status_code == 404
        assert text_address(other) not in page_of(client, other)


@pytest.mark.parametrize(
    ("pages", "title", "is_readable"),
    [
        (["All expenses of the third quarter."], "", True),
        (["All expenses of the third quarter."], "A title", True),
        (["", "The second page holds text."], "A title", True),
        ([""], "A title", False),
    ],
)
def test_a_pdf_has_its_text_unless_it_was_scanned(client, pages, title, is_readable):
    with at_hour():
        file = read_file("附表.pdf", office_files.pdf(pages, title))
        item = approved(attached(draft(), filename="附表.pdf", label="附表", file=file))
        assert (text_address(item) in page_of(client, item)) is is_readable
        response = client.get(text_address(item))
    assert response.status_code == (200 if is_readable else 404)
    if is_readable:
        assert pages[-1] in text_of(response)
        assert "A title" not in text_of(response)


def test_long_text_is_cut_and_says_so():
    parts, is_cut = shown_parts(
        FileText(parts=[{"kind": "body", "text": "字" * 50_000}, {"kind": "body", "text": "尾"}])
    )
    assert is_cut
    assert sum(len(line) for part in parts for line in part["lines"]) == 40_000


def test_lines_of_a_pdf_become_paragraphs_again():
    lines = ["第一条 局机关职工食堂改造工程的采购、施", "工、验收和结算,接受监督。", "第二条 另有规定的", "从其规定。"]
    assert rejoined(lines) == [lines[0] + lines[1], lines[2], lines[3]]


# --- What stands beside it -------------------------------------------------------------------------------------------
def test_newer_and_older_item_of_the_category_and_nothing_hidden(client):
    items = []
    for hour, changes in enumerate([{}, {"audience": "internal", "title": "党内的"}, {}, {}, {}]):
        with at_hour(hour):
            items.append(approved(draft(**{"title": f"第{hour}件", **changes})))
    with at_hour(9):
        page = page_of(client, items[2])
        assert f'href="{items[3].get_absolute_url()}" rel="prev"' in page
        assert f'href="{items[0].get_absolute_url()}" rel="next"' in page
        assert "党内的" not in page
        client.force_login(person("party_member"))
        assert f'href="{items[1].get_absolute_url()}" rel="next"' in page_of(client, items[2])


def test_rows_of_one_instant_are_walked_one_by_one(client):
    with at_hour():
        items = [approved(draft(title=f"同时{number}")) for number in range(3)]
        page = page_of(client, items[1])
    assert f'href="{items[2].get_absolute_url()}" rel="prev"' in page
    assert f'href="{items[0].get_absolute_url()}" rel="next"' in page


def test_related_items_are_of_the_same_unit_and_duty_first(client):
    with at_hour():
        same = approved(draft(title="同一事项的"))
        approved(draft(title="党内通报的", audience="internal"))
    with at_hour(1):
        page = page_of(client, approved(draft(title="本件")))
    related = page.split("相关事项")[1]
    assert same.title in related
    assert "党内通报的" not in related
    assert "本件" not in related


def test_address_citation_and_code_are_handed_on_without_anyone_else(client):
    with at_hour(10):
        item = approved(draft(title="关于食堂的通报"))
    with at_hour(40):
        page = page_of(client, item)
    address = f"http://testserver{item.get_absolute_url()}"
    assert f"岳阳市文广新局. 关于食堂的通报[EB/OL]. (2026-03-02)[2026-03-04]. {address}." in page
    code = page.split('<svg viewBox="0 0')[1].split("</svg>")[0]
    assert "style" not in code
    assert "<script" not in page


def test_citation_of_a_branch_names_the_body_above_it(client):
    with at_hour():
        item = approved(branch_draft(title="支部通报"))
        assert f"岳阳市文广新局.{unit('ZB01').name}. 支部通报[EB/OL]" in page_of(client, item)


def test_three_sizes_of_the_text_need_no_script(client):
    with at_hour():
        page = page_of(client, approved(draft()))
    assert page.count('type="radio" name="size"') == 3
    assert page.index('id="size-large"') < page.index('class="document"')


def test_cost_of_a_corrected_item_does_not_grow_with_its_corrections(client):
    with at_hour():
        matter = Matter.objects.create(number="M-1", title="食堂改造", unit=unit("JG"))
        item = approved(attached(draft(matter=matter, phase="before")))
    costs = []
    for hour in range(1, 4):
        with at_hour(hour):
            item = approved(correction(item, body=f"<p>第{hour}次更正后的全文。</p>"))
            with CaptureQueriesContext(connection) as queries:
                client.get(item.get_absolute_url())
            costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2] == 13  # after a change; the page of an uncorrected item says why
