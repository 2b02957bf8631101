"""An answer reaches readers after screening and a second look, in the words approved, and can be taken back."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from disclosures.models import ScreeningWord
from disclosures.visibility import PUBLIC
from feedback import reports, wishes
from feedback.models import Publication, PublicationReview, Reply, Retraction
from feedback.services import Refused, why_not
from notifications.models import Notice
from tests.feedback.cases import NOT_PUBLISHED, carried, did, proposal, published
from tests.people import person

pytestmark = pytest.mark.usefixtures("house")
MOBILE = "13912345678"


def proposed(case=None, by="drafter", **changes):
    case = case or carried("answered")
    typed = {"question": "附件何时补充", "text": "本周补充", **changes}
    return did(case, "publish", by, reply=case.replies.latest("id").pk, **typed)


def looked_at(case, by="examiner", *, is_ok=True, remark=""):
    return did(case, "review_answer", by, publication=proposal(case), is_ok=is_ok, remark=remark)


def is_open():
    return reports.answers_visible_to(PUBLIC, timezone.now()).exists()


def test_readers_see_an_answer_after_another_person_approved_it():
    case = proposed()
    assert not is_open()
    looked_at(case)
    assert is_open()
    reply = Reply.objects.get()
    assert (reply.published_question, reply.published_text) == ("附件何时补充", "本周补充")
    assert reply.published_by == person("examiner")
    assert Notice.objects.filter(verb="case.answer_proposed", recipient__username="examiner").exists()


def test_an_answer_given_with_both_texts_is_proposed_and_not_yet_published():
    case = carried("accepted")
    did(case, "reply", "drafter", text="将补充", published_question="问", published_text="答")
    assert Publication.objects.count() == 1
    assert not is_open()


def test_who_proposed_it_does_not_approve_it():
    case = proposed()
    assert why_not("review_answer", case=case, by=person("drafter")) is not None
    with pytest.raises(Refused):
        looked_at(case, "drafter")
    assert not is_open()


def test_the_database_refuses_a_review_by_who_proposed_it():
    proposed()
    values = {"is_ok": True, "reviewed_by": person("drafter"), "reviewed_at": timezone.now()}
    with pytest.raises(IntegrityError, match="proposed"), transaction.atomic():
        PublicationReview.objects.create(publication=Publication.objects.get(), **values)


def test_the_database_refuses_to_show_what_nobody_approved():
    case = proposed()
    shown = {"published_at": timezone.now(), "published_by": person("drafter")}
    words = {"published_question": "附件何时补充", "published_text": "本周补充"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.update(**shown, **words)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(case=case, text="x", at=timezone.now(), by=person("drafter"), **shown, **words)
    looked_at(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.update(published_text="另一种说法")
    did(case, "hide", "examiner", reply=Reply.objects.get().pk, reason="有误")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.update(**shown)


def test_a_returned_answer_is_proposed_anew():
    case = proposed()
    with pytest.raises(Refused):
        looked_at(case, is_ok=False)
    looked_at(case, is_ok=False, remark="写明日期")
    assert Notice.objects.filter(verb="case.answer_returned", recipient__username="drafter").exists()
    assert why_not("review_answer", case=case, by=person("examiner")) is not None
    looked_at(proposed(case, text="周五前补充"))
    assert Reply.objects.get().published_text == "周五前补充"


def test_a_newer_proposal_stands_in_place_of_the_one_that_waits():
    case = proposed()
    first = proposal(case)
    proposed(case, by="examiner", text="周五前补充")
    with pytest.raises(Refused):
        did(case, "review_answer", "drafter", publication=first, is_ok=True)
    looked_at(case, "drafter")
    assert Reply.objects.get().published_text == "周五前补充"


def test_an_answer_taken_back_is_gone_with_the_reason_kept():
    case = published(carried("answered"))
    with pytest.raises(Refused):
        did(case, "hide", "examiner", reply=case.replies.get().pk, reason=" ")
    did(case, "hide", "examiner", reply=case.replies.get().pk, reason="措辞有误")
    assert not is_open()
    assert Retraction.objects.get().reason == "措辞有误"
    assert case.replies.get().text == "已核实，将补充附件。"
    looked_at(proposed(case))
    assert is_open()


@pytest.mark.parametrize("place", ["question", "text"])
def test_personal_data_waits_for_a_mask_or_a_reason(place):
    with pytest.raises(Refused) as caught:
        proposed(**{place: f"请致电{MOBILE}咨询"})
    assert caught.value.code == "screening"
    assert MOBILE not in str(caught.value.problems)
    assert not Publication.objects.exists()


def test_what_is_found_is_masked_on_demand():
    proposed(text=f"请致电{MOBILE}咨询", mask=True)
    assert Publication.objects.get().text == "请致电139****5678咨询"


def test_what_is_kept_with_a_reason_is_told_to_who_looks_masked():
    case = proposed(text=f"请致电{MOBILE}咨询", kept_because="单位公开的值班手机")
    row = Publication.objects.get()
    assert (row.kept_because, [found["mask"] for found in row.findings]) == ("单位公开的值班手机", ["139****5678"])
    looked_at(case)
    assert is_open()


@pytest.mark.parametrize("reason", ["短", f"电话{MOBILE}"])
def test_a_poor_reason_keeps_nothing(reason):
    with pytest.raises(Refused):
        proposed(text=f"请致电{MOBILE}咨询", kept_because=reason)


def test_a_secrecy_mark_is_never_held():
    with pytest.raises(Refused) as caught:
        proposed(text="机密★10年 有关情况", mask=True, kept_because="已经解密的文件")
    assert caught.value.code == "secrecy_mark"


def test_a_word_listed_meanwhile_stops_the_approval():
    case = proposed(text="本周补充代号青松的附件")
    ScreeningWord.objects.create(word="代号青松")
    with pytest.raises(Refused) as caught:
        looked_at(case)
    assert caught.value.code == "screening"
    assert not is_open()


@pytest.fixture
def unwished(monkeypatch):
    """A sender who wishes no publication."""

    class Wish:
        may_publish = False

    from feedback.models import Case

    monkeypatch.setattr(Case, "wish", Wish(), raising=False)


@pytest.mark.usefixtures("unwished")
def test_the_sender_s_wish_forbids_publication():
    case = carried("answered")
    assert not wishes.may_be_published(case)
    with pytest.raises(Refused):
        proposed(case)
    with pytest.raises(Refused):
        did(carried("accepted"), "reply", "drafter", text="好", published_question="问", published_text="答")
    assert did(case, "close", "examiner").state == "closed"


def test_a_case_without_name_and_contact_is_answered_in_public_or_says_why_not():
    case = carried("answered")
    with pytest.raises(Refused) as caught:
        did(case, "close", "examiner")
    assert caught.value.code == "unpublished_because"
    did(case, "close", "examiner", unpublished_because=NOT_PUBLISHED)
    assert Event.objects.get(verb="case.closed").reason == NOT_PUBLISHED


def test_a_case_closes_once_its_answer_is_proposed_or_its_sender_gave_a_name():
    assert did(proposed(), "close", "examiner").state == "closed"
    assert did(carried("answered", named=True), "close", "examiner").state == "closed"


@pytest.mark.parametrize("model", [Publication, PublicationReview, Retraction])
def test_every_step_stays_written(model):
    case = published(carried("answered"))
    did(case, "hide", "examiner", reply=case.replies.get().pk, reason="有误")
    for change in (lambda: model.objects.update(id=99), lambda: model.objects.all()._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_trail_holds_no_words_of_the_answer():
    published(carried("answered"), text="附件已经补充完毕")
    assert "附件已经补充完毕" not in "".join(str(event.payload()) for event in Event.objects.all())


def test_the_pages_lead_through_both_hands(logged_in):
    case = carried("answered")
    act = lambda verb: reverse("admin:feedback_case_act", args=[case.pk, verb])  # noqa: E731
    typed = {"version": case.version, "reply": case.replies.get().pk, "published_question": "问"}
    page = logged_in("drafter").post(act("publish"), {**typed, "published_text": f"致电{MOBILE}"})
    assert page.status_code == 400
    assert f"致电{MOBILE}" in page.content.decode()
    assert "139****5678" in page.content.decode()
    answer = logged_in("drafter").post(act("publish"), {**typed, "published_text": f"致电{MOBILE}", "mask": "on"})
    assert answer.status_code == 302
    case.refresh_from_db()
    typed = {"version": case.version, "publication": proposal(case), "is_ok": "yes"}
    assert logged_in("drafter").post(act("review_answer"), typed).status_code in (400, 403)
    assert logged_in("examiner").post(act("review_answer"), typed).status_code == 302
    assert is_open()
