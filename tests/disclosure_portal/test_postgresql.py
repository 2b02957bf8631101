"""A connection kept between requests: a silent one is not asked, one that has ended is made anew before a question."""

import time

import pytest
from django.db import connection
from django.db.utils import OperationalError

from tests.conftest import ON_POSTGRES

pytestmark = [
    pytest.mark.skipif(not ON_POSTGRES, reason="the connection to PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def kept(monkeypatch):
    """A connection of its own, used and at rest, and the `SELECT 1` that it asks from now on."""
    own = connection.copy()
    asked = []
    usual = type(own).is_usable
    monkeypatch.setattr(type(own), "is_usable", lambda self: asked.append(1) or usual(self))
    own.ensure_connection()
    yield own, asked
    own.close()


def next_request(own):
    """What Django does with a kept connection when a request begins, and the first question of the request."""
    own.close_if_unusable_or_obsolete()
    with own.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_silent_connection_is_used_again_without_a_question(kept):
    own, asked = kept
    assert next_request(own) == next_request(own)
    assert asked == []


def test_connection_that_the_server_ended_is_made_anew(kept):
    own, asked = kept
    before = next_request(own)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    time.sleep(0.05)
    assert next_request(own) != before
    assert asked == [1]


def test_word_sent_unasked_by_a_server_that_goes_on_is_no_end(kept):
    """A change of its configuration is told to every session; Django asks and keeps the connection."""
    own, asked = kept
    before = next_request(own)
    with own.cursor() as cursor:
        cursor.execute("LISTEN portal_test")
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY portal_test")
    time.sleep(0.1)
    assert next_request(own) == before
    assert asked == [1]


def test_after_an_error_django_asks(kept):
    own, asked = kept
    with pytest.raises(OperationalError), own.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")
    next_request(own)
    assert asked == [1]


def test_closed_connection_is_no_silent_one(kept):
    own, _asked = kept
    own.connection.close()
    assert next_request(own)
