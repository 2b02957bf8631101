"""SQLite locked by another process: readers read on, writers are told within seconds (rule 8)."""

import re
import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from tests.conftest import ON_POSTGRES

pytestmark = pytest.mark.skipif(ON_POSTGRES, reason="SQLite alone has one lock for all")
WORDS = "写了半天的话\n第二行"


def test_locked_database_is_answered_503_and_keeps_what_was_typed(client, open_house):
    token = re.search(r'name="token" value="([^"]+)"', client.get("/feedback/new/").content.decode())[1]
    sent = {"token": token, "kind": "opinion", "text": WORDS, "unit": "JG"}
    connection.cursor().execute("PRAGMA busy_timeout = 200")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert client.get("/items/").status_code == 200
        refused = client.post("/feedback/new/", sent)
        other.execute("ROLLBACK")
    assert refused.status_code == 503
    assert refused["Retry-After"] == "30"
    assert WORDS in refused.content.decode()
    assert client.post("/feedback/new/", sent).status_code == 200
