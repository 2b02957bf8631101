"""The site behind copies, and the house it shows."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.disclosure_portal.page_copy.asking import SameConnection, Site


@pytest.fixture
def site(house, request):
    """Inside the transaction of the test, whose connection must outlive each request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
        request.addfinalizer(lambda signal=signal: signal.connect(close_old_connections))
    return Site(watch=SameConnection())
