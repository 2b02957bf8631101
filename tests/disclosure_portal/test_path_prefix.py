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
    body = b"".join(application(environ, lambda status, headers, *rest: answer.append(status)))
    pages[address] = [answer[0], body.decode()]
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
    return {front: json.loads(run("-c", PROBE, json.dumps(PAGES), front)) for front in (PREFIX, "")}


@pytest.mark.parametrize("front", [PREFIX, ""], ids=["front passes it on", "front strips it"])
def test_pages_answer_and_link_below_the_prefix(pages, front):
    for address, (status, body) in pages[front].items():
        assert status.startswith("200"), address
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', body)
        assert [link for link in links if not link.startswith(PREFIX)] == [], address
    assert f"{PREFIX}/static/css/" in pages[front]["/"][1]
