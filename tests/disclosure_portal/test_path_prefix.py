"""The portal as a section of a larger site: every link and file below the prefix (S3)."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = "/zwgk/dwgk"
PAGES = ["/", "/items/", "/en/", "/search/?q=%E5%85%9A", "/catalogue/", "/feedback/", "/accounts/login/", "/feeds/all/"]
SWITCH = "/display/large/"
PROBE = """
import io, json, sys
from wsgiref.util import setup_testing_defaults
from disclosure_portal.wsgi import application
pages = {}
for address in json.loads(sys.argv[1]):
    path, _mark, query = address.partition("?")
    environ = {"PATH_INFO": sys.argv[2] + path, "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1"}
    setup_testing_defaults(environ)
    answer = []
    body = b"".join(application(environ, lambda status, headers, *rest: answer.extend((status, headers))))
    pages[address] = [answer[0], body.decode(), [value for name, value in answer[1] if name == "Set-Cookie"]]
print(json.dumps(pages))
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """What each page answers below the prefix, and where the front has stripped it; on a database of its own."""
    folder = tmp_path_factory.mktemp("prefixed")
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "STATIC_URL")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_PATH_PREFIX": PREFIX,
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("manage.py", "migrate", "-v0")
    run("manage.py", "seed_portal")
    return {front: json.loads(run("-c", PROBE, json.dumps([*PAGES, SWITCH]), front)) for front in (PREFIX, "")}


@pytest.mark.parametrize("front", [PREFIX, ""], ids=["front passes it on", "front strips it"])
def test_pages_answer_and_link_below_the_prefix(pages, front):
    for address in PAGES:
        status, body, _cookies = pages[front][address]
        assert status.startswith("200"), address
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', body)
        assert [link for link in links if not link.startswith(PREFIX)] == [], address
    assert f"{PREFIX}/static/css/" in pages[front]["/"][1]


@pytest.mark.parametrize("front", [PREFIX, ""], ids=["front passes it on", "front strips it"])
def test_cookies_stay_below_the_prefix_and_leave_those_of_the_larger_site_alone(pages, front):
    for address in ("/accounts/login/", SWITCH):
        cookies = pages[front][address][2]
        assert cookies, address
        assert [cookie for cookie in cookies if f"Path={PREFIX}" not in cookie.split("; ")] == [], address
