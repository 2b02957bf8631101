"""The database away, hanging or locked: every page says so within seconds, and is back by itself (rule 8)."""

import html
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlencode

import psycopg2
import pytest

from scripts.front import Answer, Place, Stand, standing

pytestmark = pytest.mark.postgres  # servers of its own; once is enough
PATIENCE = 10  # seconds
WORDS = "第一行<写了半天的话>\n第二行"
PAGES = ("/", "/en/", "item", "/items/", "/search/?q=%E5%85%9A%E5%8A%A1", "/feedback/new/", "/feedback/", "/feeds/all/")


@pytest.fixture(scope="module")
def stand(furnished) -> Iterator[Stand]:
    """The portal without copies of pages: each answer has to ask the database."""
    place = furnished.place
    alone = Place(place.folder, place.database, place.environment | {"PORTAL_PAGE_COPY": "0"})
    with standing(alone, with_front=False) as running:
        yield running


@pytest.fixture(params=["away", "hanging"])
def outage(request, stand) -> Iterator[str]:
    """The database fails for the time of a test that has used it before, and works again after it."""
    answers = [ask(stand, "/items/") for _turn in range(12)]  # connections stand open in every worker
    assert {answer.status for answer in answers} == {200}
    database = stand.place
    if request.param == "away":
        database.stop_database()
        yield request.param
        database.start_database()
    else:
        database.signal_database(signal.SIGSTOP)
        try:
            yield request.param
        finally:
            database.signal_database(signal.SIGCONT)
    back_by_itself(stand)


def ask(stand: Stand, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    return stand.ask_plainly(path, stand.gunicorn_port, method, body, X_Forwarded_Proto="https", **headers)


def back_by_itself(stand: Stand) -> None:
    deadline = time.monotonic() + PATIENCE
    while {ask(stand, "/items/").status for _turn in range(10)} != {200}:
        assert time.monotonic() < deadline
        time.sleep(0.3)


def is_unavailable(answer: Answer, what: str) -> None:
    assert answer.status == 503, what
    assert answer.seconds < PATIENCE, what
    assert answer.headers["Retry-After"] == "30", what
    assert "no-store" in answer.headers["Cache-Control"], what
    assert '<html lang="' in answer.text, what
    assert "网站暂时无法访问" in answer.text or "briefly not available" in answer.text, what


def test_every_page_says_so_in_the_sites_look_and_nothing_hangs(stand, furnished, outage, subtests):
    for path in (*PAGES, "/accounts/login/", "/admin/"):
        with subtests.test(path):
            address = furnished.addresses.get(path, path)
            answer = ask(stand, address, Cookie="sessionid=abcdefghijklmnopqrstuvwxyz012345")
            is_unavailable(answer, path)


def test_pages_without_facts_and_health_still_answer(stand, outage):
    assert ask(stand, "/healthz").text == "ok"
    assert ask(stand, "/accounts/login/").status == 200
    away = ask(stand, "/readyz")
    assert (away.status, away.seconds < PATIENCE) == (503, True)


def test_an_opinion_is_kept_on_the_page_and_can_be_sent_after_it(stand, furnished):
    page = ask(stand, "/feedback/new/").text
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    sent = {"token": token, "kind": "opinion", "text": WORDS, "unit": "JG"}
    furnished.place.stop_database()
    try:
        refused = post(stand, "/feedback/new/", sent)
        is_unavailable(refused, "opinion")
        kept = re.search(r'<textarea[^>]*name="text"[^>]*>\s*(.*?)</textarea>', refused.text, re.DOTALL)[1]
        assert html.unescape(kept) == WORDS
    finally:
        furnished.place.start_database()
    back_by_itself(stand)
    time.sleep(2.1)  # sooner after it was opened, a form is asked to be sent once more
    assert post(stand, "/feedback/new/", sent).status == 200


def post(stand: Stand, path: str, fields: dict[str, str]) -> Answer:
    kind = "application/x-www-form-urlencoded"
    return ask(stand, path, "POST", urlencode(fields).encode(), Content_Type=kind)


def test_many_readers_of_a_hanging_database_are_answered(stand):
    """More than there are threads, twice: later ones are refused at once instead of queueing up."""
    stand.place.signal_database(signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(40) as readers:
            first = list(readers.map(lambda _turn: ask(stand, "/items/"), range(40)))
            then = list(readers.map(lambda _turn: ask(stand, "/items/"), range(40)))
    finally:
        stand.place.signal_database(signal.SIGCONT)
    assert {answer.status for answer in first + then} == {503}
    assert max(answer.seconds for answer in first) < 2 * PATIENCE
    assert sorted(answer.seconds for answer in then)[20] < 5  # eight threads that each wait would need fifteen
    back_by_itself(stand)


def test_a_locked_table_is_answered_503(stand):
    with closing(psycopg2.connect(host=stand.place.server, user="portal", dbname="postgres")) as other:
        other.cursor().execute("LOCK TABLE disclosures_release IN ACCESS EXCLUSIVE MODE")
        is_unavailable(ask(stand, "/items/"), "locked")
        other.rollback()
    assert ask(stand, "/items/").status == 200


def test_the_last_good_copy_serves_while_the_database_is_away_and_says_so(furnished):
    with standing(furnished.place, with_front=False) as copying:
        assert {ask(copying, "/items/").status for _turn in range(30)} == {200}  # every worker has its copy
        copying.place.stop_database()
        try:
            answers = [ask(copying, "/items/") for _turn in range(10)]
            assert {answer.status for answer in answers} == {200}
            assert {answer.headers["X-Portal-Copy"] for answer in answers} == {"database-away"}
            is_unavailable(ask(copying, "/feedback/new/"), "a form is never a copy")
        finally:
            copying.place.start_database()
        deadline = time.monotonic() + PATIENCE
        while {ask(copying, "/items/").headers["X-Portal-Copy"] for _turn in range(10)} != {None}:
            assert time.monotonic() < deadline
            time.sleep(0.3)
