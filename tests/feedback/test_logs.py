"""Nothing that could tell who sent what reaches the application's logs or mail, at any level (P30, P31)."""

import io
import logging
import logging.config
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as portal
from django.core import mail
from django.db import IntegrityError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from gunicorn.config import Config
from gunicorn.glogging import Logger

from disclosure_portal import gunicorn
from disclosure_portal.discretion import told
from feedback.models import Case, CaseState
from feedback.sealing import unseal
from feedback.services import perform
from tests.feedback.cases import HOSTILE
from tests.people import PASSWORD, person

pytestmark = pytest.mark.usefixtures("house")
NEW, TRACK, MESSAGE = (reverse(f"feedback:{name}") for name in ("new", "track", "message"))
NAME, CONTACT, WORDS, MORE = "来信人欧阳甲乙", "13912340987", "食堂采购没有招标请查", "补充发票照片的说明"
ADDRESS, BROWSER, FROM = "203.0.113.77", "SecretBrowser/9", "http://testserver/items/?q=秘密查询"
TYPED = {"kind": "problem", "unit": "JG", "text": WORDS, "name": NAME, "contact": CONTACT, "website": ""}
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}")
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture
def log():
    """Everything any logger passes on at DEBUG, as the shipped formatter writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    shipped = dict(portal.LOGGING["formatters"]["line"])
    made = logging.config.DictConfigurator({"version": 1}).configure_formatter(shipped)
    handler.setFormatter(made)
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def reports(settings):
    """Mail about faults goes to somebody."""
    settings.ADMINS = [("Duty", "duty@example.cn")]
    return mail


@pytest.fixture
def sender() -> Client:
    return Client(
        raise_request_exception=False,
        REMOTE_ADDR=ADDRESS,
        HTTP_USER_AGENT=BROWSER,
        HTTP_REFERER=FROM.encode().decode("latin-1"),
    )


def token_in(response) -> str:
    return TOKEN.search(response.content.decode())[1]


def send(sender, **changes):
    return sender.post(f"{NEW}", {**TYPED, "token": token_in(sender.get(NEW)), **changes})


def fault(*args, **kwargs):
    raise ValueError(f"cannot use {WORDS} of {NAME} {CONTACT}")


def refused_row(*args, **kwargs):
    raise IntegrityError(f'new row violates check constraint "x"\nDETAIL:  Failing row contains ({WORDS}, {NAME}).')


def away(*args, **kwargs):
    raise OperationalError(f"server closed the connection\nCONTEXT: INSERT {WORDS} {NAME}")


def play(sender, monkeypatch) -> list[str]:
    """Send, ask, err and break in every way; returns what must not be found anywhere."""
    receipt = send(sender)
    code = CODE.search(receipt.content.decode())[0]
    send(sender, text=WORDS + HOSTILE)
    send(sender, kind="nonsense")
    send(sender, text=WORDS * 5000)
    sender.generic("POST", NEW, f"text={WORDS}".encode("utf-16"), "application/x-www-form-urlencoded; charset=utf-16")
    sender.post(NEW, {**TYPED, "token": "x"})
    sender.post(f"{NEW}?item=JG-2026-ABCDEF", TYPED)
    for guess in (code[:-1] + "?", code[:-4] + "0000", code + "0", HOSTILE, code.lower()):
        sender.post(TRACK, {"code": guess, "text": MORE})
        sender.get(TRACK, {"code": guess})
    dialogue = sender.post(TRACK, {"code": code})
    token = token_in(dialogue)
    sender.post(MESSAGE, {"token": token, "text": MORE})
    sender.post(MESSAGE, {"token": "x", "text": MORE, "code": code})
    sender.get(f"/search/?q={WORDS}")
    sender.put(NEW, WORDS)
    sender.post("/accounts/login/", {"username": NAME, "password": f"{WORDS}x"})
    for broken in (fault, refused_row, away):
        with monkeypatch.context() as trouble:
            trouble.setattr("feedback.services.sending.tell", broken)
            send(sender)
            sender.post(MESSAGE, {"token": token_in(sender.post(TRACK, {"code": code})), "text": MORE})
        with monkeypatch.context() as trouble:
            trouble.setattr("feedback.reports.dialogue_of", broken)
            sender.post(TRACK, {"code": code})
        with monkeypatch.context() as trouble:
            trouble.setattr("feedback.views.tokens.digests_of", broken)
            sender.post(TRACK, {"code": code})
    plain = code.replace("-", "")
    return [NAME, CONTACT, WORDS, MORE, code, plain, code[:-4], plain.lower(), token, ADDRESS, BROWSER, "秘密查询"]


def leaks(text: str, secrets: list[str]) -> list[str]:
    """What was found, also as programs write it for each other."""
    forms = {secret: {secret, ascii(secret).strip("'"), secret.encode().hex()} for secret in secrets}
    return [secret for secret, written in forms.items() if any(form in text for form in written)]


def test_the_scan_finds_what_it_looks_for():
    assert leaks(f"… {WORDS} …", [NAME, WORDS]) == [WORDS]
    assert leaks(ascii(WORDS), [WORDS]) == [WORDS]


@pytest.mark.parametrize("debug", [False, True])
def test_no_log_at_any_level_holds_a_trace_of_a_sender(log, sender, monkeypatch, settings, debug):
    connection.force_debug_cursor = debug
    try:
        secrets = play(sender, monkeypatch)
    finally:
        connection.force_debug_cursor = False
    written = log.getvalue()
    assert leaks(written, secrets) == []
    for kind in ("ValueError", "IntegrityError", "Service Unavailable", "in _append"):
        assert kind in written, f"the scan must see the faults: {kind}"


def test_mail_about_faults_holds_no_trace_of_a_sender(reports, sender, monkeypatch):
    secrets = play(sender, monkeypatch)
    assert len(reports.outbox) >= 6
    for letter in reports.outbox:
        assert leaks(f"{letter.subject} {letter.body} {letter.alternatives}", secrets) == []
    assert any("ValueError" in letter.body and "POST /feedback/new/" in letter.body for letter in reports.outbox)


def test_handling_writes_no_words_and_unsealing_no_name(log, sender):
    secrets = [NAME, CONTACT, WORDS, ADDRESS]
    send(sender)
    case = Case.objects.get()
    case = perform("accept", case=case, by=person("examiner"), expected_version=case.version)
    case = perform("reply", case=case, by=person("examiner"), expected_version=case.version, text=WORDS)
    assert unseal(case.identity).name == NAME
    assert case.state == CaseState.ANSWERED
    assert leaks(log.getvalue(), secrets) == []


def test_the_log_of_gunicorn_has_neither_address_nor_query_nor_browser():
    secrets = [ADDRESS, BROWSER, WORDS, NAME, "q="]
    config = Config()
    config.set("accesslog", "-")
    config.set("access_log_format", gunicorn.access_log_format)
    environ = {
        "REMOTE_ADDR": ADDRESS,
        "HTTP_USER_AGENT": BROWSER,
        "HTTP_REFERER": FROM,
        "HTTP_COOKIE": NAME,
        "HTTP_X_FORWARDED_FOR": ADDRESS,
        "RAW_URI": f"{NEW}?q={WORDS}",
        "PATH_INFO": NEW,
        "QUERY_STRING": f"q={WORDS}",
        "REQUEST_METHOD": "POST",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": None,
    }
    logger = Logger(config)
    written = io.StringIO()
    logger.access_log.handlers = [logging.StreamHandler(written)]
    answer = type("Answer", (), {"status": "200 OK", "sent": 5, "headers": []})()
    request = type("Request", (), {"headers": []})()
    with time_machine.travel(timezone.now()):
        logger.access(answer, request, environ, timedelta(seconds=1))
    assert NEW in written.getvalue()
    assert leaks(written.getvalue(), secrets) == []


def test_faults_keep_where_they_happened_and_words_about_code_alone():
    def chained(second):
        try:
            fault()
        except ValueError as first:
            raise second from first

    with pytest.raises(AttributeError) as caught:
        chained(AttributeError("'NoneType' object has no attribute 'unit'"))
    text = told(caught.value)
    assert text.index("builtins.ValueError") < text.index("has no attribute 'unit'")
    assert "in fault" in text
    assert WORDS not in text.replace("raise ValueError", "")


def test_a_log_in_leaves_no_password(log, sender):
    sender.post("/accounts/login/", {"username": "leader", "password": PASSWORD})
    assert PASSWORD not in log.getvalue()
