"""Logging in, display switches, languages and headers: what stands before every page."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from tests.people import PASSWORD, person

pytestmark = pytest.mark.usefixtures("house")


def log_in(client, username, password, **extra):
    return client.post(reverse("login"), {"username": username, "password": password}, **extra)


@pytest.mark.parametrize(("name", "arrival"), [("drafter", "/admin/"), ("party_member", "/internal/")])
def test_log_in_leads_each_to_their_page(client, name, arrival):
    response = client.post(reverse("login"), {"username": name, "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0] == arrival


def test_log_in_returns_to_the_page_asked_for(client):
    response = client.post("/accounts/login/?next=/admin/review-queue/", {"username": "leader", "password": PASSWORD})
    assert response["Location"] == "/admin/review-queue/"


def test_log_in_never_leads_to_another_site(client):
    response = client.post("/accounts/login/?next=https://example.org/", {"username": "leader", "password": PASSWORD})
    assert response["Location"] == reverse("arrival")


def test_refusal_is_the_same_for_unknown_and_known_accounts(client):
    known = log_in(client, "leader", "wrong-password-1")
    unknown = log_in(client, "nobody-here", "wrong-password-1")
    assert known.status_code == unknown.status_code
    token = re.compile(rb'value="\w{64}"')
    assert token.sub(b"", known.content.replace(b"leader", b"x")) == token.sub(
        b"", unknown.content.replace(b"nobody-here", b"x")
    )


def test_too_many_failures_are_answered_429_whether_or_not_the_account_exists(client):
    for name in ("leader", "nobody-here"):
        for _attempt in range(settings.AXES_FAILURE_LIMIT):
            answer = log_in(client, name, "wrong-password-1", REMOTE_ADDR=f"127.0.1.{len(name)}")
        assert answer.status_code == 429
        assert answer["Retry-After"]
    assert log_in(client, "leader", PASSWORD, REMOTE_ADDR="127.0.2.1").status_code == 429


def test_too_many_failures_from_one_address_stop_every_name(client):
    for attempt in range(settings.AXES_FAILURE_LIMIT):
        log_in(client, f"guess{attempt}", "wrong-password-1", REMOTE_ADDR="127.0.3.1")
    assert log_in(client, "leader", PASSWORD, REMOTE_ADDR="127.0.3.1").status_code == 429
    assert log_in(client, "leader", PASSWORD, REMOTE_ADDR="127.0.3.2").status_code == 302


def test_closed_account_cannot_log_in(client):
    user = person("leader")
    user.is_active = False
    user.save()
    assert log_in(client, "leader", PASSWORD).status_code == 400


def test_admin_has_no_door_of_its_own(client):
    assert client.get("/admin/login/")["Location"].startswith(reverse("login"))
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_log_out_takes_a_post(client):
    assert client.get(reverse("logout")).status_code == 405


@pytest.mark.parametrize("path", ["/", "/items/", "/search/?q=党务", "/leading-group/", "/feedback/"])
def test_public_pages_set_no_cookie_and_have_no_nonce(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert "nonce" not in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert b"csrfmiddlewaretoken" not in response.content
    assert "Accept-Language" not in response.get("Vary", "")
    assert "public" in response["Cache-Control"]


def test_pages_of_people_are_never_stored(logged_in):
    response = logged_in("party_member").get("/")
    assert response["Cache-Control"] == "private, no-store"


def test_language_is_in_the_address_alone(client):
    assert client.get("/", headers={"accept-language": "en"}).headers["Content-Language"] == "zh-hans"
    assert client.get("/en/").headers["Content-Language"] == "en"
    assert b'lang="en"' in client.get("/en/").content


def test_display_switch_sets_one_cookie_and_goes_back(client):
    response = client.get("/display/large/", headers={"referer": "http://testserver/items/?year=2026"})
    assert response["Location"] == "/items/?year=2026"
    assert response.cookies["display"].value == "large"
    assert client.get("/display/contrast/").cookies["display"].value == "large.contrast"
    assert client.get("/display/normal/").cookies["display"].value == "contrast"
    assert client.get("/display/huge/").status_code == 404


def test_display_switch_never_leads_to_another_site(client):
    assert client.get("/display/large/?next=//example.org/").headers["Location"] == "/"


@pytest.mark.parametrize("address", ["http://testserver//example.org/", "http://testserver/\\example.org/"])
def test_display_switch_stays_here_whatever_stands_behind_our_own_host(client, address):
    for response in (
        client.get("/display/large/", {"next": address}),
        client.get("/display/large/", headers={"referer": address}),
    ):
        assert re.match(r"/(?![/\\])", response["Location"])


@pytest.mark.parametrize("path", ["/en//example.org/", "//example.org/", "/en/%2Fexample.org/"])
def test_language_links_never_lead_to_another_site(client, path):
    page = client.generic("GET", path).content.decode()
    assert 'hreflang="' in page
    assert 'href="//' not in page


def test_failures_behind_a_front_are_counted_by_the_address_it_saw(client, settings):
    settings.PORTAL_BEHIND_PROXY = True
    for attempt in range(settings.AXES_FAILURE_LIMIT):
        forged = f"127.0.9.{attempt}, 127.0.4.1"
        log_in(client, f"guess{attempt}", "wrong-password-1", headers={"x-forwarded-for": forged})
    assert log_in(client, "leader", PASSWORD, headers={"x-forwarded-for": "127.0.4.1"}).status_code == 429
    assert log_in(client, "leader", PASSWORD, headers={"x-forwarded-for": "127.0.4.2"}).status_code == 302


def test_address_that_is_none_is_no_fault(client, settings):
    assert log_in(client, "leader", "wrong-password-1", REMOTE_ADDR="").status_code == 400
    settings.PORTAL_BEHIND_PROXY = True
    assert log_in(client, "leader", "wrong-password-1", headers={"x-forwarded-for": "unknown"}).status_code == 400


def test_forwarded_address_counts_for_nothing_without_a_front(client):
    for attempt in range(settings.AXES_FAILURE_LIMIT):
        forged = {"x-forwarded-for": f"127.0.9.{attempt}"}
        log_in(client, f"guess{attempt}", "wrong-password-1", REMOTE_ADDR="127.0.5.1", headers=forged)
    assert log_in(client, "leader", PASSWORD, REMOTE_ADDR="127.0.5.1").status_code == 429


def test_health_and_readiness(client):
    assert client.get("/healthz").content == b"ok"
    assert client.get("/readyz").json() == {"database": True}
