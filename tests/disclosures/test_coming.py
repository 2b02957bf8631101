"""What is due soon by the catalogue: said from what a reader may know, never from what is still hidden."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disclosures.coming import coming_duties, period_words, versions_in_force
from disclosures.models import CatalogueEntryVersion, Release
from disclosures.visibility import PUBLIC, Reader
from organizations.models import Unit
from tests.disclosures.board import at_hour
from tests.people import BUREAU_ENTRY, INTERNAL_ENTRY, approved, draft, released, submitted

pytestmark = pytest.mark.usefixtures("house")

IN_APRIL = datetime(2026, 4, 8, 1, tzinfo=UTC)  # the first quarter is over, its last day is not
IN_MARCH = datetime(2026, 3, 2, 1, tzinfo=UTC)
MEMBER = Reader(is_member=True)


@pytest.fixture(autouse=True)
def owed_by_the_bureau_alone(house):
    CatalogueEntryVersion.objects.update(levels=["bureau"])
    Unit.objects.filter(discloses=True).exclude(kind="branch").exclude(code="JG").update(discloses=False)


def coming(at, reader=PUBLIC):
    visible = Release.objects.visible_to(reader, at)
    found = coming_duties(versions_in_force(at.date()), visible, reader, at)
    return {duty.version.entry.code: (duty.first, duty.due) for duty in found}


def april(hours: int = 0):
    return at_hour((IN_APRIL - IN_MARCH).days * 24 + hours)


def test_running_period_is_due_after_its_end_by_working_days():
    assert coming(IN_MARCH)[BUREAU_ENTRY] == (date(2026, 1, 1), date(2026, 4, 15))


def test_ended_period_is_due_until_its_last_day():
    assert coming(IN_APRIL)[BUREAU_ENTRY] == (date(2026, 1, 1), date(2026, 4, 15))
    after = datetime(2026, 4, 16, 1, tzinfo=UTC)
    assert coming(after)[BUREAU_ENTRY][0] == date(2026, 4, 1)


def test_disclosed_duty_gives_way_to_the_next_period():
    with april(-24):
        released(draft())
    assert coming(IN_APRIL)[BUREAU_ENTRY][0] == date(2026, 4, 1)


def test_hidden_items_change_nothing_for_the_public():
    """Neither an item in review nor one open inside the Party alone may betray itself by taking its duty away."""
    before = coming(IN_APRIL)
    with april(-24):
        submitted(draft())
        approved(draft(audience="internal"))
    assert coming(IN_APRIL) == before
    assert coming(IN_APRIL, MEMBER)[BUREAU_ENTRY][0] == date(2026, 4, 1)


def test_duties_inside_the_party_are_announced_to_members_alone():
    assert INTERNAL_ENTRY not in coming(IN_MARCH)
    assert INTERNAL_ENTRY in coming(IN_MARCH, MEMBER)


def test_board_names_what_is_due_with_its_period_and_last_day(client):
    with at_hour():
        page = client.get("/").content.decode()
    assert "最迟2026年4月15日" in page
    assert "2026年第一季度" in page
    assert f'href="/catalogue/#{BUREAU_ENTRY}"' in page


def test_cost_of_the_board_while_a_period_is_over_is_stated(client):
    with april():
        released(draft())
        for most in (13, 3, 13, 3):  # after a change, and until the next one
            with CaptureQueriesContext(connection) as queries:
                client.get("/")
            assert len(queries) <= most
            if most == 3:
                released(draft())


@pytest.mark.parametrize(
    ("rule", "first", "words"),
    [
        ("monthly", date(2026, 10, 1), "2026年10月"),
        ("quarterly", date(2026, 10, 1), "2026年第四季度"),
        ("half_yearly", date(2026, 7, 1), "2026年下半年"),
        ("half_yearly", date(2026, 1, 1), "2026年上半年"),
        ("yearly", date(2026, 1, 1), "2026年"),
    ],
)
def test_periods_are_said_in_words(rule, first, words):
    assert period_words(rule, first) == words
