"""From receipt to a verified rectification through the one writer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Event
from feedback import access
from feedback.models import (
    Case,
    CaseState,
    Identity,
    Investigation,
    Message,
    Proof,
    Rectification,
    Reply,
    Verification,
)
from feedback.services import Refused, perform, why_not
from feedback.services.engine import HANDLERS
from feedback.workflow import TRANSITIONS
from notifications.models import Notice
from organizations.models import Appointment
from tests.feedback.cases import NOT_PUBLISHED, carried, did, last, order, sent
from tests.people import person, unit

pytestmark = pytest.mark.usefixtures("house")
STAFF = [verb for verb in TRANSITIONS if verb != "open_identity"]
GRANTED_BY = "leader"  # another office than the one that handles


def refused(verb, case, by, **payload):
    """The refusal of a verb, after checking that nothing was changed by it."""
    case.refresh_from_db()
    before = (Event.objects.count(), case.version)
    with pytest.raises(Refused) as caught:
        perform(verb, case=case, by=person(by), expected_version=case.version, **payload)
    assert (Event.objects.count(), Case.objects.get(pk=case.pk).version) == before
    return caught.value


def test_every_verb_has_a_row_and_a_handler():
    assert set(STAFF) == set(HANDLERS)


def test_the_whole_path_leaves_an_event_for_each_step():
    case = carried("closed")
    verbs = list(Event.objects.filter(subject_ref=str(case.uid)).order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "case.received",
        "case.accepted",
        "case.investigation_started",
        "case.investigation_finished",
        "case.replied",
        "case.rectification_ordered",
        "case.rectification_done",
        "case.rectification_verified",
        "case.closed",
    ]
    assert Event.objects.filter(subject_label=case.number, unit_code="JG").count() == len(verbs)


@pytest.mark.parametrize("state", CaseState.values)
def test_verbs_follow_the_table(state):
    case = carried(state)
    for verb in STAFF:
        allowed = state in TRANSITIONS[verb].starts_from
        by = person(GRANTED_BY if verb == "decide_identity" else "examiner")
        told = str(why_not(verb, case=case, by=by) or "")
        says_state = "state" in told or "状态" in told
        assert says_state is not allowed, verb


@pytest.mark.parametrize("verb", STAFF)
@pytest.mark.parametrize("username", ["branch_drafter", "secretary", "leader", "supervisor", "auditor", "party_member"])
def test_people_of_other_units_or_offices_do_nothing(verb, username):
    case = sent("JG")
    assert why_not(verb, case=case, by=person(username)) is not None
    assert refused(verb, case, username).code == "not_allowed"


@pytest.mark.parametrize("verb", STAFF)
def test_a_superuser_without_appointment_does_nothing(verb):
    user = person("party_member")
    user.is_superuser = user.is_staff = True
    user.save()
    assert refused(verb, sent("ZB01"), "party_member").code == "not_allowed"


def test_a_stale_version_is_refused():
    case = sent()
    did(case, "accept", "drafter")
    with pytest.raises(Refused) as caught:
        perform("decline", case=case, by=person("examiner"), expected_version=1, reason="不受理")
    assert caught.value.code == "stale"


@pytest.mark.parametrize(
    ("verb", "state", "payload"),
    [
        ("decline", "received", {"reason": " "}),
        ("find", "investigating", {"findings": "\x00"}),
        ("reply", "accepted", {"text": ""}),
        ("reply", "accepted", {"text": "答复", "published_text": "公开答复"}),
        ("reply", "accepted", {"text": "答复", "published_question": "问题"}),
        ("ask", "received", {"text": " "}),
        ("publish", "answered", {"reply": 0, "question": "问", "text": "答"}),
        ("report_done", "rectifying", {"rectification": 0, "proof": "好了"}),
    ],
)
def test_incomplete_words_are_refused(verb, state, payload):
    assert refused(verb, carried(state), "drafter", **payload).message


def test_an_investigation_is_finished_before_the_answer():
    case = carried("investigating")
    assert refused("reply", case, "drafter", text="答复").code == "not_allowed"
    assert refused("find", case, "examiner", findings="属实").code == "not_allowed"
    did(case, "find", "drafter", findings="属实")
    assert did(case, "reply", "examiner", text="答复").state == "answered"


def test_findings_pass_to_others_when_the_investigator_left_office():
    case = carried("investigating")
    Appointment.objects.filter(user__username="drafter").update(valid_until=timezone.localdate())
    assert did(case, "find", "examiner", findings="属实").state == "investigating"


def test_a_due_date_in_the_past_is_refused():
    case = carried("answered")
    due = timezone.localdate() - timedelta(days=1)
    assert "due_on" in refused("rectify", case, "drafter", **order(due_on=due)).problems


def test_who_reported_it_done_neither_verifies_nor_closes():
    case = carried("rectified")
    assert refused("verify", case, "drafter", rectification=last(case), is_ok=True).code == "not_allowed"
    did(case, "verify", "examiner", rectification=last(case), is_ok=True)
    assert refused("close", case, "drafter").code == "not_allowed"
    assert did(case, "close", "examiner", unpublished_because=NOT_PUBLISHED).state == "closed"


def test_the_database_refuses_a_verification_by_who_did_it():
    case = carried("rectified")
    proof = Proof.objects.get()
    user = person("drafter")
    user.is_superuser = True
    user.save()
    with pytest.raises(IntegrityError, match="verif"), transaction.atomic():
        Verification.objects.create(proof=proof, is_ok=True, verified_at=timezone.now(), verified_by=user)
    assert not case.rectifications.get().is_verified


def test_what_is_not_put_right_goes_back_and_can_be_done_again():
    case = carried("rectified")
    assert "remark" in refused("verify", case, "examiner", rectification=last(case), is_ok=False).problems
    assert (
        did(case, "verify", "examiner", rectification=last(case), is_ok=False, remark="附件打不开").state
        == "rectifying"
    )
    did(case, "report_done", "drafter", rectification=last(case), proof="重新上传")
    assert did(case, "verify", "examiner", rectification=last(case), is_ok=True).state == "verified"
    assert Proof.objects.count() == 2


def test_two_rectifications_are_both_verified_before_the_case_is():
    case = carried("rectifying")
    first = last(case)
    did(case, "rectify", "drafter", **order(problem="标题有误"))
    second = last(case)
    assert did(case, "report_done", "drafter", rectification=first, proof="好了").state == "rectifying"
    assert did(case, "verify", "examiner", rectification=first, is_ok=True).state == "rectifying"
    assert did(case, "report_done", "drafter", rectification=second, proof="好了").state == "rectified"
    assert did(case, "verify", "examiner", rectification=second, is_ok=True).state == "verified"


def test_the_responsible_unit_sees_the_case_and_reports_done_but_does_not_verify():
    case = carried("answered")
    assert not access.readable_by(person("secretary")).filter(pk=case.pk).exists()
    did(case, "rectify", "drafter", **order(responsible_unit=unit("ZB01")))
    assert access.readable_by(person("secretary")).filter(pk=case.pk).exists()
    assert Notice.objects.filter(verb="case.rectification_ordered", recipient__username="secretary").exists()
    assert not access.readable_by(person("other_member")).exists()
    assert did(case, "report_done", "secretary", rectification=last(case), proof="好了").state == "rectified"
    assert refused("verify", case, "branch_drafter", rectification=last(case), is_ok=True).code == "not_allowed"
    told = Notice.objects.filter(verb="case.rectification_done").values_list("recipient__username", flat=True)
    assert set(told) == {"drafter", "examiner"}


@pytest.mark.parametrize("model", [Case, Message, Investigation, Reply, Rectification, Proof, Verification, Identity])
def test_no_row_is_ever_removed(model):
    case = carried("closed", named=True)
    Message.objects.create(case=case, is_from_sender=False, text="x", at=timezone.now(), by=person("drafter"))
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Case, {"text": "另"}),
        (Case, {"code_digest": "0" * 64}),
        (Case, {"is_named": True}),
        (Investigation, {"started_at": "2020-01-01T00:00Z"}),
        (Reply, {"text": "另"}),
        (Rectification, {"due_on": "2099-01-01"}),
        (Proof, {"done_by_id": 1}),
        (Verification, {"is_ok": False, "remark": "另"}),
    ],
)
def test_what_was_written_is_never_changed(model, change):
    carried("closed")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**change)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Case, {"state": "closed"}),
        (Case, {"state": "declined"}),
        (Case, {"state": "other"}),
        (Case, {"accepted_by_id": None}),
        (Case, {"closed_at": timezone.now()}),
        (Investigation, {"findings": ""}),
        (Reply, {"published_at": timezone.now()}),
    ],
)
def test_the_database_keeps_pairs_together(model, change):
    carried("answered")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**change)
