"""The site behind copies, and the house it shows."""

import pytest

from tests.disclosure_portal.page_copy.asking import SameConnection, Site


@pytest.fixture
def site(house):
    return Site(watch=SameConnection())
