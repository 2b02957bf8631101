"""Remarks on passages: found in the frozen text, stored with the decision, marked in the body."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from disclosures.models import Decision, PassageRemark
from disclosures.passages import marked, places_of
from disclosures.services import Refused
from disclosures.services.passages import PassageDraft
from tests.disclosures.admin_desk import at_desk, form_url
from tests.people import OFFICE_YES, decided, draft, submitted

pytestmark = pytest.mark.usefixtures("house")
BODY = "<p>本季度召开<strong>党员大会</strong>三次。</p><ul><li>学习文件五份 &amp; 其他</li></ul><p>重复。重复。</p>"
NO = {**OFFICE_YES, "accuracy": (False, "改")}
SENT = {
    "accuracy": "no",
    "accuracy_remark": "见段落意见",
    "secrecy": "yes",
    "necessity": "yes",
    "outcome": "return",
}


@pytest.fixture
def item():
    return submitted(draft(body=BODY))


def returned(item, *passages):
    return decided(item, "examiner", "return", NO, passages=[PassageDraft(*pair) for pair in passages])


def sent(item, **data):
    address = reverse("review:decide", args=[item.current_revision.uid])
    return at_desk("examiner").post(address, {"version": item.version, **SENT, **data})


def test_quote_is_found_whatever_spaces_stand_in_it():
    (place,) = places_of("党员 大会\n三次", "本季度召开党员大会三次。")
    assert (place.quote, place.before, place.after) == ("党员大会三次", "本季度召开", "。")
    assert places_of("没有的话", "本季度") == places_of("  ", "本季度") == []


def test_remark_is_stored_with_the_return(item):
    item = returned(item, ("党员大会三次", "应为四次"))
    row = PassageRemark.objects.get()
    assert (row.quote, row.remark, row.revision) == ("党员大会三次", "应为四次", item.current_revision)
    assert item.current_revision.body_text[row.position :].startswith("党员大会三次")
    assert row.decision.decided_by_name and row.decision.step.name


def test_remark_is_stored_with_an_approval_too(item):
    decided(item, "examiner", passages=[PassageDraft("学习文件五份", "建议列出文件名")])
    assert PassageRemark.objects.get().decision.outcome == "approve"


@pytest.mark.parametrize(
    ("quote", "remark"), [("没有的话", "改"), ("重复", "改"), ("", "改"), ("党员大会", " "), ("党" * 600, "改")]
)
def test_bad_quotes_are_refused_and_decide_nothing(item, quote, remark):
    with pytest.raises(Refused) as refusal:
        returned(item, (quote, remark))
    assert refusal.value.code == "passages" and refusal.value.problems
    assert not Decision.objects.exists()


def test_refused_decision_stores_no_remark(item):
    with pytest.raises(Refused):
        decided(item, "examiner", "approve", NO, passages=[PassageDraft("党员大会", "改")])
    assert not PassageRemark.objects.exists()


def test_form_keeps_everything_typed_beside_a_bad_quote(item):
    page = sent(item, passage_1_quote="没有的话", passage_1_remark="写好的意见", remark="总的意见")
    assert page.status_code == 400
    text = page.content.decode()
    assert all(words in text for words in ("没有的话", "写好的意见", "总的意见", "见段落意见", "送审正文中没有这段话"))
    assert '<details class="quotes" id="quotes" open>' in text


@pytest.mark.parametrize("wrong", [{"passage_1_quote": "a\0b"}, {"passage_1_remark": "长" * 1001}])
def test_hostile_input_is_refused(item, wrong):
    assert sent(item, **{"passage_1_quote": "党员大会", "passage_1_remark": "改", **wrong}).status_code == 400
    assert not Decision.objects.exists()


def test_remark_stands_in_the_paper_and_at_its_side(item):
    assert sent(item, passage_1_quote="大会三次", passage_1_remark="应为四次").status_code == 302
    page = at_desk("leader").get(reverse("review:revision", args=[item.current_revision.uid])).content.decode()
    marks = '<mark class="quoted">大会</mark></strong><mark class="quoted">三次</mark>'
    assert marks in page and 'id="passage-1"' in page and 'id="remark-1"' in page


def test_drafter_reads_the_remark_in_the_returned_form(item):
    item = returned(item, ("党员大会三次", "应为四次"))
    page = at_desk("drafter").get(form_url(item)).content.decode()
    assert "应为四次" in page and "党员大会三次" in page


def test_markup_in_a_remark_is_shown_as_text(item):
    returned(item, ("党员大会", "<script>alert(1)</script>"))
    page = at_desk("examiner").get(reverse("review:revision", args=[item.current_revision.uid])).content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_marks_pass_over_entities_and_tags(item):
    item = returned(item, ("五份 & 其他", "一"), ("三次。学习", "二"))
    revision = item.current_revision
    html = marked(revision.body, revision.body_text, PassageRemark.objects.order_by("position"))
    assert html.count("<sup") == 2 and "&amp;" in html
    plain = html.replace('<mark class="quoted">', "").replace("</mark>", "")
    for number in (1, 2):
        plain = plain.replace(
            f'<sup class="quoted__number" id="passage-{number}"><a href="#remark-{number}">{number}</a></sup>', ""
        )
    assert plain == revision.body


def test_remarks_are_never_changed_or_removed(item):
    item = returned(item, ("党员大会", "改"))
    rows = PassageRemark.objects.all()
    for action in (lambda: rows.update(remark="别的"), lambda: rows._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            action()


def test_remark_stands_on_the_revision_of_its_decision(item):
    item = returned(item, ("党员大会", "改"))
    row = PassageRemark.objects.get()
    other = submitted(draft()).current_revision
    with pytest.raises(IntegrityError), transaction.atomic():
        PassageRemark.objects.create(decision=row.decision, revision=other, quote="甲", remark="乙", position=0)
