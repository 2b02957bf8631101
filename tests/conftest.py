"""What every test may ask for: databases that keep their triggers, and a browser."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from audit.triggers import lifted
from disclosures.search import index
from scripts.compile_messages import compile_all
from scripts.debian import MissingPackage
from scripts.find_chromium import find_chromium
from tests.people import furnish, person

ON_POSTGRES = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]


def pytest_configure(config):
    if hasattr(config, "workerinput"):
        return  # the process that starts the workers has compiled them
    problems = compile_all()
    if problems:
        raise pytest.UsageError("\n".join(problems))


def pytest_collection_modifyitems(items):
    """Leave out what belongs to the other database; what is merely not installed fails instead."""
    unwanted, reason = ("browser", "runs once, with SQLite") if ON_POSTGRES else ("postgres", "needs PostgreSQL")
    for item in items:
        if item.get_closest_marker(unwanted):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """Put SQLite into a file: in memory, a live server's threads and the test would share one transaction."""
    if not ON_POSTGRES:
        connections["default"].settings_dict["TEST"]["NAME"] = tmp_path_factory.mktemp("database") / "test.sqlite3"


@pytest.fixture(autouse=True, scope="session")
def flush_inside_lifted_triggers():
    """Let the flush after a transactional test through the triggers that refuse DELETE and TRUNCATE."""
    flush = TransactionTestCase._fixture_teardown

    def flush_through_own_door(case):
        with ExitStack() as doors:
            for alias in case._databases_names(include_mirrors=False):
                doors.enter_context(lifted(connections[alias]))
            flush(case)
        for alias in case._databases_names(include_mirrors=False):
            index.clear(connections[alias])  # no model, so no part of the flush

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_through_own_door)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. While it is open an event loop runs in this thread, which Django must tolerate."""
    try:
        chromium = find_chromium()
    except MissingPackage as absent:
        pytest.fail(str(absent), pytrace=False)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page_problems() -> list[str]:
    """What went wrong in the open pages by themselves; a test that expects a problem clears it."""
    return []


@pytest.fixture
def open_page(browser, live_server, page_problems):
    """A function that opens a fresh page (own cookies): `open_page(**PHONE)`, `open_page(locale="en-GB")`."""
    contexts: list[BrowserContext] = []

    def open_page(**options) -> Page:
        context = browser.new_context(base_url=live_server.url, **{"locale": "zh-CN", **DESKTOP, **options})
        contexts.append(context)
        context.set_default_timeout(30_000)  # only a failure waits this long; a busy machine is none
        context.on("response", lambda response: note_missing_file(response, page_problems))
        context.on("console", lambda message: note_refusal(message, page_problems))
        context.on("weberror", lambda error: page_problems.append(f"script error: {error.error}"))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not page_problems, page_problems


@pytest.fixture
def desktop_page(open_page) -> Page:
    return open_page(**DESKTOP)


@pytest.fixture
def phone_page(open_page) -> Page:
    return open_page(**PHONE)


@pytest.fixture
def page(desktop_page) -> Page:
    return desktop_page


def note_missing_file(response: Response, problems: list[str]) -> None:
    if "/static/" in response.url and response.status >= 400:
        problems.append(f"{response.status} for {response.url}")


def note_refusal(message: ConsoleMessage, problems: list[str]) -> None:
    if message.type == "error" and "Content Security Policy" in message.text:
        problems.append(message.text)


@pytest.fixture
def house(db) -> None:
    """Units, routes, a few catalogue entries and the cast, in the transaction of the test."""
    furnish()


@pytest.fixture
def open_house(transactional_db) -> None:
    """The same for tests with several connections or a live server."""
    furnish()


@pytest.fixture
def logged_in(client):
    """A function that logs the client in as one of the cast: `logged_in("drafter").get(...)`."""

    def logged_in(username: str):
        client.force_login(person(username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in
