"""A complaint never reaches whom it is about, and is decided by nobody who stands too near."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from feedback import access, conflicts
from feedback.models import Target, Transfer
from feedback.receiving import receiving_unit, stands_under
from feedback.services import Accused, Refused, why_not
from feedback.staff_forms import FORMS
from feedback.templatetags.feedback import feedback_todo
from feedback.workflow import TRANSITIONS
from notifications.models import Notice
from organizations.models import Appointment, Membership, Role, User
from tests.feedback.cases import SECRET_NAME, carried, did, order, sent
from tests.people import person, unit

pytestmark = pytest.mark.usefixtures("house")
LIST = reverse("admin:feedback_case_changelist")
DECIDING = sorted(set(TRANSITIONS) - {"report_done"})


def about(code="", name=""):
    return Accused(unit(code) if code else None, name)


def page_of(case):
    return reverse("admin:feedback_case_change", args=[case.pk])


def told_of(case):
    return set(Notice.objects.filter(subject_ref=str(case.uid)).values_list("recipient__username", flat=True))


def appoint(username, code, role):
    Appointment.objects.create(user=person(username), unit=unit(code), role=role, valid_from="2020-01-01")


@pytest.mark.parametrize(
    ("chosen", "accused", "received"),
    [
        ("ZB01", None, "ZB01"),
        ("ZB01", "ZB02", "ZB01"),  # another unit handles it well
        ("JG", "ZB01", "JG"),
        ("ZB01", "ZB01", "JW"),  # its Party superior, where the deputy handles feedback
        ("ZB02", "JW", "SJ"),  # a branch does not handle a complaint about its own superior
        ("JG", "JG", "SJ"),
        ("ZB01", "JG", "SJ"),  # the branch stands under the bureau
        ("JG", "LB", "JG"),
        ("JG", "LX", "JG"),
    ],
)
def test_a_complaint_about_a_unit_is_received_above_it(chosen, accused, received):
    case = sent(chosen, kind="complaint", accused=about(accused or ""))
    assert case.unit.code == received


def test_where_no_superior_handles_feedback_a_manned_discipline_group_does():
    Appointment.objects.filter(unit__code="SJ").update(valid_until="2021-01-01")
    assert receiving_unit(unit("JG"), unit("JG"), timezone.now()).code == "SJ"
    appoint("other_member", "JJ", Role.SUPERIOR_REVIEWER)
    assert receiving_unit(unit("JG"), unit("JG"), timezone.now()).code == "JJ"


def test_a_superior_whose_only_handler_serves_the_unit_complained_about_is_passed_over():
    appoint("deputy", "ZB01", Role.BRANCH_SECRETARY)
    assert receiving_unit(unit("ZB01"), unit("ZB01"), timezone.now()).code == "SJ"


def test_a_discipline_group_stands_under_no_unit_here():
    assert stands_under(unit("ZB01"), unit("JG"))
    assert not stands_under(unit("JJ"), unit("JG"))


def test_the_unit_complained_about_is_not_told():
    case = sent("ZB01", kind="complaint", accused=about("ZB01"))
    assert told_of(case) == {"deputy"}


@pytest.mark.parametrize("verb", DECIDING)
@pytest.mark.parametrize(
    ("username", "accused", "is_near"),
    [
        ("examiner", "LB", True),
        ("examiner", "JG", True),  # the office stands under the bureau
        ("examiner", "ZB01", False),
        ("drafter", "JG", True),
        ("leader", "LX", True),
        ("leader", "ZB02", False),
    ],
)
def test_people_of_the_unit_complained_about_decide_nothing(username, accused, is_near, verb):
    case = carried("answered", named=True)
    Target.objects.create(case=case, unit=unit(accused), named_by="sender", at=timezone.now())
    sentence = str(why_not(verb, case=case, by=person(username)) or "")
    assert ("您所在的单位" in sentence or "your unit" in sentence) is is_near


@pytest.mark.parametrize("verb", sorted(conflicts.ON_IDENTITY))
def test_a_member_of_the_branch_complained_about_learns_nothing_of_the_sender(verb):
    case = sent(named=True, accused=about("ZB00"))
    assert Membership.objects.filter(user__username="examiner", branch__code="ZB00").exists()
    assert why_not(verb, case=case, by=person("examiner")) is not None
    assert why_not("accept", case=case, by=person("examiner")) is None


def test_the_unit_complained_about_still_puts_right_what_it_is_told_to(logged_in):
    case = carried("answered", named=True)
    Target.objects.create(case=case, unit=unit("ZB01"), named_by="sender", at=timezone.now())
    did(case, "rectify", "examiner", **order(responsible_unit=unit("ZB01")))
    page = logged_in("secretary").get(page_of(case)).content.decode()
    doors = {verb for verb in FORMS if reverse("admin:feedback_case_act", args=[case.pk, verb]) in page}
    assert doors == {"report_done"}
    assert SECRET_NAME not in page


@pytest.mark.parametrize("by_account", [True, False])
@pytest.mark.parametrize("username", ["drafter", "examiner", "leader", "supervisor"])
def test_a_person_complained_about_finds_the_case_nowhere(logged_in, username, by_account):
    user = person(username)
    case, other = sent("JG", kind="complaint", named=True), sent("JG")
    if by_account:
        Target.objects.create(case=case, person=user, named_by="office", by=person("superior"), at=timezone.now())
    else:
        Target.objects.create(case=case, person_name=user.display_name, named_by="sender", at=timezone.now())
    client = logged_in(username)
    for address in (LIST, f"{LIST}?q={case.number}", f"{LIST}?state=received", f"{LIST}?unit=JG"):
        assert f"{case.pk}/change/" not in client.get(address).content.decode()
    assert f"{other.pk}/change/" in client.get(LIST).content.decode()
    assert client.get(page_of(case)).status_code == 404
    assert client.get(reverse("admin:feedback_case_history", args=[case.pk])).status_code in (302, 404)
    assert client.get(reverse("admin:feedback_case_by_uid", args=[case.uid])).status_code == 404
    for verb in FORMS:
        assert client.post(reverse("admin:feedback_case_act", args=[case.pk, verb]), {"version": 1}).status_code == 404
        assert why_not(verb, case=case, by=user) is not None
    assert not access.readable_by(user).filter(pk=case.pk).exists()
    assert not access.handles(user, case)


def test_a_person_complained_about_is_not_counted_in(rf):
    request = rf.get("/")
    request.user = person("drafter")
    sent("JG", accused=about(name=request.user.display_name))
    sent("JG", accused=about("ZB02"))
    cards = {str(card["label"]): card["count"] for card in feedback_todo({"request": request})}
    assert cards["新收到的意见"] == 1
    assert access.handled_by(person("examiner")).count() == 2


def test_a_person_complained_about_under_a_printed_name_does_not_find_it():
    Appointment.objects.filter(user__username="drafter").update(printed_name="王某某")
    case = sent("JG", accused=about(name="王某某"))
    assert not access.readable_by(person("drafter")).filter(pk=case.pk).exists()
    assert access.readable_by(person("examiner")).filter(pk=case.pk).exists()


@pytest.mark.parametrize("name", ["演示", "局起草人", "演示·局起草人二"])
def test_a_name_that_is_not_exactly_the_same_hides_nothing(name):
    case = sent("JG", accused=about(name=name))
    assert access.readable_by(person("drafter")).filter(pk=case.pk).exists()


def test_nobody_without_a_name_is_taken_for_somebody():
    User.objects.filter(username="drafter").update(display_name="")
    case = sent("JG", accused=about("ZB02"))
    assert access.readable_by(person("drafter")).filter(pk=case.pk).exists()


def test_a_person_complained_about_gets_no_notice_of_any_step():
    case = sent("JG", kind="complaint", accused=about(name=person("examiner").display_name))
    did(case, "accept", "drafter")
    did(case, "reply", "drafter", text="已核实", published_question="问", published_text="答")
    did(case, "rectify", "drafter", **order())
    did(case, "report_done", "drafter", rectification=case.rectifications.get().pk, proof="已补")
    assert "examiner" not in told_of(case)
    for found in (access.handlers_of, access.verifiers_of):
        assert "examiner" not in [user.username for user in found(case.unit, timezone.now(), case=case)]


def test_where_the_only_handlers_are_complained_about_the_office_is_told():
    Appointment.objects.filter(user__username="branch_drafter").update(valid_until="2021-01-01")
    case = sent("ZB01", accused=about(name=person("secretary").display_name))
    assert told_of(case) == {"examiner"}


def test_an_investigator_named_later_hands_the_findings_to_others():
    case = carried("investigating", by="drafter")
    did(case, "name_target", "examiner", username="drafter")
    assert why_not("find", case=case, by=person("examiner")) is None
    assert why_not("find", case=case, by=person("drafter")) is not None


def test_a_case_passes_to_the_superior_when_the_handling_unit_is_named_later():
    case = carried("accepted", code="ZB01", by="secretary")
    did(case, "name_target", "examiner", unit=unit("ZB01"))
    case.refresh_from_db()
    moved = Transfer.objects.get()
    assert (case.unit.code, moved.from_unit.code, moved.to_unit.code) == ("JW", "ZB01", "JW")
    assert not access.readable_by(person("secretary")).exists()
    assert Notice.objects.filter(verb="case.target_named", recipient__username="deputy").exists()


def test_the_trail_does_not_name_whom_it_is_about():
    case = sent("JG", accused=about(name="王某某"))
    did(case, "name_target", "drafter", person_name="李某某")
    written = "".join(str(event.payload()) for event in Event.objects.filter(subject_ref=str(case.uid)))
    assert "王某某" not in written
    assert "李某某" not in written


@pytest.mark.parametrize("payload", [{}, {"person_name": " \u202e"}, {"username": "nobody-here"}])
def test_naming_nobody_is_refused(payload):
    with pytest.raises(Refused):
        did(sent(), "name_target", "drafter", **payload)
    assert not Target.objects.exists()


def test_who_is_named_is_never_taken_back():
    sent(accused=about("ZB02"))
    for change in (lambda: Target.objects.update(unit=None), lambda: Target.objects.all()._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_list_asks_no_more_when_cases_complain_about_somebody(logged_in):
    client = logged_in("drafter")
    sent()
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(8):
        sent(accused=about("ZB02", f"某人{number}"))
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)


def test_the_form_takes_whom_it_is_about_and_shows_who_receives_it(client):
    address = reverse("feedback:new")
    token = client.get(address).content.decode().split('name="token" value="')[1].split('"')[0]
    typed = {"kind": "complaint", "unit": "ZB01", "text": "反映情况", "about_unit": "ZB01", "about_person": "王某某"}
    receipt = client.post(address, {**typed, "token": token})
    target = Target.objects.get()
    assert (target.unit.code, target.person_name, target.case.unit.code) == ("ZB01", "王某某", "JW")
    assert unit("JW").label in receipt.content.decode()
    assert "王某某" not in receipt.content.decode()
