"""Opinions, messages and codes sent with the worst will: each answer is clear, nothing breaks, nothing is lost."""

import re
from datetime import timedelta
from html import escape, unescape
from urllib.parse import quote, urlencode

import pytest
import time_machine
from django.core import signing
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback import tokens
from feedback.models import Case, Message
from feedback.services import perform
from feedback.tokens import Purpose
from tests.feedback.cases import sent, sent_with_code
from tests.hostile.asking import BACKEND, faults_of
from tests.people import draft, person, released

pytestmark = pytest.mark.usefixtures("house")
NEW, TRACK, MESSAGE = (reverse(f"feedback:{name}") for name in ("new", "track", "message"))
FORM = "application/x-www-form-urlencoded"
WORDS = "会议纪要缺附件"
TYPED = {"kind": "problem", "unit": "JG", "text": WORDS, "name": "", "contact": "", "website": ""}


@pytest.fixture
def sender() -> Client:
    """A browser that is told 500 where a reader would be."""
    return Client(raise_request_exception=False)


def page_of(response) -> str:
    return unescape(response.content.decode())


def token_in(response) -> str:
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


def fresh(sender, address=NEW) -> str:
    return token_in(sender.get(address))


def send(sender, address=NEW, **changes):
    return sender.post(address, {**TYPED, "token": fresh(sender, address), **changes})


def send_raw(sender, text: bytes, address=NEW):
    """The text as bytes that no form of a browser would send."""
    others = urlencode({**{name: value for name, value in TYPED.items() if name != "text"}, "token": fresh(sender)})
    return sender.generic("POST", address, f"{others}&text={quote(text)}".encode(), FORM)


def is_clear(response, status: int) -> None:
    assert response.status_code == status
    assert faults_of(response, response.content.decode()) == []


def is_refused_and_kept(response, words: str = WORDS) -> None:
    """400 with a sentence, and what was typed still in the form."""
    is_clear(response, 400)
    assert "error-summary" in response.content.decode()
    assert escape(words) in response.content.decode()


def is_receipt(response) -> None:
    is_clear(response, 200)
    assert "receipt__code" in response.content.decode()


# --- texts ----------------------------------------------------------------------------------------------------------


def test_a_million_characters_are_told_how_many_are_possible_and_kept(sender):
    text = "意见 opinion " + "x" * 1_000_000
    response = send(sender, text=text)
    is_refused_and_kept(response, text)
    assert "1000011" in page_of(response)
    assert "10000" in page_of(response)
    assert not Case.objects.exists()


def test_a_million_chinese_characters_are_refused_before_they_are_read(sender):
    response = send(sender, text="意" * 1_000_000)
    is_clear(response, 413)
    assert "太大" in page_of(response) or "过大" in page_of(response)
    assert not Case.objects.exists()


def test_a_message_of_a_million_characters_is_kept(sender):
    _case, code = sent_with_code()
    text = "补充" + "y" * 1_000_000
    response = sender.post(MESSAGE, {"token": token_in(sender.post(TRACK, {"code": code})), "text": text})
    is_refused_and_kept(response, text)
    assert not Message.objects.exists()


@pytest.mark.parametrize("name", ["name", "contact"])
def test_a_million_characters_in_a_line_are_refused_and_the_text_is_kept(sender, name):
    is_refused_and_kept(send(sender, **{name: "x" * 1_000_000}))


ODD_TEXTS = {
    "NUL": (b"a\0b", "ab"),
    "lone surrogate": (WORDS.encode() + b"\xed\xa0\x80" + "完".encode(), None),
    "not UTF-8": (WORDS.encode() + b"\xff\xfe\xc3", None),
    "right to left": ("\u202e\u2066\u200f意见\u202c".encode(), "意见"),
    "control": (bytes(range(1, 9)) + "意\x1b[31m见\x7f".encode(), None),
    "separators": ("第一\u2028第二\u2029\x85第三".encode(), None),
    "combining": (("意" + "\u0301" * 2000).encode(), None),
    "beyond the plane": ("意见😀𠮷\U0010ffff".encode(), None),
}


@pytest.mark.parametrize("name", ODD_TEXTS)
def test_odd_characters_are_stored_clean_or_refused(sender, name):
    given, kept = ODD_TEXTS[name]
    is_receipt(send_raw(sender, given))
    text = Case.objects.get().text
    assert kept is None or text == kept
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)


@pytest.mark.parametrize("text", [b"", b" \r\n\t ", b"\0\0", "\u202e\u200f\u200b".encode(), "\u3000".encode()])
def test_a_text_without_words_is_refused(sender, text):
    is_clear(send_raw(sender, text), 400)
    assert not Case.objects.exists()


# --- fields ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kind", "unit", "text", "token"])
def test_a_missing_field_is_named_and_nothing_is_stored(sender, name):
    typed = {**TYPED, "token": fresh(sender)}
    del typed[name]
    response = sender.post(NEW, typed)
    is_clear(response, 400)
    assert name == "text" or escape(WORDS) in response.content.decode()
    assert not Case.objects.exists()


