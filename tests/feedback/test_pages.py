"""The public pages: the form and its one-time token, the receipt, the dialogue by its code."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from disclosures.services import perform
from feedback import reports
from feedback.models import Case, Identity, Message
from feedback.sealing import Sender, unseal
from tests.feedback.cases import HOSTILE, SECRET_NAME, WORDS, carried, did, published, sent, sent_with_code
from tests.people import INTERNAL_ENTRY, draft, entry, person, released

pytestmark = pytest.mark.usefixtures("house")
NEW, TRACK, MESSAGE, HOME = (reverse(f"feedback:{name}") for name in ("new", "track", "message", "home"))
TYPED = {"kind": "problem", "unit": "JG", "text": WORDS, "name": "", "contact": "", "website": ""}


def token_in(response) -> str:
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


def code_in(response) -> str:
    return re.search(r'receipt__code">([^<]+)<', response.content.decode())[1]


def body(response) -> str:
    return unescape(response.content.decode())


def send(client, address=NEW, **changes):
    """Open the form and send it."""
    return client.post(address, {**TYPED, "token": token_in(client.get(address)), **changes})


@pytest.fixture
def public_item():
    """An item whose release is open to the public."""
    release = released(draft())
    assert release.public_from is not None
    return release.item


def about(item) -> str:
    return f"{NEW}?item={item.number}"


def test_an_opinion_is_received_and_followed_by_its_code(client):
    receipt = send(client, name=SECRET_NAME)
    case = Case.objects.get()
    page = client.post(TRACK, {"code": code_in(receipt).lower().replace("-", " ")})
    assert (receipt.status_code, page.status_code) == (200, 200)
    assert case.number in body(page)
    assert WORDS in body(page)
    assert SECRET_NAME not in body(page)


def test_the_same_form_sent_twice_shows_the_same_receipt(client):
    token = token_in(client.get(NEW))
    first, second = (client.post(NEW, {**TYPED, "token": token}) for _time in range(2))
    assert first.content == second.content
    assert Case.objects.count() == 1


def test_the_form_sent_twice_with_other_words_is_not_swallowed(client):
    token = token_in(client.get(NEW))
    client.post(NEW, {**TYPED, "token": token})
    page = client.post(NEW, {**TYPED, "token": token, "text": "另一条"})
    assert page.status_code == 400
    assert "另一条" in body(page)
    assert client.post(NEW, {**TYPED, "token": token_in(page), "text": "另一条"}).status_code == 200
    assert Case.objects.count() == 2


def test_an_expired_form_keeps_everything_and_brings_a_fresh_token(client):
    with time_machine.travel(timezone.now() - timedelta(hours=13)):
        token = token_in(client.get(NEW))
    page = client.post(NEW, {**TYPED, "token": token, "contact": "邮箱在此"})
    assert page.status_code == 400
    assert WORDS in body(page)
    assert "邮箱在此" in body(page)
    assert not Case.objects.exists()
    assert client.post(NEW, {**TYPED, "token": token_in(page)}).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "\x00", "名", "a:b:c"])
def test_a_forged_token_stores_nothing(client, token):
    page = client.post(NEW, {**TYPED, "token": token})
    assert page.status_code == 400
    assert WORDS in body(page)
    assert not Case.objects.exists()


def test_a_token_of_another_item_or_none_stores_nothing(client, public_item):
    other = released(draft()).item
    for opened, used in ((NEW, about(public_item)), (about(public_item), about(other)), (about(other), NEW)):
        assert client.post(used, {**TYPED, "token": token_in(client.get(opened))}).status_code == 400
    assert not Case.objects.exists()


def test_a_token_of_another_account_stores_nothing(client, logged_in):
    anonymous = token_in(client.get(NEW))
    logged_in("party_member")
    typed = {**TYPED, "sending": "named"}
    assert client.post(NEW, {**typed, "token": anonymous}).status_code == 400
    members = token_in(client.get(NEW))
    logged_in("other_member")
    assert client.post(NEW, {**typed, "token": members}).status_code == 400
    client.logout()
    assert client.post(NEW, {**typed, "token": members}).status_code == 400
    assert not Case.objects.exists()


def test_an_opinion_about_an_item_goes_to_its_unit(client, public_item):
    assert public_item.title in body(client.get(about(public_item)))
    assert send(client, about(public_item), unit="ZB01").status_code == 200
    case = Case.objects.get()
    assert (case.item, case.unit.code) == (public_item, "JG")


@pytest.mark.parametrize("number", ["JG-2026-XXXXXX", "\x00", "a" * 5000, "' OR 1=1", "名", "../..", "1&item=2"])
def test_missing_items_are_missing(client, number):
    assert client.get(NEW, {"item": number}).status_code == 404
    assert client.post(f"{NEW}?item={number[:100]}".replace("\x00", "%00"), TYPED).status_code == 404


def test_hidden_items_are_missing_alike(client, django_assert_num_queries):
    hidden = released(internal()).item
    with django_assert_num_queries(1):
        concealed = client.get(about(hidden))
    with django_assert_num_queries(1):
        missing = client.get(f"{NEW}?item=JG-2026-NOSUCH")
    mask = lambda page, number: body(page).replace(number, "N")  # noqa: E731
    assert (concealed.status_code, missing.status_code) == (404, 404)
    assert mask(concealed, hidden.number) == mask(missing, "JG-2026-NOSUCH")


def internal():
    """A draft for members only."""
    return draft(entry=entry(INTERNAL_ENTRY), audience="internal")


def test_members_may_write_about_what_they_see(logged_in):
    hidden = released(internal()).item
    assert logged_in("party_member").get(about(hidden)).status_code == 200
    assert send(logged_in("party_member"), about(hidden), sending="unnamed").status_code == 200


def test_words_typed_while_the_item_was_withdrawn_are_not_lost(client, public_item):
    token = token_in(client.get(about(public_item)))
    public_item.refresh_from_db()
    perform("withdraw", item=public_item, by=person("examiner"), expected_version=public_item.version, reason="有误")
    assert client.get(about(public_item)).status_code == 404
    page = client.post(about(public_item), {**TYPED, "token": token})
    assert page.status_code == 200
    assert public_item.title not in body(page)
    assert Case.objects.get().item == public_item


def test_a_member_sends_as_themself_with_the_identity_sealed(logged_in):
    assert send(logged_in("party_member"), sending="named").status_code == 200
    case = Case.objects.get()
    assert (case.sender_kind, case.is_named) == ("member", True)
    sender = unseal(case.identity)
    assert (sender.username, sender.branch) == ("party_member", "局直单位第一党支部")


def test_a_member_without_a_name_leaves_nothing_of_the_account(logged_in):
    assert send(logged_in("party_member"), sending="unnamed", name="x").status_code == 200
    case = Case.objects.get()
    assert (case.sender_kind, case.is_named) == ("member", False)
    assert not Identity.objects.exists()


def test_a_guest_may_give_a_name(client):
    send(client, name=SECRET_NAME)
    assert unseal(Case.objects.get().identity) == Sender(name=SECRET_NAME)


def test_programs_fall_into_the_trap(client):
    assert send(client, website="http://spam.example").status_code == 400
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"text": "x" * 10_001},
        {"kind": "nothing"},
        {"kind": ["problem", "x"], "text": ""},
        {"unit": "NONE"},
        {"unit": "\x00"},
        {"unit": "LX"},
        {"name": "x" * 101},
    ],
)
def test_what_does_not_fit_is_refused_with_the_words_kept(client, changes):
    page = send(client, **changes)
    assert page.status_code == 400
    assert "error-summary" in body(page)
    assert changes.get("text", WORDS) in body(page)
    assert not Case.objects.exists()


def test_hostile_words_are_shown_as_words(client):
    receipt = send(client, text=HOSTILE, name=HOSTILE, contact=HOSTILE)
    page = client.post(TRACK, {"code": code_in(receipt)}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page
    assert "\x00" not in page


def test_ten_thousand_characters_fit(client):
    assert send(client, text="意" * 10_000).status_code == 200


def test_a_body_too_large_is_refused(client):
    page = client.post(NEW, {**TYPED, "text": "x" * 10_000_000})
    assert page.status_code == 413


@pytest.mark.parametrize(
    "code", ["", "x", "0000-0000-0000-0000-0000", "\x00", "名" * 1000, "A" * 100_000, "' OR 1=1 --", "%s%n"]
)
def test_wrong_codes_are_told_alike(client, code, django_assert_num_queries):
    sent()
    client.post(TRACK, {"code": "wrong"})  # the first of a minute removes old counters too
    with django_assert_num_queries(6):  # counters asked, the code looked up, two counters in a transaction
        page = client.post(TRACK, {"code": code})
    assert page.status_code == 400
    assert "error-summary" in body(page)


def test_a_code_in_the_address_opens_nothing(client):
    _case, code = sent_with_code()
    assert WORDS not in body(client.get(TRACK, {"code": code}))
    assert client.get(MESSAGE).status_code == 405


def test_a_message_is_added_once(client):
    case, code = sent_with_code()
    token = token_in(client.post(TRACK, {"code": code}))
    for _time in range(2):
        page = client.post(MESSAGE, {"token": token, "text": "再补充一点"})
        assert page.status_code == 200
        assert body(page).count("再补充一点") == 1
    assert Message.objects.get().case == case


def test_an_expired_message_page_keeps_the_words(client):
    _case, code = sent_with_code()
    with time_machine.travel(timezone.now() - timedelta(hours=13)):
        token = token_in(client.post(TRACK, {"code": code}))
    page = client.post(MESSAGE, {"token": token, "text": "再补充一点"})
    assert page.status_code == 400
    assert "再补充一点" in body(page)
    assert "再补充一点" in body(client.post(TRACK, {"code": code, "text": "再补充一点"}))
    assert not Message.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "\x00"])
def test_a_message_needs_its_token(client, token):
    assert client.post(MESSAGE, {"token": token, "text": "x"}).status_code == 400
    send_token = token_in(client.get(NEW))
    assert client.post(MESSAGE, {"token": send_token, "text": "x"}).status_code == 400


@pytest.mark.parametrize("state", ["received", "declined", "investigating", "answered", "rectified", "closed"])
def test_the_dialogue_names_offices_and_no_people(client, state):
    case = carried(state, named=True)
    told = " ".join([*(f"{turn.who} {turn.text}" for turn in reports.dialogue_of(case)), str(reports.path_of(case))])
    for name in (person("drafter").display_name, person("examiner").display_name, SECRET_NAME):
        assert name not in told
    assert case.unit.label in told or state == "received"


@pytest.mark.parametrize("address", [HOME, NEW, TRACK])
def test_anonymous_pages_set_no_cookie(client, address):
    page = client.get(address)
    assert page.status_code == 200
    assert not page.cookies
    assert "csrfmiddlewaretoken" not in body(page)


def test_sending_and_tracking_set_no_cookie_and_are_not_stored(client):
    receipt = send(client)
    page = client.post(TRACK, {"code": code_in(receipt)})
    message = client.post(MESSAGE, {"token": token_in(page), "text": "x"})
    for response in (receipt, page, message):
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]
    assert client.get(NEW)["Cache-Control"] == "private, no-cache"  # going back finds the words and the token again
    for response in (receipt, page, message):
        assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("address", [HOME, NEW, TRACK, MESSAGE])
@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace", "options"])
def test_other_methods_are_refused(client, address, method):
    assert getattr(client, method)(address).status_code == 405


def answered(item=None, answer="附件已经补充"):
    return published(carried("answered", item=item), text=answer)


def test_published_answers_are_shown_and_sealed_words_are_not(client, public_item):
    answered(public_item)
    page = body(client.get(HOME))
    assert "附件已经补充" in page
    assert public_item.number in page
    assert WORDS not in page


def test_answers_about_hidden_items_are_hidden(client, logged_in):
    answered(released(internal()).item, answer="内部事项的答复")
    assert "内部事项的答复" not in body(client.get(HOME))
    assert "内部事项的答复" in body(logged_in("party_member").get(HOME))


def test_an_answer_taken_back_is_gone(client):
    case = answered()
    did(case, "hide", "drafter", reply=case.replies.get().pk, reason="有误")
    assert "附件已经补充" not in body(client.get(HOME))


def test_the_first_page_asks_a_fixed_number_of_questions(client, django_assert_num_queries):
    for _time in range(3):
        answered()
    with django_assert_num_queries(1):
        client.get(HOME)
