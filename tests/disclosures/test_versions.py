"""Earlier texts of an item: what is listed, what is quoted, and what never is."""

import re
from datetime import date

import pytest

from disclosures.masking import Leak
from disclosures.models import FormOfDisclosure, Item
from disclosures.services import perform
from disclosures.services.drafting import AttachmentDraft
from disclosures.views import versions
from tests.disclosures.board import at_hour, attached, picture, withdrawn
from tests.disclosures.overlooking import approved as overlooked
from tests.feedback.cases import carried, published
from tests.people import approved, correction, decided, draft, person, submitted, verdicts_on

pytestmark = pytest.mark.usefixtures("house")

PHONE = "13812345678"
FIRST = "<p>公务接待费1.20万元。</p><p>各科室要厉行节约。</p>"
SECOND = "<p>公务接待费0.84万元。</p><p>各科室要厉行节约。</p><p>以决算为准。</p>"


def page_of(client, item) -> str:
    response = client.get(item.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def section(client, item) -> str:
    return page_of(client, item).split('id="changes"')[1].split("</section>")[0]


def corrected(first=FIRST, second=SECOND, **changes) -> Item:
    with at_hour():
        item = approved(draft(body=first))
    with at_hour(30):
        return approved(correction(item, body=second, change_note="数额有误，予以更正。", **changes))


def test_one_text_has_no_list(client):
    with at_hour():
        assert 'id="changes"' not in page_of(client, approved(draft()))


def test_corrections_are_listed_newest_first_with_the_passages_that_differ(client):
    item = corrected()
    with at_hour(31):
        page = section(client, item)
    assert page.index("第2版") < page.index("数额有误") < page.index("第1版")
    assert "<del>1.20</del>" in page.replace(" ", "")
    assert "<ins>0.84</ins>" in page.replace(" ", "")
    assert "<ins>以决算为准。</ins>" in page
    assert "厉行节约" not in page
    assert "2026年3月2日" in page
    assert "2026年3月3日" in page


def test_title_is_compared_too(client):
    item = corrected(second=FIRST, title="关于执行中央方针政策情况的通报（更正）")
    with at_hour(31):
        assert "<ins>（更正）</ins>" in section(client, item)


def test_texts_are_counted_as_readers_saw_them(client):
    """A revision that was returned in review leaves no gap in the numbers."""
    with at_hour():
        item = submitted(draft(body=FIRST))
        item = approved(decided(item, "examiner", "return", verdicts_on(item, "return")))
    with at_hour(1):
        page = section(client, approved(correction(item, body=SECOND)))
    assert "第2版" in page
    assert "第3版" not in page


def test_text_that_was_open_inside_the_party_only_is_not_quoted_to_the_public(client):
    with at_hour():
        item = approved(draft(body="<p>党内的原文甲。</p>", audience="internal"))
    with at_hour(1):
        item = approved(correction(item, body="<p>公开的新文乙。</p>", audience="internal_then_public"))
    with at_hour(2):
        page = page_of(client, item)
        assert "公开的新文乙" in page
        assert "党内的原文甲" not in page
        assert 'id="changes"' not in page
        client.force_login(person("party_member"))
        assert "原文甲" in section(client, item).replace("<del>", "").replace("</del>", "")


def test_withdrawn_text_is_not_quoted_by_what_follows_it(client):
    with at_hour():
        release = approved(draft(body="<p>撤回的原话甲乙丙。</p>")).releases.get()
    with at_hour(1):
        withdrawn(release)
    with at_hour(2):
        item, by = Item.objects.get(pk=release.item_id), person("drafter")
        item = perform("correct", item=item, by=by, expected_version=item.version)
        fields = {"body": "<p>重新公开的话。</p>", "change_note": "重新公开。"}
        item = approved(perform("save", item=item, by=by, expected_version=item.version, fields=fields))
        page = page_of(client, item)
    assert "甲乙丙" not in page
    assert "前一稿已撤回" in page


def test_old_words_that_hold_personal_data_are_not_quoted(client):
    with at_hour():
        item = overlooked(draft(body=f"<p>联系人请致电{PHONE}。</p><p>结尾。</p>"))
    with at_hour(30):
        item = approved(correction(item, body="<p>联系人请致电局办公室。</p><p>结尾。</p>"))
    with at_hour(31):
        page = section(client, item)
    assert PHONE not in page
    assert "<ins>" in page


def test_nothing_is_quoted_across_a_redaction(client):
    with at_hour():
        item = overlooked(draft(body=f"<p>联系人请致电{PHONE}。</p><p>结尾。</p>"))
    with at_hour(30):
        item = overlooked(correction(item, body=f"<p>联系人请致电{PHONE}。</p><p>新的结尾。</p>"))
    with at_hour(31):
        item.refresh_from_db()
        leaks = [Leak(PHONE, "138****5678", "mobile")]
        values = {"by": person("examiner"), "expected_version": item.version, "reason": "误载手机号码", "leaks": leaks}
        item = perform("redact", item=item, **values)
    with at_hour(32):
        page = section(client, item)
    assert "第3版" in page
    assert page.count("已按规定隐去个人信息") == 2
    assert "<del>" not in page
    assert PHONE not in page


def test_long_texts_are_not_compared_while_a_reader_waits(client, monkeypatch):
    monkeypatch.setattr(versions, "MOST_CHARS", 20)
    item = corrected()
    with at_hour(31):
        page = section(client, item)
    assert "1.20" not in page
    assert "此处不逐段比对" in page


def test_shown_passages_are_bounded(client, monkeypatch):
    monkeypatch.setattr(versions, "SHOWN_CHARS", 15)
    item = corrected()
    with at_hour(31):
        page = section(client, item)
    assert "改动较多" in page
    assert "以决算为准" not in page


def test_facts_that_changed_are_named_with_both_values(client):
    with at_hour():
        item = approved(draft(body=FIRST, document_number="党公开〔2026〕3号", issued_on=date(2026, 3, 1)))
    with at_hour(30):
        item = approved(correction(item, body=FIRST, document_number="党公开〔2026〕5号", issued_on=date(2026, 3, 2)))
    with at_hour(31):
        page = section(client, item)
    assert "<del>党公开〔2026〕3号</del> <ins>党公开〔2026〕5号</ins>" in page
    assert "<del>2026年3月1日</del> <ins>2026年3月2日</ins>" in page
    for same in ("公开形式", "公开范围", "公开依据"):
        assert same not in page


def test_forms_that_changed_are_named(client):
    with at_hour():
        item = approved(draft(body=FIRST))
    with at_hour(30):
        item = correction(item, body=FIRST)
        more = FormOfDisclosure.objects.exclude(pk__in=item.forms.all()).first()
        chosen = [*item.forms.all(), more]
        item = approved(perform("save", item=item, by=item.updated_by, expected_version=item.version, forms=chosen))
    with at_hour(31):
        page = section(client, item)
    assert "公开形式" in page
    assert more.name in page.split("<ins>")[1]


def test_files_that_came_and_went_are_named(client):
    with at_hour():
        item = approved(
            attached(
                attached(draft(body=FIRST), label="附表一"), label="附表二", filename="二.png", file=picture("green")
            )
        )
    with at_hour(30):
        item = correction(item, body=FIRST)
        stays = item.attachments.get(label="附表一")
        files = [
            AttachmentDraft(stays.filename, "附表一（更正）", True, stays.uid),
            AttachmentDraft("三.png", "附表三", True, file=picture("red")),
            AttachmentDraft("存.png", "存档件", False, file=picture("blue")),
        ]
        item = perform("save", item=item, by=item.updated_by, expected_version=item.version, attachments=files)
        item = approved(item)
    with at_hour(31):
        page = section(client, item)
    assert "<del>附表一</del> <ins>附表一（更正）</ins>" in page
    assert "<ins>附表三</ins>" in page
    assert "<del>附表二</del>" in page
    assert "存档件" not in page


def test_earlier_name_of_a_file_that_holds_personal_data_is_not_quoted(client):
    with at_hour():
        item = overlooked(attached(draft(body=FIRST), label=f"名单 {PHONE}"))
    with at_hour(30):
        item = correction(item, body=FIRST)
        item = approved(perform("save", item=item, by=item.updated_by, expected_version=item.version, attachments=[]))
    with at_hour(31):
        page = section(client, item)
    assert PHONE not in page
    assert "删去附件" in page
    assert "原文不予引述" in page


def test_each_text_has_its_own_way_through_the_steps(client):
    item = corrected()
    with at_hour(31):
        page = page_of(client, item).split('id="process"')[1].split("</section>")[0]
    steps = page.split("<h3>")
    assert "第1版" in steps[1] and "第2版" in steps[1]
    assert steps[1].index("2026年3月2日") < steps[1].index("2026年3月3日")
    assert steps[2].count("（第1版）") == steps[2].count("（第2版）") > 0
    assert "第2版替换前一版" in steps[3]
    assert "第1版替换" not in steps[3]


def test_way_of_a_text_often_corrected_stays_short(client):
    with at_hour():
        item = approved(draft(body="<p>第0次。</p>"))
    for hour in range(1, 7):
        with at_hour(hour):
            item = approved(correction(item, body=f"<p>第{hour}次。</p>"))
    with at_hour(9):
        page = page_of(client, item).split('id="process"')[1].split("</section>")[0]
    drafted = page.split("<h3>")[1]
    assert [number for number in range(1, 8) if f"第{number}版" in drafted] == [1, 5, 6, 7]


def test_corrected_item_says_so_above_its_text(client):
    item = corrected()
    with at_hour(31):
        facts = page_of(client, item).split('class="facts"')[1].split("</dl>")[0]
    assert re.search(r'更正时间</dt><dd[^>]*><a href="#changes">2026年3月3日', facts)


def test_answers_stand_among_the_steps(client):
    with at_hour():
        item = approved(draft())
        published(carried("answered", item=item, code="JG", by="drafter"), text="已经答复", by="drafter")
        page = page_of(client, item)
    last = page.split('id="process"')[1].split("</section>")[0].split("<h3>")[4]
    assert "2026年3月2日" in last
    assert 'href="#answer-' in last
