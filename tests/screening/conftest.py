"""Tests of this room begin in the site's language, whatever page the test before asked for."""

import pytest
from django.conf import settings
from django.utils import translation


@pytest.fixture(autouse=True)
def language_of_the_site():
    with translation.override(settings.LANGUAGE_CODE):
        yield
