"""The doors: a hall behind one address passes, a flood waits, forged headers change nothing, addresses are not kept."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from feedback import tokens
from feedback.models import Case, Message, RateCount
from feedback.services import rates
from feedback.services.rates import Door, TooMany
from feedback.tokens import Purpose
from tests.feedback.cases import WORDS, sent_with_code
from tests.feedback.test_pages import MESSAGE, NEW, TRACK, TYPED, body

pytestmark = pytest.mark.usefixtures("house")
ADDRESS = "203.0.113.77"


def post(client, address=ADDRESS, **headers):
    typed = {**TYPED, "token": tokens.issue(Purpose.SEND, "", None)}
    return client.post(NEW, typed, REMOTE_ADDR=address, **headers)


def request_from(address, **more):
    return RequestFactory().post("/", REMOTE_ADDR=address, **more)


def test_two_hundred_people_behind_one_address_pass(client):
    statuses = {post(client).status_code for _person in range(200)}
    assert statuses == {200}
    assert Case.objects.count() == 200


def test_a_flood_from_one_address_waits_and_keeps_its_words(client, settings):
    settings.PORTAL_SEND_PER_ADDRESS = 2
    for _time in range(2):
        assert post(client).status_code == 200
    page = post(client)
    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 3600
    assert WORDS in body(page)
    assert "error-summary" in body(page)
    assert Case.objects.count() == 2
    assert post(client, "198.51.100.9").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        assert post(client).status_code == 200


def test_what_one_address_sends_too_much_is_not_counted_against_others(client, settings):
    settings.PORTAL_SEND_PER_ADDRESS, settings.PORTAL_SEND_TOTAL = 1, 3
    with time_machine.travel(timezone.now(), tick=False):
        for _time in range(10):
            post(client)
        assert post(client, "198.51.100.9").status_code == 200


def test_all_addresses_together_are_limited(client, settings):
    settings.PORTAL_SEND_TOTAL = 2
    with time_machine.travel(timezone.now(), tick=False):
        statuses = [post(client, f"198.51.100.{number}").status_code for number in range(4)]
    assert statuses == [200, 200, 429, 429]


@pytest.mark.parametrize("name", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_CLIENT_IP"])
def test_forged_headers_change_nothing(client, settings, name):
    settings.PORTAL_SEND_PER_ADDRESS = 2
    statuses = [post(client, **{name: f"192.0.2.{number}"}).status_code for number in range(4)]
    assert statuses == [200, 200, 429, 429]


def test_behind_the_front_only_its_own_entry_counts(settings):
    settings.PORTAL_BEHIND_PROXY = True
    keys = {
        rates.key_of(request_from("127.0.0.1", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, {ADDRESS}"), 0)
        for number in range(5)
    }
    assert keys == {rates.key_of(request_from("127.0.0.1", HTTP_X_FORWARDED_FOR=ADDRESS), 0)}


def test_a_network_of_ipv6_is_one_address():
    keys = [rates.key_of(request_from(f"2001:db8:1:{place}::{end}"), 0) for place, end in ((1, 1), (1, 2), (2, 1))]
    assert keys[0] == keys[1] != keys[2]
    assert rates.key_of(request_from("::ffff:203.0.113.77"), 0) == rates.key_of(request_from(ADDRESS), 0)


def test_counters_keep_no_address_and_change_their_key_daily(client):
    post(client)
    post(client, "2001:db8::1")
    kept = str(list(RateCount.objects.values_list()))
    assert "203.0.113" not in kept
    assert "2001" not in kept
    request = request_from(ADDRESS)
    assert rates.key_of(request, 0) == rates.key_of(request, 86_399) != rates.key_of(request, 86_400)


def test_counters_go_when_their_time_is_over(client):
    post(client)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        post(client)
        now = timezone.now().timestamp()
        assert not RateCount.objects.filter(until__lte=now).exists()


def test_a_refused_form_and_a_reload_of_the_page_are_not_counted(client):
    client.get(NEW)
    client.post(NEW, {**TYPED, "text": "", "token": tokens.issue(Purpose.SEND, "", None)})
    assert not RateCount.objects.filter(door=Door.SEND).exists()


def test_messages_are_limited_with_their_words_kept(client, settings):
    settings.PORTAL_MESSAGES_PER_ADDRESS = 1
    case, _code = sent_with_code()
    for expected in (200, 429):
        token = tokens.issue(Purpose.MESSAGE, str(case.uid), None)
        page = client.post(MESSAGE, {"token": token, "text": "再补充一点"})
        assert page.status_code == expected
        assert "再补充一点" in body(page)
    assert Message.objects.count() == 1
    assert page["Retry-After"]


def test_wrong_codes_are_limited_and_then_the_right_one_waits_too(client, settings):
    settings.PORTAL_WRONG_CODES_PER_ADDRESS = 3
    _case, code = sent_with_code()
    assert [client.post(TRACK, {"code": f"WRONG{number}"}).status_code for number in range(4)] == [400, 400, 400, 429]
    page = client.post(TRACK, {"code": code})
    assert page.status_code == 429
    assert page["Retry-After"]
    assert code in body(page)
    assert WORDS not in body(page)
    assert client.post(TRACK, {"code": code}, REMOTE_ADDR="198.51.100.9").status_code == 200


def test_right_codes_are_never_counted(client, settings):
    settings.PORTAL_WRONG_CODES_PER_ADDRESS = settings.PORTAL_WRONG_CODES_TOTAL = 1
    _case, code = sent_with_code()
    assert {client.post(TRACK, {"code": code}).status_code for _time in range(5)} == {200}


@pytest.mark.parametrize("old_keys", [[], ["an older key" * 5, "a still older key" * 4]])
def test_any_code_takes_the_same_hashing_work_and_gets_the_same_answer(client, settings, monkeypatch, old_keys):
    settings.SECRET_KEY_FALLBACKS = old_keys
    work = []
    real = tokens.salted_hmac

    def counting(salt, value, **more):
        if salt == tokens.CODE_DIGEST_SALT:
            work.append(len(value))
        return real(salt, value, **more)

    monkeypatch.setattr(tokens, "salted_hmac", counting)
    _case, code = sent_with_code()
    done, told = set(), set()
    for typed in ("x", "0000-0000-0000-0000-0000", "名" * 1000, "A" * 100_000, "' OR 1=1 --", code[:-1], code + "Z"):
        work.clear()
        page = client.post(TRACK, {"code": typed})
        done.add(tuple(work))
        told.add((page.status_code, re.sub(r'value="[^"]*"', "", page.content.decode())))
    work.clear()
    assert client.post(TRACK, {"code": code}).status_code == 200
    done.add(tuple(work))
    assert len(done) == 1
    assert len(done.pop()) == 1 + len(old_keys)
    assert len(told) == 1


def test_limits_hold_across_connections_and_spans():
    request = request_from(ADDRESS)
    rates.passed(Door.FILES, request, 999)
    rates.look(Door.FILES, request)
    rates.passed(Door.FILES, request, 1)
    with pytest.raises(TooMany):
        rates.passed(Door.FILES, request, 1)
    with pytest.raises(TooMany):
        rates.look(Door.FILES, request)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_count_together(open_house):
    crowd = 8
    barrier = Barrier(crowd)

    def run(_number):
        barrier.wait()
        try:
            rates.passed(Door.SEND, request_from(ADDRESS))
        finally:
            connection.close()

    with time_machine.travel(timezone.now(), tick=False), ThreadPoolExecutor(crowd) as pool:
        list(pool.map(run, range(crowd)))
    assert set(RateCount.objects.values_list("count", flat=True)) == {crowd}