@pytest.mark.parametrize("name", ["kind", "unit", "text", "token", "name", "website"])
def test_a_field_sent_twice_is_one_opinion_at_most(sender, name):
    typed = {**TYPED, "token": fresh(sender)}
    response = sender.post(NEW, {**typed, name: ["\0 first", typed[name]]})
    is_receipt(response)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("value", ["\0", "-1", "ZZ", "' OR 1=1", "9" * 5000, "JG\n", "\ufeffJG", "JG,ZB01"])
@pytest.mark.parametrize("name", ["kind", "unit"])
def test_a_choice_that_was_not_offered_is_refused(sender, name, value):
    is_refused_and_kept(send(sender, **{name: value}))
    assert not Case.objects.exists()


def test_nothing_at_all_is_answered(sender):
    for address in (NEW, TRACK, MESSAGE):
        is_clear(sender.post(address, {}), 400)


# --- tokens ---------------------------------------------------------------------------------------------------------


def test_a_token_replayed_with_the_same_words_stores_one(sender):
    token = fresh(sender)
    for _turn in range(3):
        is_receipt(sender.post(NEW, {**TYPED, "token": token}))
    assert Case.objects.count() == 1


@pytest.mark.parametrize("changes", [{"text": "别的话"}, {"kind": "opinion"}])
def test_a_token_replayed_with_other_words_stores_no_second_and_shows_no_code(sender, changes):
    token = fresh(sender)
    sender.post(NEW, {**TYPED, "token": token})
    response = sender.post(NEW, {**TYPED, "token": token, **changes})
    is_refused_and_kept(response, changes.get("text", WORDS))
    assert "receipt__code" not in response.content.decode()
    assert Case.objects.count() == 1
    is_receipt(sender.post(NEW, {**TYPED, "token": token_in(response), **changes}))
    assert Case.objects.count() == 2


def test_an_expired_token_is_told_and_the_next_press_sends(sender):
    with time_machine.travel(timezone.now() - timedelta(hours=13)):
        old = fresh(sender)
    response = sender.post(NEW, {**TYPED, "token": old})
    is_refused_and_kept(response)
    is_receipt(sender.post(NEW, {**TYPED, "token": token_in(response)}))
    assert Case.objects.count() == 1


def swapped_tokens() -> dict[str, str]:
    """Tokens that were issued, for something else."""
    case = sent()
    return {
        "of a message": tokens.issue(Purpose.MESSAGE, str(case.uid), None),
        "of a message in general": tokens.issue(Purpose.MESSAGE, "", None),
        "of an item": tokens.issue(Purpose.SEND, "JG-2026-ABCDEF", None),
        "of an account": tokens.issue(Purpose.SEND, "", person("party_member").pk),
        "of another key": signing.dumps(["send", "", 0, "0" * 32], key="x" * 50, salt=tokens.SALT),
        "of another salt": signing.dumps(["send", "", 0, "0" * 32], salt="x"),
        "of too few parts": signing.dumps(["send", "", 0], salt=tokens.SALT),
        "of other parts": signing.dumps({"purpose": "send"}, salt=tokens.SALT),
        "of a number": signing.dumps(7, salt=tokens.SALT),
    }


FORGED = ["", "x", "\0", ":::", "a:b:c", "W10:1:x", "9" * 10_000, "意见", ".eJw:1tX:", "<script>"]


def test_tokens_swapped_or_forged_store_nothing_and_the_next_press_sends(sender):
    swapped = swapped_tokens()
    before = Case.objects.count()
    for name, token in [*swapped.items(), *((token[:20], token) for token in FORGED)]:
        response = sender.post(NEW, {**TYPED, "token": token})
        is_refused_and_kept(response)
        assert token_in(response) != token, name
        assert Case.objects.count() == before, name


def test_a_token_of_a_guest_is_none_of_a_member_and_the_other_way_round(sender):
    of_guest = fresh(sender)
    member = Client()
    member.force_login(person("party_member"), backend=BACKEND)
    of_member = fresh(member)
    is_refused_and_kept(member.post(NEW, {**TYPED, "sending": "unnamed", "token": of_guest}))
    is_refused_and_kept(sender.post(NEW, {**TYPED, "token": of_member}))
    other = Client()
    other.force_login(person("drafter"), backend=BACKEND)
    is_refused_and_kept(other.post(NEW, {**TYPED, "sending": "unnamed", "token": of_member}))
    assert not Case.objects.exists()


def test_a_token_of_one_item_is_none_of_another(sender):
    first, second = (f"{NEW}?item={released(draft()).item.number}" for _turn in range(2))
    is_refused_and_kept(sender.post(second, {**TYPED, "token": fresh(sender, first)}))
    is_refused_and_kept(sender.post(NEW, {**TYPED, "token": fresh(sender, first)}))
    assert not Case.objects.exists()


