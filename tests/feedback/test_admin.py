"""The workbench: who sees which case, verbs by POST only, no identity anywhere but where it is opened."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from feedback.models import Case, Proof
from feedback.staff_forms import FORMS
from tests.feedback.cases import HOSTILE, SECRET_CONTACT, SECRET_NAME, carried, did, last, order, proposal, sent
from tests.people import person, unit

pytestmark = pytest.mark.usefixtures("house")
LIST = reverse("admin:feedback_case_changelist")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


def page_of(case) -> str:
    return reverse("admin:feedback_case_change", args=[case.pk])


def act_on(case, verb) -> str:
    return reverse("admin:feedback_case_act", args=[case.pk, verb])


def body(response) -> str:
    return unescape(response.content.decode())


def test_handlers_see_the_cases_of_their_unit_oldest_first(logged_in):
    first, second, other = sent(), sent(), sent("ZB01")
    page = body(logged_in("drafter").get(LIST))
    assert page.index(first.number) < page.index(second.number)
    assert other.number not in page


@pytest.mark.parametrize(
    ("username", "own", "others"),
    [
        ("drafter", 200, 404),
        ("secretary", 404, 200),
        ("branch_drafter", 404, 200),
        ("examiner", 200, 200),
        ("leader", 200, 200),
        ("supervisor", 200, 200),
        ("superior", 404, 404),
        ("auditor", 404, 404),
        ("sysadmin", 404, 404),
    ],
)
def test_who_reads_which_case(logged_in, username, own, others):
    at_bureau, at_branch = sent("JG", named=True), sent("ZB01", named=True)
    client = logged_in(username)
    for case, status in ((at_bureau, own), (at_branch, others)):
        page = client.get(page_of(case))
        assert page.status_code == status
        assert SECRET_NAME not in body(page)
        assert SECRET_CONTACT not in body(page)


@pytest.mark.parametrize("username", ["party_member", None])
def test_others_are_led_to_the_log_in(logged_in, client, username):
    client = logged_in(username) if username else client
    case = sent()
    for address in (LIST, page_of(case)):
        assert client.get(address).status_code in (302, 403)


def test_a_superuser_without_appointment_sees_no_case(logged_in):
    user = person("sysadmin")
    user.is_superuser = True
    user.save()
    case = sent()
    assert case.number not in body(logged_in("sysadmin").get(LIST))
    assert logged_in("sysadmin").get(page_of(case)).status_code == 404


@pytest.mark.parametrize("verb", FORMS)
def test_verbs_by_the_wrong_unit_are_missing(logged_in, verb):
    case = sent("JG", named=True)
    events = Event.objects.count()
    assert logged_in("secretary").post(act_on(case, verb), {"version": 1, "reason": "x"}).status_code == 404
    assert Event.objects.count() == events


@pytest.mark.parametrize("verb", FORMS)
def test_verbs_take_post_only(logged_in, verb):
    case = sent(named=True)
    assert logged_in("examiner").get(act_on(case, verb)).status_code == 405
    case.refresh_from_db()
    assert case.version == 1


@pytest.mark.parametrize("verb", FORMS)
def test_readers_carry_nothing_out(logged_in, verb):
    case = carried("rectified", named=True)
    typed = {
        "version": case.version,
        "reason": "x",
        "text": "x",
        "findings": "x",
        "rectification": last(case),
        "is_ok": "yes",
        "proof": "x",
    }
    events = Event.objects.count()
    assert logged_in("supervisor").post(act_on(case, verb), typed).status_code in (400, 403)
    assert Event.objects.count() == events


def test_a_case_is_carried_through_the_pages(logged_in):
    case = sent()
    due = order()["due_on"].isoformat()

    def press(username, verb, **typed):
        case.refresh_from_db()
        answer = logged_in(username).post(act_on(case, verb), {"version": case.version, **typed})
        assert answer.status_code == 302, body(answer)
        assert logged_in(username).get(page_of(case)).status_code == 200

    press("drafter", "accept")
    press("drafter", "investigate")
    press("drafter", "find", findings="属实")
    press("drafter", "ask", text="请补充时间")
    press("drafter", "reply", text="将补充", published_question="问", published_text="答")
    press(
        "drafter",
        "rectify",
        problem="缺附件",
        measure="补附件",
        responsible_unit="JG",
        responsible_person="办公室主任",
        due_on=due,
    )
    press("drafter", "report_done", rectification=last(case), proof="已补", file=SimpleUploadedFile("证明.png", PNG))
    press("examiner", "verify", rectification=last(case), is_ok="yes", remark="")
    press("examiner", "review_answer", publication=proposal(case), is_ok="yes")
    press("examiner", "close")
    case.refresh_from_db()
    assert case.state == "closed"
    address = reverse("admin:feedback_case_proof", args=[case.pk, Proof.objects.get().pk])
    answer = logged_in("drafter").get(address)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert logged_in("secretary").get(address).status_code == 404


def test_a_refused_form_keeps_what_was_typed_and_the_file(logged_in):
    case = carried("rectifying")
    client = logged_in("drafter")
    upload = SimpleUploadedFile("证明.png", PNG)
    page = client.post(act_on(case, "report_done"), {"version": case.version, "proof": "已经补好", "file": upload})
    assert page.status_code == 400
    assert "已经补好" in body(page)
    assert "证明.png" in body(page)
    kept = body(page).split('name="kept" value="')[1].split('"')[0]
    typed = {"version": case.version, "proof": "已经补好", "kept": kept, "rectification": last(case)}
    assert client.post(act_on(case, "report_done"), typed).status_code == 302
    assert Proof.objects.get().filename == "证明.png"


def test_a_file_that_is_not_what_it_says_is_refused(logged_in):
    case = carried("rectifying")
    upload = SimpleUploadedFile("证明.png", b"MZ not a picture")
    typed = {"version": case.version, "proof": "已补", "rectification": last(case), "file": upload}
    assert logged_in("drafter").post(act_on(case, "report_done"), typed).status_code == 400
    assert not Proof.objects.exists()


def test_a_stale_page_is_told_and_keeps_the_words(logged_in):
    case = sent()
    did(case, "accept", "drafter")
    page = logged_in("examiner").post(act_on(case, "decline"), {"version": 1, "reason": "不属于本单位"})
    assert page.status_code == 409
    assert "不属于本单位" in body(page)


def test_the_one_who_reported_it_done_finds_the_reason_on_the_page(logged_in):
    case = carried("rectified")
    page = logged_in("drafter").get(page_of(case))
    assert act_on(case, "verify") not in body(page)
    assert "btn__why" in body(page)
    typed = {"version": case.version, "rectification": last(case), "is_ok": "yes"}
    assert logged_in("drafter").post(act_on(case, "verify"), typed).status_code == 403


def test_hostile_words_are_shown_as_words(logged_in):
    case = sent(text=HOSTILE)
    page = logged_in("drafter").get(page_of(case)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    "query",
    ["?state=x", "?unit=%00", "?q=%00", "?nothing=1", "?p=x", "?o=x", "?e=1", "?state__exact=1", "?_to_field=x"],
)
def test_odd_addresses_never_break_the_list(logged_in, query):
    sent()
    assert logged_in("drafter").get(LIST + query).status_code < 500


@pytest.mark.parametrize("path", ["0", "x", "99999999999999999999999", "1/delete", "add", "1/password"])
def test_other_doors_are_closed(logged_in, path):
    assert logged_in("examiner").get(f"{LIST}{path}/", follow=True).status_code in (403, 404)
    assert logged_in("examiner").post(f"{LIST}{path}/", {}, follow=True).status_code in (403, 404, 405)


def test_the_page_is_not_changed_by_post(logged_in):
    case = sent()
    assert logged_in("drafter").post(page_of(case), {"state": "closed"}).status_code == 405


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "1.5", "\x00"])
def test_odd_versions_are_refused(logged_in, version):
    case = sent()
    assert logged_in("drafter").post(act_on(case, "accept"), {"version": version}).status_code in (400, 409)
    assert Case.objects.get().state == "received"


def test_the_list_asks_a_fixed_number_of_questions(logged_in):
    client = logged_in("drafter")
    sent()
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _time in range(10):
        sent()
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few) <= 12


def test_a_notice_leads_to_the_case(logged_in):
    case = sent()
    address = reverse("admin:feedback_case_by_uid", args=[case.uid])
    assert logged_in("drafter").get(address)["Location"] == page_of(case)
    assert logged_in("secretary").get(address).status_code == 404


def test_a_case_waiting_on_a_unit_is_shown_to_it(logged_in):
    case = carried("answered")
    did(case, "rectify", "drafter", **order(responsible_unit=unit("ZB01")))
    assert logged_in("secretary").get(page_of(case)).status_code == 200
