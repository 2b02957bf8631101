"""The site behind copies, and the house it shows."""

import pytest
from django.db import connection

from tests.disclosure_portal.page_copy.asking import SameConnection, Site


@pytest.fixture
def site(house, monkeypatch):
    """Inside the transaction of the test, whose connection must outlive each request."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    return Site(watch=SameConnection())