def test_a_token_of_a_message_opens_no_other_case_and_none_opens_without_one(sender):
    _case, code = sent_with_code()
    token = token_in(sender.post(TRACK, {"code": code}))
    member = Client()
    member.force_login(person("party_member"), backend=BACKEND)
    for response in (
        member.post(MESSAGE, {"token": token, "text": WORDS}),
        sender.post(MESSAGE, {"token": fresh(sender), "text": WORDS}),
        sender.post(MESSAGE, {"token": tokens.issue(Purpose.MESSAGE, "no uid", None)[:-1], "text": WORDS}),
    ):
        is_refused_and_kept(response)
    assert not Message.objects.exists()


# --- codes ----------------------------------------------------------------------------------------------------------

CODES = [
    *(
        "",
        " ",
        "-",
        "\0",
        "0" * 20,
        "O" * 20,
        "7QFM-" * 4 + "7QFM",
        "x" * 1_000_000,
        "意" * 300,
        "' OR '1'='1",
        "%",
        "_" * 20,
    ),
    *("\u202e7QFM", "７ＱＦＭ" * 5, "ﬀ" * 50, "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") * 20),
    *("<script>alert(1)</script>", "../../etc/passwd", "{{ 7*7 }}", "a\r\nSet-Cookie: x=1", "\u0130" * 20, "ß" * 20),
]


@pytest.mark.parametrize("code", CODES, ids=lambda code: ascii(code)[:20])
def test_a_guessed_code_of_any_shape_opens_nothing(sender, code):
    case = sent()
    response = sender.post(TRACK, {"code": code})
    is_clear(response, 400)
    assert case.number not in page_of(response)
    assert WORDS not in page_of(response)


@pytest.mark.parametrize("spoil", [lambda c: c[:-1], lambda c: c + "0", lambda c: c[:-1] + "?", lambda c: c[::-1]])
def test_a_code_that_is_nearly_right_opens_nothing(sender, spoil):
    case, code = sent_with_code()
    is_clear(sender.post(TRACK, {"code": spoil(code)}), 400)
    assert case.number in page_of(sender.post(TRACK, {"code": code}))


# --- proxies --------------------------------------------------------------------------------------------------------

FORGERIES = [
    {"HTTP_X_FORWARDED_FOR": "1.2.3.4"},
    {"HTTP_X_FORWARDED_FOR": "abc, ::1%lo, 999.1.1.1"},
    {"HTTP_X_FORWARDED_FOR": "1.1.1.1, " * 800},
    {"HTTP_X_FORWARDED_FOR": "\0"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_PROTO": "javascript"},
    {"HTTP_X_FORWARDED_PORT": "99999"},
    {"HTTP_FORWARDED": 'for="[2001:db8::1]";host=evil.example;proto=https'},
    {"HTTP_X_REAL_IP": "evil.example"},
    {"HTTP_X_ORIGINAL_URL": "/admin/"},
    {"HTTP_X_REWRITE_URL": "/admin/"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
]


@pytest.mark.parametrize("behind", [False, True])
@pytest.mark.parametrize("headers", FORGERIES, ids=lambda headers: next(iter(headers)))
def test_forged_headers_of_proxies_change_no_address_and_lose_nothing(sender, settings, headers, behind):
    settings.PORTAL_BEHIND_PROXY = behind
    response = sender.post(NEW, {**TYPED, "token": fresh(sender)}, **headers)
    is_receipt(response)
    assert "evil.example" not in response.content.decode()
    assert "1.2.3.4" not in response.content.decode()
    assert Case.objects.count() == 1


@pytest.mark.parametrize("host", ["evil.example", "testserver@evil.example", "a b", "x" * 5000])
def test_a_forged_host_is_a_bad_request_that_stores_nothing(sender, host):
    token = fresh(sender)
    is_clear(sender.post(NEW, {**TYPED, "token": token}, HTTP_HOST=host), 400)
    assert not Case.objects.exists()


# --- clocks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(hours=2), timedelta(days=400)])
def test_a_clock_set_back_loses_no_opinion_and_no_message(sender, back):
    token = fresh(sender)
    with time_machine.travel(timezone.now() - back):
        receipt = sender.post(NEW, {**TYPED, "token": token})
        is_receipt(receipt)
        is_receipt(sender.post(NEW, {**TYPED, "token": token}))
        code = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}", receipt.content.decode())[0]
        token = token_in(sender.post(TRACK, {"code": code}))
        with time_machine.travel(timezone.now() - back):
            is_clear(sender.post(MESSAGE, {"token": token, "text": WORDS}), 200)
    assert (Case.objects.count(), Message.objects.count()) == (1, 1)
    call_command("verify_audit", verbosity=0)


def test_a_clock_set_back_stops_no_handling():
    """Each step an hour before the one before it."""
    case, now = sent(), timezone.now()
    steps = [
        ("accept", {}),
        ("investigate", {}),
        ("find", {"findings": "缺附件"}),
        ("reply", {"text": "已补"}),
        ("close", {"unpublished_because": "只是更正。"}),
    ]
    for hours, (verb, fields) in enumerate(steps, 1):
        with time_machine.travel(now - timedelta(hours=hours)):
            case = perform(verb, case=case, by=person("examiner"), expected_version=case.version, **fields)
    assert case.state == "closed"
    call_command("verify_audit", verbosity=0)
