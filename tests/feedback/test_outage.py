"""Sending while the database is away, read-only or locked: 503 in the site's look, and nothing typed is lost."""

import re
from contextlib import contextmanager
from html import escape

import psycopg2.errors
import pytest
from django.db import InternalError, OperationalError, connection
from django.urls import reverse

from disclosure_portal.errors import is_database_trouble
from feedback.models import Case, Message
from tests.disclosure_portal.test_errors import FormOnPage, in_the_sites_look
from tests.feedback.cases import sent_with_code
from tests.people import person

pytestmark = pytest.mark.usefixtures("house")
NEW, TRACK, MESSAGE = (reverse(f"feedback:{name}") for name in ("new", "track", "message"))
SHORT = "会议纪要<缺>附件"
LONG = "第一段“意见”&<b>\n第二段" + "很长" * 100
WRITES = ("INSERT", "UPDATE", "DELETE")


def away(execute, sql, params, many, context):
    raise OperationalError("could not connect to server")


def locked(execute, sql, params, many, context):
    if sql.lstrip().upper().startswith(WRITES):
        raise OperationalError("database is locked")
    return execute(sql, params, many, context)


def read_only(execute, sql, params, many, context):
    if sql.lstrip().upper().startswith(WRITES):
        raise InternalError("read-only") from standby()
    return execute(sql, params, many, context)


def standby() -> Exception:
    """What PostgreSQL says where a standby has taken over; the driver alone can fill in the code."""

    class Refusal(psycopg2.errors.ReadOnlySqlTransaction):
        pgcode = "25006"

    return Refusal("cannot execute INSERT in a read-only transaction")


@contextmanager
def trouble(kind):
    with connection.execute_wrapper(kind):
        yield


def token_in(response) -> str:
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


def is_kept(response, words) -> FormOnPage:
    """The answer says what is going on and holds the words; returns the form that sends them again."""
    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "no-store" in response["Cache-Control"]
    assert in_the_sites_look(response)
    assert escape(words) in page
    kept = FormOnPage(page)
    assert kept.fields["text"].replace("\r\n", "\n") == words
    return kept


@pytest.mark.parametrize("kind", [away, locked, read_only])
@pytest.mark.parametrize("words", [SHORT, LONG])
def test_an_opinion_is_kept_and_sent_by_one_press_afterwards(client, kind, words):
    typed = {"kind": "complaint", "unit": "ZB01", "text": words, "name": "来信人甲", "contact": "", "website": ""}
    token = token_in(client.get(NEW))
    with trouble(kind):
        kept = is_kept(client.post(NEW, {**typed, "token": token}), words)
    assert not Case.objects.exists()
    assert client.post(kept.action, kept.fields).status_code == 200
    case = Case.objects.get()
    assert (case.kind, case.unit.code, case.text, case.is_named) == ("complaint", "ZB01", words, True)


@pytest.mark.parametrize("kind", [away, locked, read_only])
def test_a_message_is_kept_and_sent_by_one_press_afterwards(client, kind):
    case, code = sent_with_code()
    token = token_in(client.post(TRACK, {"code": code}))
    with trouble(kind):
        kept = is_kept(client.post(MESSAGE, {"token": token, "text": SHORT}), SHORT)
    assert client.post(kept.action, kept.fields).status_code == 200
    assert Message.objects.get().text == SHORT
    assert Message.objects.get().case == case


def test_a_member_whose_session_cannot_be_read_keeps_the_words(client):
    client.force_login(person("party_member"), backend="django.contrib.auth.backends.ModelBackend")
    token = token_in(client.get(NEW))
    with trouble(away):
        kept = is_kept(client.post(NEW, {"token": token, "kind": "opinion", "unit": "JG", "text": SHORT}), SHORT)
    client.post(kept.action, {**kept.fields, "sending": "unnamed"})
    assert Case.objects.get().sender_kind == "member"


def test_the_words_are_read_where_the_trouble_came_before_the_form_was(client, monkeypatch):
    def early(self, request):
        raise OperationalError("away")

    token = token_in(client.get(NEW))
    monkeypatch.setattr("disclosures.middleware.ReaderMiddleware.__call__", early)
    client.raise_request_exception = False
    is_kept(client.post(NEW, {"token": token, "kind": "opinion", "unit": "JG", "text": SHORT}), SHORT)


def test_words_that_stand_only_in_a_short_field_are_seen(client):
    token = token_in(client.get(NEW))
    with trouble(away):
        page = client.post(NEW, {"token": token, "kind": "opinion", "unit": "JG", "text": SHORT}).content.decode()
    areas = re.findall(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    assert areas == [escape(SHORT)], "the words, and no token"
    assert re.search(r'<input type="hidden" name="token" value="[^"]+">', page)


@pytest.mark.parametrize("address", [NEW, TRACK])
def test_an_opened_page_says_so_too(client, address):
    with trouble(away):
        page = client.get(address)
    assert page.status_code == (503 if address == NEW else 200)  # the form of the code asks nothing
    assert in_the_sites_look(page)


def test_the_page_asks_the_database_nothing(client):
    asked = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        raise OperationalError("away")

    token = token_in(client.get(NEW))
    with trouble(note):
        client.post(NEW, {"token": token, "kind": "opinion", "unit": "JG", "text": SHORT})
    assert len(asked) == 1


def test_a_fault_of_ours_is_no_outage():
    assert not is_database_trouble(InternalError("current transaction is aborted"))
    assert not is_database_trouble(ValueError())
