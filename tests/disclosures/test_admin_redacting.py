"""The page that mends a leak: what it offers, who sees it, and that a refusal keeps everything typed."""

import re

import pytest
from django.urls import reverse

from disclosures import reading
from disclosures.models import Item, Redaction
from tests.access.world import picture
from tests.disclosures.admin_desk import at_desk, form_url
from tests.disclosures.test_redacting import MASK, PHONE, REASON, copies_of, kept, leaking, redacted, with_file
from tests.disclosures.word.documents import docx, p
from tests.people import approved, correction, decided, draft, submitted

pytestmark = pytest.mark.usefixtures("house")


def address(item: Item) -> str:
    return reverse("admin:disclosures_item_redact", args=[item.pk])


def asked(item: Item, **changes):
    """The answer to the page sent back with these fields."""
    item.refresh_from_db()
    return at_desk("examiner").post(address(item), {"version": item.version, "reason": REASON, **changes})


def key_of(item: Item, words: str = PHONE) -> str:
    """The value of the tick before `words`."""
    rows = at_desk("examiner").get(address(item)).context["strings"]
    return next(row["key"] for row in rows if re.sub(r"\s", "", row["text"]) == words)


def test_it_lists_each_string_once_with_its_mask_and_places():
    item = approved(with_file(leaking()))
    rows = [row for row in at_desk("examiner").get(address(item)).context["strings"] if row["label"] == "手机号码"]
    assert [row["mask"] for row in rows] == [MASK]
    for place in ("标题", "正文", "文件名", "依据"):
        assert place in rows[0]["places"]


def test_it_finds_what_only_an_earlier_opened_revision_holds():
    item = approved(correction(approved(leaking()), **dict.fromkeys(("title", "basis"), "通报"), body="<p>无</p>"))
    assert key_of(item)


def test_ticks_mask_and_the_item_says_that_somebody_must_confirm(django_capture_on_commit_callbacks):
    item = approved(with_file(leaking()))
    file = item.current_revision.attachments.get().file
    with django_capture_on_commit_callbacks(execute=True):
        answer = asked(item, found=[key_of(item)], destroyed=[file.sha256])
    assert answer.status_code == 302
    assert copies_of(PHONE) == []
    assert "待确认" in at_desk("examiner").get(form_url(item)).content.decode()
    assert "确认隐去处理" in at_desk("deputy").get(form_url(item)).content.decode()


def test_a_frozen_remark_that_repeats_the_leak_is_pointed_out():
    item = decided(submitted(leaking()), "examiner", remark=f"已电{PHONE}核实")
    for name in ("leader", "deputy"):
        item = decided(item, name)
    answer = asked(item, found=[key_of(item)])
    page = answer.client.get(form_url(item)).content.decode()
    assert "2 条审核意见或留痕理由" in page  # the remark, and its reason in the trail


def test_a_passage_typed_by_hand_is_masked():
    item = approved(draft(body="<p>住院患者李四的情况</p>"))
    assert asked(item, passages="李四\n").status_code == 302
    item.refresh_from_db()
    assert "**的情况" in item.body


def test_a_number_typed_by_hand_gets_its_official_mask():
    item = approved(leaking())
    asked(item, passages="138 1234 5678")
    item.refresh_from_db()
    assert MASK in item.title


@pytest.mark.parametrize("changes", [{"reason": ""}, {"reason": f"误载{PHONE}"}, {"reason": "长" * 501}])
def test_a_refusal_keeps_everything_typed_and_the_file_sent(changes):
    item = approved(with_file(leaking()))
    file, key = item.current_revision.attachments.get().file, key_of(item)
    answer = asked(item, found=[key], passages="李四", destroyed=[file.sha256], file=picture("green"), **changes)
    page = answer.content.decode()
    assert answer.status_code == 400 and not Redaction.objects.exists()
    assert "李四</textarea>" in page and changes["reason"] in page
    assert page.count(" checked") == 2
    token = answer.context["form"]["token"].value()
    assert asked(item, found=[key], destroyed=[file.sha256], token=token).status_code == 302
    assert item.revisions.latest("number").attachments.get().filename == "图.png"


@pytest.mark.parametrize(
    "changes", [{}, {"found": ["0" * 32]}, {"destroyed": ["0" * 64]}, {"passages": "a\0b"}, {"version": "x"}]
)
def test_nonsense_gets_a_sentence(changes):
    answer = asked(approved(leaking()), **changes)
    assert answer.status_code == 400 and "error-summary" in answer.content.decode()


def test_a_page_read_before_somebody_changed_the_item_is_refused():
    item = approved(leaking())
    answer = asked(item, found=[key_of(item)], version=item.version - 1)
    assert answer.status_code == 409 and not Redaction.objects.exists()


def test_a_file_in_which_something_was_found_says_so():
    item = approved(with_file(leaking()))
    row = item.current_revision.attachments.select_related("file").get()
    text = reading.ensure_read(row.file, row.filename)
    text.state, text.parts, text.gaps = "read", [{"kind": "body", "text": f"电话{PHONE}", "where": "正文"}], []
    text.save()
    files = at_desk("examiner").get(address(item)).context["files"]
    assert [file["sign"] for file in files] == ["stop"]


def test_a_file_that_nobody_read_yet_is_read_for_the_page():
    file = kept("名单.docx", docx(p(f"联系电话：{PHONE}")))
    item = approved(with_file(draft(), file))
    context = at_desk("examiner").get(address(item)).context
    assert [(row["sign"], row["words"]) for row in context["files"]] == [("stop", "检测发现 1 处")]
    assert any("文件“" in row["places"] for row in context["strings"])


@pytest.mark.parametrize(
    ("name", "status"), [("examiner", 200), ("drafter", 403), ("leader", 403), ("supervisor", 403), ("secretary", 404)]
)
def test_only_who_may_mend_it_sees_the_page(name, status):
    assert at_desk(name).get(address(approved(leaking()))).status_code == status


def test_the_way_there_stands_on_the_item_once_something_was_opened():
    item = leaking()
    assert address(item) not in at_desk("examiner").get(form_url(item)).content.decode()
    assert address(approved(item)) in at_desk("examiner").get(form_url(item)).content.decode()


def test_it_stands_in_the_to_do_of_those_who_may_confirm_it_until_it_is_confirmed():
    item = redacted(approved(leaking()), by="examiner")
    index = reverse("admin:index")
    assert "待确认的隐去处理" in at_desk("deputy").get(index).content.decode()
    assert "待确认的隐去处理" not in at_desk("examiner").get(index).content.decode()
    assert (
        str(item)
        in at_desk("deputy").get(reverse("admin:disclosures_item_changelist") + "?redacted=waiting").content.decode()
    )
    do = reverse("admin:disclosures_item_act", args=[item.pk, "confirm_redaction"])
    assert at_desk("examiner").post(do, {"version": item.version}).status_code == 403
    assert at_desk("deputy").post(do, {"version": item.version}).status_code == 302
    assert "待确认的隐去处理" not in at_desk("deputy").get(index).content.decode()
