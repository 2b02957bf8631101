"""Receipts: the same token shows the same one for an hour, then never; forms too quick; guests, by the settings."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from feedback.models import Case, Wish
from tests.feedback.cases import SECRET_NAME, WORDS
from tests.feedback.test_pages import NEW, TRACK, TYPED, body, code_in, send, token_in

pytestmark = pytest.mark.usefixtures("house")


def test_the_receipt_is_the_same_within_the_hour(client):
    token = token_in(client.get(NEW))
    first = client.post(NEW, {**TYPED, "token": token})
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        again = client.post(NEW, {**TYPED, "token": token})
    assert code_in(first) == code_in(again)
    assert Case.objects.count() == 1


def test_after_an_hour_the_receipt_is_never_shown_again(client):
    token = token_in(client.get(NEW))
    code = code_in(client.post(NEW, {**TYPED, "token": token}))
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        page = client.post(NEW, {**TYPED, "token": token})
    assert page.status_code == 410
    assert code not in body(page)
    assert TRACK in body(page)
    assert Case.objects.count() == 1


def test_other_words_after_an_hour_are_still_not_lost(client):
    token = token_in(client.get(NEW))
    client.post(NEW, {**TYPED, "token": token})
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        page = client.post(NEW, {**TYPED, "token": token, "text": "另一条"})
        assert page.status_code == 400
        assert "另一条" in body(page)
        assert client.post(NEW, {**TYPED, "token": token_in(page), "text": "另一条"}).status_code == 200


def test_the_slip_holds_what_is_needed_and_nothing_of_the_opinion(client):
    page = send(client, name=SECRET_NAME)
    case = Case.objects.get()
    slip = re.search(r'<section class="receipt slip">.*?</section>', body(page), re.DOTALL)[0]
    for wanted in (case.number, code_in(page), case.unit.label, f"http://testserver{TRACK}"):
        assert wanted in slip
    assert "<time" in slip
    for hidden in (WORDS, SECRET_NAME):
        assert hidden not in body(page)


def test_a_form_quicker_than_people_is_asked_once_more_and_not_lost(client, settings):
    settings.PORTAL_SEND_AFTER_SECONDS = 2
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token = token_in(client.get(NEW))
        page = client.post(NEW, {**TYPED, "token": token})
        assert page.status_code == 400
        assert WORDS in body(page)
        assert token_in(page) == token
        assert not Case.objects.exists()
        clock.shift(2.1)
        assert client.post(NEW, {**TYPED, "token": token}).status_code == 200


def test_a_clock_set_back_hinders_nobody(client, settings):
    settings.PORTAL_SEND_AFTER_SECONDS = 2
    token = token_in(client.get(NEW))
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        assert client.post(NEW, {**TYPED, "token": token}).status_code == 200


def test_going_back_finds_the_form_in_the_browser_and_not_on_the_way(client):
    page = client.get(NEW)
    assert page["Cache-Control"] == "private, no-cache"
    assert WORDS not in body(page)


def test_guests_may_be_shut_out_by_a_setting(client, logged_in, settings):
    settings.PORTAL_GUESTS_MAY_SEND = False
    page = client.get(NEW)
    assert page.status_code == 200
    assert 'name="text"' not in body(page)
    refused = client.post(NEW, {**TYPED, "token": "x"})
    assert refused.status_code == 403
    assert WORDS in body(refused)
    assert not Case.objects.exists()
    assert send(logged_in("party_member"), sending="unnamed").status_code == 200


def test_guests_may_be_asked_for_their_name_by_a_setting(client, settings):
    settings.PORTAL_GUESTS_MAY_BE_UNNAMED = False
    page = send(client)
    assert page.status_code == 400
    assert 'href="#id_name"' in body(page)
    assert not Case.objects.exists()
    assert send(client, name="甲", contact="乙").status_code == 200


@pytest.mark.parametrize(("said", "kept"), [("yes", True), ("no", False)])
def test_the_wish_of_the_sender_is_kept(client, said, kept):
    assert send(client, may_publish=said).status_code == 200
    assert Case.objects.get().wish.may_publish is kept


def test_the_form_proposes_that_the_answer_may_be_published(client):
    assert re.search(r'<input type="radio" name="may_publish" value="yes"[^>]* checked', body(client.get(NEW)))
    send(client)
    assert not Wish.objects.exists()  # a form that did not ask
