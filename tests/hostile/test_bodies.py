"""Bodies that no browser sends: too large, broken, in another type or encoding; and hostile headers and cookies."""

import json

import pytest
from django.test import Client

from tests.access.policy import ANONYMOUS
from tests.access.world import furnished_world
from tests.hostile.asking import ROLES, Sweep, faults_of
from tests.hostile.desks import all_forms
from tests.hostile.forms import KEPT
from tests.hostile.markup import PROBE
from tests.people import PASSWORD

pytestmark = pytest.mark.usefixtures("house")
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
FILE_PART = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\nContent-Type: image/png\r\n\r\nx\r\n--b--'
)
TOO_LARGE = {
    "3 MB": (FORM, b"text=" + b"x" * 3_000_000),
    "10 MB": (FORM, b"text=" + b"x" * 10_000_000),
    "3 MB in parts": (PARTS, PART % (b"text", b"x" * 3_000_000) + b"--b--\r\n"),
    "1,200 fields": (FORM, "&".join(f"a{number}=1" for number in range(1200)).encode()),
    "1,200 parts": (PARTS, b"".join(PART % (b"a%d" % number, b"1") for number in range(1200)) + b"--b--\r\n"),
    "200 files": (PARTS, b"".join(FILE_PART[:-5] % b"a.png" for _ in range(200)) + b"--b--\r\n"),
}
BROKEN = {
    "no boundary": ("multipart/form-data", b"--b\r\n"),
    "empty boundary": ("multipart/form-data; boundary=", b"--\r\n"),
    "odd boundary": ("multipart/form-data; boundary=\xe9\x00", b"--\r\n"),
    "utf-16": (f"{FORM}; charset=utf-16", "text=x".encode("utf-16")),
    "utf-7": (f"{FORM}; charset=utf-7", b"text=+ADw-script+AD4-"),
    "no such encoding": (f"{FORM}; charset=nonsense", b"text=x"),
    "parts in no such encoding": (f"{PARTS}; charset=nonsense", PART % (b"text", b"x") + b"--b--\r\n"),
}
ODD = {
    "cut off": (PARTS, PART % (b"version", b"1") + PART[:40]),
    "part without a name": (PARTS, b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
    "file with a hostile name": (PARTS, FILE_PART % b"../../\xff\x00%00.png"),
    "part in base64 that is none": (PARTS, PART.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n")),
    "json": ("application/json", json.dumps({"text": KEPT, "version": 1}).encode()),
    "xml": ("text/xml", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"),
    "nothing": ("", b""),
    "not urlencoded": (FORM, b"\xff\xfe%zz%%&&&==\x00"),
    "a form in no type": ("", b"version=1&text=x"),
    "version": (FORM, b"version=1&version=2&version=abc"),
    "rows": (
        FORM,
        b"attachments-TOTAL_FORMS=100000&attachments-INITIAL_FORMS=-9&attachments-MIN_NUM_FORMS=x&version=77",
    ),
    "no count of rows": (FORM, b"attachments-TOTAL_FORMS=&attachments-0-label=x&version=77"),
}
ACTIONS_WITHOUT_FIELDS = [("examiner", "/admin/notifications/notice/mark-read/"), ("drafter", "/accounts/logout/")]


def addresses(sweep):
    """Where forms go, each once; and who sends them."""
    found = {form.action: form.who for form in all_forms(sweep)}
    return [*((who, action) for action, who in found.items()), *ACTIONS_WITHOUT_FIELDS]


def look_for_tokens(client: Client) -> None:
    """As outside of tests: Django reads the body for the token that belongs to the cookie."""
    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = "a" * 32


def test_bodies_over_the_limit_are_answered_413():
    sweep = Sweep()
    for place, (who, action) in enumerate(addresses(sweep)):
        for turn, (name, (kind, body)) in enumerate(TOO_LARGE.items()):
            if (turn + place) % 3 and "/feedback/new/" not in action:
                continue
            look_for_tokens(sweep.browser(who))
            response = sweep.ask(who, "generic", "POST", action, body, kind)
            sweep.must(response.status_code == 413, f"{name} to {action} as {who}: {response.status_code}")
    sweep.verdict()


def test_broken_bodies_are_bad_requests():
    sweep = Sweep()
    for who, action in addresses(sweep):
        for name, (kind, body) in BROKEN.items():
            look_for_tokens(sweep.browser(who))
            response = sweep.ask(who, "generic", "POST", action, body, kind)
            sweep.must(response.status_code == 400, f"{name} to {action} as {who}: {response.status_code}")
    sweep.verdict()


def test_odd_bodies_store_nothing_and_are_told():
    sweep = Sweep()
    for place, (who, action) in enumerate(addresses(sweep)):
        takes_nothing = (who, action) in ACTIONS_WITHOUT_FIELDS
        for turn, (name, (kind, body)) in enumerate(ODD.items()):
            if (turn + place) % 5 and not action.startswith("/feedback/"):
                continue
            response = sweep.ask(who, "generic", "POST", action, body, kind)
            told = 400 <= response.status_code < 500
            sweep.must(told or takes_nothing, f"{name} to {action} as {who}: {response.status_code}")
    sweep.verdict()


HEADERS = {
    "HTTP_HOST": ["evil.example", "a b", "\xff", "", "testserver:99999", "x" * 5000],
    "HTTP_REFERER": ["//evil.example/", "javascript:alert(1)", "http://testserver/%00", "http://[", "\xff\xfe", PROBE],
    "HTTP_ACCEPT_LANGUAGE": ["\xff", "x" * 5000, "zh;q=nan", "*;q=1,,,;;"],
    "HTTP_IF_NONE_MATCH": ['"x"', "*", "\xff", "W/"],
    "HTTP_IF_MODIFIED_SINCE": ["abc", "Thu, 01 Jan 99999 00:00:00 GMT", "-1", "Mon, 99 Jan 2020 99:99:99 GMT"],
    "HTTP_RANGE": ["bytes=-", "bytes=9999999999-", "bytes=0-0,1-1", "\xff", "bytes=a-b"],
    "HTTP_X_FORWARDED_FOR": ["abc", "1.1.1.1, \xff", "x" * 5000],
    "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest"],
    "HTTP_ACCEPT": ["application/json", "\xff", "x" * 5000],
    "HTTP_USER_AGENT": ["\xff", "", "x" * 5000, PROBE],
    "HTTP_COOKIE": [
        'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000\\000"',
        "sessionid=" + "x" * 4000,
        "sessionid=..%2f..%2fetc; csrftoken=\xff; display=\xff.large.<script>",
        'display="\\000"; csrftoken="\\000"; messages="\\000"',
        "=;;=; sessionid; $Version=1",
        "sessionid=%00%00%00%00%00%00%00%00%00",
    ],
}


def test_hostile_headers_and_cookies():
    world, sweep = furnished_world(), Sweep()
    pages = [
        "/",
        f"/items/{world.args['number']}/files/{world.args['file']}/",
        "/search/?q=x",
        "/admin/",
        "/no/",
        "/en/",
    ]
    pages += ["/display/large/", "/internal/", "/feedback/new/", "/accounts/login/", "/feeds/all/", "/sitemap.xml"]
    for place, page in enumerate(pages):
        for turn, (name, values) in enumerate(HEADERS.items()):
            for value in values:
                who = ANONYMOUS if name == "HTTP_COOKIE" else ROLES[(place + turn) % len(ROLES)]
                sweep.ask(who, "get", page, **{name: value})
    sweep.verdict()


def test_hostile_headers_at_the_door():
    sweep = Sweep()
    typed = {"username": "leader", "password": PASSWORD}
    for name, values in HEADERS.items():
        for value in values:
            for data in (typed, {**typed, "password": "x"}):
                sweep.ask(ANONYMOUS, "post", "/accounts/login/?next=%00&x=%00", data, **{name: value})
    sweep.verdict()


def test_expired_and_swapped_tokens_of_forms_are_told():
    for address in ("/accounts/login/", "/accounts/password/", "/admin/disclosures/item/add/"):
        for sent in ({}, {"csrfmiddlewaretoken": "x"}, {"csrfmiddlewaretoken": "\0" * 64}):
            client = Client(enforce_csrf_checks=True, raise_request_exception=False)
            response = client.post(address, sent)
            assert response.status_code == 403
            assert not faults_of(response, response.content.decode())
