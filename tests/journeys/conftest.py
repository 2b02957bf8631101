"""The seeded portal for every journey."""

import pytest
from django.conf import settings as site
from django.utils import translation

from tests.journeys.stage import second_drafter, seed


@pytest.fixture(autouse=True)
def language_of_the_site():
    with translation.override(site.LANGUAGE_CODE):
        yield


@pytest.fixture
def seeded(transactional_db, settings, tmp_path):
    """Everything `make run` shows: the plan of 2012, the whole catalogue, the cast; and a second drafter."""
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    seed(settings)
    second_drafter()
