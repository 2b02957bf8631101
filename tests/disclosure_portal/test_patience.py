"""Waiting for the database ends, and one who waits in vain keeps the others from it."""

import os
import time

import pytest
from django.http import HttpResponse
from psycopg2 import OperationalError
from psycopg2.extensions import POLL_OK, POLL_READ, STATUS_READY, STATUS_SETUP, get_wait_callback

from disclosure_portal import patience
from disclosure_portal.patience import BoundedWait, Gate, wait


class Line:
    """A connection whose other end says something once `says` turns true."""

    def __init__(self, status=STATUS_READY, says=False):
        self.status = status
        self.ours, self.theirs = os.pipe()
        if says:
            os.write(self.theirs, b"x")
        self.asked = 0

    def poll(self):
        self.asked += 1
        return POLL_READ if self.asked == 1 else POLL_OK

    def fileno(self):
        return self.ours


@pytest.fixture(autouse=True)
def gate(monkeypatch, settings):
    settings.PORTAL_STATEMENT_SECONDS = 0.2
    monkeypatch.setattr(patience, "CONNECTING", 0.1)
    monkeypatch.setattr(patience, "gate", Gate())
    return patience.gate


def test_an_answer_is_waited_for(gate):
    wait(Line(says=True))
    assert not gate.refuses(time.monotonic())


@pytest.mark.parametrize("status", [STATUS_READY, STATUS_SETUP])
def test_a_wait_in_vain_ends_and_the_next_are_refused_at_once(status):
    with pytest.raises(OperationalError, match="in time"):
        wait(Line(status))
    started = time.monotonic()
    with pytest.raises(OperationalError, match="a moment ago"):
        wait(Line(says=True))
    assert time.monotonic() - started < 0.1


def test_one_at_a_time_tries_again_and_opens_for_all(gate):
    gate.shut(100.0)
    assert gate.refuses(100.5)
    assert not gate.refuses(101.1)
    assert gate.refuses(101.2)
    gate.open()
    assert not gate.refuses(101.3)


def test_a_refusal_of_the_server_is_an_answer(gate):
    gate.shut(time.monotonic() - 5)
    line = Line()
    line.poll = lambda: (_ for _ in ()).throw(OperationalError("refused"))
    with pytest.raises(OperationalError, match="refused"):
        wait(line)
    assert not gate.refuses(time.monotonic())


def test_one_page_has_so_long_in_all_and_the_others_are_not_blamed_for_it(gate, rf, settings):
    settings.PORTAL_STATEMENT_SECONDS = 60
    settings.PORTAL_READER_SECONDS = 0.1

    def page(request):
        wait(Line())
        return HttpResponse()

    with pytest.raises(OperationalError, match="in time"):
        BoundedWait(page)(rf.get("/items/"))
    assert not gate.refuses(time.monotonic())
    wait(Line(says=True))


def test_the_tests_wait_as_commands_do():
    """Whoever imports the entry point bounds every wait of the process, in which no command can copy rows."""
    assert get_wait_callback() is None
