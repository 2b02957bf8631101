"""Staff enter letters, visits, calls and meetings: who may, what is kept, the slip for the sender."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from feedback import reports, tokens
from feedback.models import Case, Channel, Intake
from feedback.sealing import Sender, unseal
from feedback.tokens import Purpose
from notifications.models import Notice
from tests.feedback.cases import SECRET_CONTACT, SECRET_NAME, WORDS
from tests.feedback.test_admin import PNG
from tests.feedback.test_pages import TRACK, body, code_in, token_in

pytestmark = pytest.mark.usefixtures("house")
ENTER = reverse("admin:feedback_case_enter")


def typed(**changes):
    return {
        "channel": "letter",
        "arrived_on": (timezone.localdate() - timedelta(days=3)).isoformat(),
        "place": "局机关意见箱",
        "unit": "JG",
        "kind": "complaint",
        "text": WORDS,
        "sender_kind": "public",
        "name": SECRET_NAME,
        "contact": SECRET_CONTACT,
        "may_publish": "no",
        **changes,
    }


def entered(client, **changes):
    return client.post(ENTER, {**typed(**changes), "token": token_in(client.get(ENTER))})


def test_a_letter_becomes_a_case_with_a_slip(logged_in):
    page = entered(logged_in("drafter"))
    case = Case.objects.get()
    assert page.status_code == 200
    assert case.number in body(page)
    for hidden in (WORDS, SECRET_NAME, SECRET_CONTACT):
        assert hidden not in body(page)
    assert logged_in("drafter").post(TRACK, {"code": code_in(page)}).status_code == 200


def test_the_day_of_arrival_stands_beside_the_time_of_the_server(logged_in):
    entered(logged_in("drafter"))
    case = Case.objects.get()
    assert case.intake.arrived_on == timezone.localdate() - timedelta(days=3)
    assert timezone.localdate(case.received_at) == timezone.localdate()
    assert case.intake.entered_by.username == "drafter"
    assert case.wish.may_publish is False
    assert len(reports.path_of(case)[0].entries) == 1


def test_the_sender_is_sealed_and_stands_in_no_event(logged_in):
    entered(logged_in("drafter"))
    assert unseal(Case.objects.get().identity) == Sender(SECRET_NAME, SECRET_CONTACT)
    event = Event.objects.get(verb="case.entered")
    assert (event.actor_username, event.after["channel"]) == ("drafter", "letter")
    trail = str([event.payload() for event in Event.objects.all()])
    assert not any(word in trail for word in (SECRET_NAME, SECRET_CONTACT, WORDS, "意见箱"))
    assert not Notice.objects.filter(recipient__username="drafter", verb="case.entered").exists()


@pytest.mark.parametrize("channel", Channel.values)
def test_each_way_is_taken(logged_in, channel):
    assert entered(logged_in("examiner"), channel=channel).status_code == 200
    assert Intake.objects.get().channel == channel


@pytest.mark.parametrize(
    "changes",
    [
        {"arrived_on": "2999-01-01"},
        {"arrived_on": ""},
        {"arrived_on": "2026-02-30"},
        {"channel": "pigeon"},
        {"text": " "},
        {"text": "x" * 10_001},
        {"unit": "ZB01"},
        {"unit": "\x00"},
        {"may_publish": ""},
        {"sender_kind": "x"},
    ],
)
def test_what_does_not_fit_is_refused_with_everything_kept(logged_in, changes):
    page = entered(logged_in("drafter"), **changes)
    assert page.status_code == 400
    assert "error-summary" in body(page)
    assert SECRET_NAME in body(page)
    assert not Case.objects.exists()


def test_a_day_to_come_is_refused_beside_its_field(logged_in):
    assert 'href="#id_arrived_on"' in body(entered(logged_in("drafter"), arrived_on="2999-01-01"))


def test_the_same_form_twice_is_one_case(logged_in):
    client = logged_in("drafter")
    token = token_in(client.get(ENTER))
    pages = [client.post(ENTER, {**typed(), "token": token}) for _time in range(2)]
    assert code_in(pages[0]) == code_in(pages[1])
    assert Case.objects.count() == Intake.objects.count() == 1


def test_a_scan_comes_along(logged_in):
    page = entered(logged_in("drafter"), documents=[SimpleUploadedFile("来信.png", PNG)])
    assert page.status_code == 200
    assert Case.objects.get().files.get().filename.endswith("-1.png")


def test_a_token_of_the_public_form_enters_nothing(logged_in):
    client = logged_in("drafter")
    token = tokens.issue(Purpose.SEND, "", None)
    page = client.post(ENTER, {**typed(), "token": token})
    assert page.status_code == 400
    assert WORDS in body(page)
    assert not Case.objects.exists()


@pytest.mark.parametrize("username", ["leader", "member", "supervisor", "auditor", "sysadmin"])
def test_who_does_not_handle_enters_nothing(logged_in, username):
    client = logged_in(username)
    token = tokens.issue(Purpose.ENTER, "", None)
    assert client.post(ENTER, {**typed(), "token": token}).status_code == 403
    assert ENTER not in body(client.get(reverse("admin:feedback_case_changelist")))
    assert not Case.objects.exists()


def test_what_was_entered_is_never_changed(logged_in):
    entered(logged_in("drafter"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Intake.objects.update(arrived_on=timezone.localdate())


def test_the_page_of_the_case_tells_how_it_came(logged_in):
    client = logged_in("drafter")
    entered(client)
    page = body(client.get(reverse("admin:feedback_case_change", args=[Case.objects.get().pk])))
    assert "局机关意见箱" in page
    assert SECRET_NAME not in page
