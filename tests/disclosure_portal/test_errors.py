"""Bad requests get a clear sentence in the site's look, never a 500."""

import re
import sqlite3
from html.parser import HTMLParser

import psycopg2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from feedback.models import Case
from tests.people import person

pytestmark = pytest.mark.usefixtures("house")


def away(*args, **kwargs):
    raise OperationalError("away")


def in_the_sites_look(response) -> bool:
    return b'<html lang="' in response.content and b"tokens.css" in response.content


def test_form_in_another_encoding_is_refused_not_broken(client):
    response = client.post(
        reverse("login"), "username=x", content_type="application/x-www-form-urlencoded; charset=utf-16"
    )
    assert response.status_code == 400
    assert in_the_sites_look(response)


def test_unknown_encoding_is_refused_not_broken(client):
    response = client.generic("POST", reverse("login"), b"a=b", "application/x-www-form-urlencoded; charset=nonsense")
    assert response.status_code == 400


def test_form_over_the_limit_is_answered_413(client):
    response = client.post(reverse("login"), {"username": "x" * 3_000_000, "password": "y"})
    assert response.status_code == 413
    assert in_the_sites_look(response)


@pytest.mark.parametrize(
    "path", ["/feedback/track/verdict/", "/feedback/track/", "/accounts/login/", "/admin/", "/items/"]
)
def test_large_file_where_none_is_taken_is_answered_413(client, path):
    body = SimpleUploadedFile("x.bin", b"x" * 3_000_000)
    assert client.post(path, {"file": body}).status_code == 413


def test_too_many_fields_are_answered_413(client):
    assert client.post(reverse("login"), {f"f{n}": "x" for n in range(1200)}).status_code == 413


@pytest.mark.parametrize("path", ["/no-such-page/", "/items/JG-2026-ABCDEF/", "/items/%00/", "/en/no-such-page/"])
def test_missing_page(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert in_the_sites_look(response)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_reading_addresses_take_no_other_method(client, method):
    response = getattr(client, method)("/items/")
    assert response.status_code == 405
    assert "GET" in response["Allow"]
    assert in_the_sites_look(response)


def test_expired_form_says_so():
    response = Client(enforce_csrf_checks=True).post(reverse("login"), {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert in_the_sites_look(response)


def test_database_away_is_answered_503_with_retry_after(client, monkeypatch):
    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", away)
    response = client.get("/items/")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert in_the_sites_look(response)


@pytest.mark.parametrize(
    "kind", [InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError, sqlite3.OperationalError]
)
def test_what_a_driver_raises_by_itself_is_trouble_with_the_database_too(client, monkeypatch, kind):
    def broken(*args, **kwargs):
        raise kind("server closed the connection unexpectedly")

    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", broken)
    response = client.get("/items/")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"


def test_database_away_keeps_what_was_typed(client, monkeypatch):
    page = client.get("/feedback/new/").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    words = "第一行<script>\n" + "意见" * 60
    sent = {"token": token, "kind": "opinion", "text": words, "unit": "JG"}
    with monkeypatch.context() as outage:
        outage.setattr("feedback.services.sending.tell", away)
        refused = client.post("/feedback/new/", sent)
    assert refused.status_code == 503
    assert "no-store" in refused["Cache-Control"]
    kept = FormOnPage(refused.content.decode())
    assert kept.fields["text"].replace("\r\n", "\n") == words
    assert client.post(kept.action, kept.fields).status_code in (200, 201)
    assert Case.objects.get().text == words


def test_database_away_never_repeats_a_password(client, monkeypatch):
    monkeypatch.setattr("django.contrib.auth.backends.ModelBackend.authenticate", away)
    response = client.post(reverse("login"), {"username": "leader", "password": "geheim-geheim"})
    assert response.status_code == 503
    assert b"geheim" not in response.content


class FormOnPage(HTMLParser):
    """Fields and address of the form with typed text, as a browser reads them."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.action, self.area = {}, "", None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form" and values.get("method") == "post":
            self.action = values["action"]
        elif tag == "input" and self.action:
            self.fields[values["name"]] = values["value"]
        elif tag == "textarea":
            self.area = values["name"]

    def handle_endtag(self, tag):
        self.area = None if tag == "textarea" else self.area

    def handle_data(self, data):
        if self.area:
            self.fields[self.area] = self.fields.get(self.area, "") + data.removeprefix("\n")


def test_fault_is_answered_500_in_the_sites_look(monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("disclosures.visibility.ReleaseQuerySet.visible_to", broken)
    response = Client(raise_request_exception=False).get("/items/")
    assert response.status_code == 500
    assert in_the_sites_look(response)


WORDS = "第一段<script>alert(1)</script>\n第二段"


def test_expired_form_keeps_what_was_typed_to_be_copied(logged_in):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("drafter"), backend="django.contrib.auth.backends.ModelBackend")
    response = client.post("/admin/disclosures/item/add/", {"title": "题目", "body": WORDS})
    page = response.content.decode()
    assert response.status_code == 403
    assert escape(WORDS) in page
    assert "题目" in page
    assert '<form method="post"' not in page
    assert "no-store" in response["Cache-Control"]


def test_form_sent_after_the_log_in_ended_is_kept_to_be_copied(client):
    response = client.post("/admin/disclosures/item/add/", {"title": "题目", "body": WORDS})
    assert response.status_code == 403
    assert escape(WORDS) in response.content.decode()
