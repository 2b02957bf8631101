"""The portal behind Debian's nginx with the shipped configuration, at the root of a host and below a path prefix."""

import pytest

from scripts.front import standing
from tests.front.checks import CHECKS

pytestmark = pytest.mark.postgres  # as in production; once is enough


@pytest.mark.parametrize("prefix", ["", "/zwgk/dwgk"], ids=["at the root", "below a prefix"])
def test_the_front(furnished, nginx, prefix, subtests):
    with standing(furnished.place, prefix) as stand:
        for check in CHECKS:
            with subtests.test(check.__name__):
                check(stand, furnished.addresses)
