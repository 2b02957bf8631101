"""A case is passed on with a reason, keeps its dates, and never goes to whom it is about."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import Event
from feedback import access, reports
from feedback.models import Transfer
from feedback.services import Accused, Refused
from notifications.models import Notice
from tests.feedback.cases import carried, did, sent
from tests.people import person, unit

pytestmark = pytest.mark.usefixtures("house")


def passed_on(case, to="ZB01", by="drafter", reason="属该支部职责"):
    return did(case, "transfer", by, unit=unit(to), reason=reason)


def test_a_case_passes_with_its_dates_to_the_other_units_people():
    case = carried("accepted")
    received, accepted = case.received_at, case.accepted_at
    passed_on(case)
    case.refresh_from_db()
    assert (case.unit.code, case.received_at, case.accepted_at) == ("ZB01", received, accepted)
    told = set(Notice.objects.filter(verb="case.transferred").values_list("recipient__username", flat=True))
    assert told == {"branch_drafter", "secretary"}
    assert access.readable_by(person("secretary")).filter(pk=case.pk).exists()
    assert not access.readable_by(person("drafter")).filter(pk=case.pk).exists()
    assert Event.objects.get(verb="case.transferred").reason == "属该支部职责"


def test_each_step_stands_under_the_unit_that_took_it():
    case = passed_on(carried("answered"))
    did(case, "ask", "secretary", text="请补充")
    offices = [turn.who for turn in reports.dialogue_of(case) if not turn.is_from_sender]
    assert offices == [unit("JG").label, unit("ZB01").label]
    said = [(entry["body"], entry["text"]) for step in reports.path_of(case) for entry in step.entries]
    assert any(body == unit("JG").label and unit("ZB01").label in text for body, text in said)
    assert (unit("JG").label, said[1][1]) == said[1]


@pytest.mark.parametrize("to", ["JG", "TW", "RS"])
def test_a_unit_that_handles_no_feedback_takes_no_case(to):
    with pytest.raises(Refused):
        passed_on(sent(), to)
    assert not Transfer.objects.exists()


def test_a_reason_is_needed():
    with pytest.raises(Refused):
        passed_on(sent(), reason=" ")


@pytest.mark.parametrize(("accused", "to"), [("ZB01", "ZB01"), ("JW", "ZB01")])
def test_a_case_never_goes_to_the_unit_complained_about_or_below_it(accused, to):
    case = sent("JG", accused=Accused(unit(accused)))
    with pytest.raises(Refused) as caught:
        passed_on(case, to)
    assert caught.value.code == "unit"


def test_an_ended_case_stays_where_it_ended():
    with pytest.raises(Refused):
        passed_on(carried("closed"), by="examiner")


def test_who_passes_a_case_on_comes_back_to_the_list(logged_in):
    case = sent()
    address = reverse("admin:feedback_case_act", args=[case.pk, "transfer"])
    answer = logged_in("drafter").post(address, {"version": 1, "unit": "ZB01", "reason": "属该支部"})
    assert answer["Location"] == reverse("admin:feedback_case_changelist")


def test_a_transfer_stays_written():
    passed_on(sent())
    for change in (lambda: Transfer.objects.update(reason="x"), lambda: Transfer.objects.all()._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
