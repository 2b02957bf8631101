"""One row for each token, whatever happens; identities sealed; nothing of the sender in the trail."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import serializers
from django.db import connection

from audit.models import READER_USERNAME, Event
from feedback.models import Case, Identity, SenderKind
from feedback.sealing import Sender, unseal
from feedback.services import AlreadySent, Refused, add_message, perform, receive
from feedback.tokens import Purpose
from notifications.models import Notice
from tests.feedback.cases import HOSTILE, SECRET_CONTACT, SECRET_NAME, WORDS, carried, sent, sent_with_code, token
from tests.people import person, unit


def receive_with(form_token, text=WORDS):
    return receive(
        form_token,
        item=None,
        unit=unit("JG"),
        kind="opinion",
        text=text,
        sender_kind=SenderKind.PUBLIC,
        sender=Sender(SECRET_NAME),
    )


def test_the_same_token_gives_the_same_receipt_and_one_row(house):
    form_token = token()
    first, again = receive_with(form_token), receive_with(form_token)
    assert first == again
    assert Case.objects.count() == Identity.objects.count() == Event.objects.filter(verb="case.received").count() == 1


def test_other_words_under_a_used_token_are_not_swallowed(house):
    form_token = token()
    receive_with(form_token)
    with pytest.raises(AlreadySent):
        receive_with(form_token, text="另一条意见")
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_token_many_times_at_once_gives_one_row(open_house):
    form_token, crowd = token(), 8
    barrier = Barrier(crowd)

    def run(_number):
        barrier.wait()
        try:
            return receive_with(form_token)
        finally:
            connection.close()

    with ThreadPoolExecutor(crowd) as pool:
        receipts = set(pool.map(run, range(crowd)))
    assert len(receipts) == 1
    assert Case.objects.count() == Identity.objects.count() == Event.objects.filter(verb="case.received").count() == 1


def test_the_code_is_not_stored(house):
    case, code = sent_with_code(named=True)
    dump = serializers.serialize("json", [*Case.objects.all(), *Event.objects.all(), *Notice.objects.all()])
    assert code not in dump
    assert code.replace("-", "") not in dump
    assert case.code_digest in dump


def test_numbers_are_random_and_tell_the_year(house):
    first, second = sent(), sent()
    assert first.number.startswith("YJ-2")
    assert first.number != second.number


def test_handlers_of_the_unit_are_told_and_nobody_else(house):
    case = sent("ZB01")
    told = Notice.objects.filter(subject_ref=str(case.uid)).values_list("recipient__username", flat=True)
    assert set(told) == {"branch_drafter", "secretary"}


def test_where_a_unit_has_no_handlers_the_office_is_told(house):
    case = sent("ZB02")
    told = Notice.objects.filter(subject_ref=str(case.uid)).values_list("recipient__username", flat=True)
    assert set(told) == {"examiner"}


def test_the_trail_names_a_reader_and_repeats_nothing(house):
    sent(named=True)
    event = Event.objects.get(verb="case.received")
    assert event.actor_username == READER_USERNAME
    assert not any(word in str(event.payload()) for word in (WORDS, SECRET_NAME, SECRET_CONTACT))


def test_hostile_text_is_kept_as_plain_text(house):
    case = sent(text=HOSTILE)
    assert "\x00" not in case.text
    assert "\u202e" not in case.text
    assert "<script>" in case.text


@pytest.mark.parametrize("text", ["", " \n ", "\x00\u202e"])
def test_no_words_are_refused(house, text):
    with pytest.raises(Refused):
        sent(text=text)


def test_the_identity_is_sealed_in_the_database(house):
    case = sent(named=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ciphertext, nonce FROM feedback_identity")
        ciphertext, nonce = map(bytes, cursor.fetchone())
    assert SECRET_NAME.encode() not in ciphertext
    assert SECRET_CONTACT.encode() not in ciphertext
    assert len(nonce) == 12
    assert unseal(case.identity) == Sender(SECRET_NAME, SECRET_CONTACT)


def test_ciphertexts_tell_nothing_by_length(house):
    one, two = sent(named=True), sent(named=True)
    assert len(one.identity.ciphertext) == len(two.identity.ciphertext)
    assert bytes(one.identity.ciphertext) != bytes(two.identity.ciphertext)


def test_an_identity_moved_to_another_case_does_not_open(house):
    one, two = sent(named=True), sent(named=True)
    Identity.objects.filter(case=two).update(ciphertext=one.identity.ciphertext, nonce=one.identity.nonce)
    with pytest.raises(Refused):
        unseal(Identity.objects.get(case=two))


def test_another_key_does_not_open_it(house, settings):
    case = sent(named=True)
    settings.PORTAL_IDENTITY_KEY = "b" * 43 + "="
    with pytest.raises(Refused):
        unseal(case.identity)


def test_a_message_is_stored_once_for_its_token(house):
    case = sent()
    form_token = token(str(case.uid), purpose=Purpose.MESSAGE)
    assert add_message(form_token, text="补充") == add_message(form_token, text="补充")
    with pytest.raises(AlreadySent):
        add_message(form_token, text="再补充")
    assert case.messages.count() == 1


def test_nobody_decides_over_a_message_not_read(house):
    case = sent()
    form_token = token(str(case.uid), purpose=Purpose.MESSAGE)
    seen = case.version
    add_message(form_token, text="补充")
    with pytest.raises(Refused) as caught:
        perform("decline", case=case, by=person("examiner"), expected_version=seen, reason="不属受理范围")
    assert caught.value.code == "stale"
    case.refresh_from_db()
    version = case.version
    add_message(form_token, text="补充")
    case.refresh_from_db()
    assert case.version == version


def test_a_closed_case_takes_no_message(house):
    case = carried("closed")
    with pytest.raises(Refused):
        add_message(token(str(case.uid), purpose=Purpose.MESSAGE), text="补充")
