"""Queries that nobody means well: an answer in time, never an exception, and the same on both databases."""

import time

import pytest
from django.urls import reverse

from tests.people import draft, released

pytestmark = pytest.mark.usefixtures("house")
LIMIT = 5  # seconds, on a busy machine; the measurement says how fast it is

HOSTILE = [
    '"', "''", '""', "党\"务", "*", "党*", "^党", "-党", "党 OR 务", "党 AND 务", "NOT 党", "NEAR(党 务)", "title:党",
    "{党务}", "党 + 务", "(", ")", "((((", "\\", "\\\\", "%", "%%", "_", "党%务", "\x00", "党\x00务", "\ud800",
    "党\udfff",
    "\u200b", "\u202e党", "\U0010ffff", "\U00020000\U00020001\U00020002", "'; DROP TABLE disclosures_item; --",
    "' OR 1=1 --", "1e999", "-1", "党" * 200,
    "党务" * 100, "党 " * 8, "a" * 200, "…" * 200, "😀😀😀", "ﷺ" * 20, "K" * 50,
    "\t\n", "&lt;script&gt;", "<script>alert(1)</script>", "{{ 7*7 }}", "${7*7}", "..%2f", "0", "٣", "①②③", "㍿", "ﬃ",
]  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE)
def test_hostile_query_is_answered_in_time(client, q):
    released(draft(title="关于党务的通报"))
    for more in ({}, {"order": "relevance"}):
        begun = time.monotonic()
        response = client.get(reverse("disclosures:search"), {"q": q.encode("utf-8", "surrogatepass"), **more})
        assert response.status_code in (200, 400)
        assert time.monotonic() - begun < LIMIT
        assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("q", ["长" * 100_000, "词 " * 5000])
def test_endless_query_is_refused(client, q):
    assert client.get(reverse("disclosures:search"), {"q": q}).status_code == 400
