"""What the entry demands and where a submission departs from it."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from disclosures.departures import Sign, departures, monday_to_friday
from disclosures.models import Matter
from tests.people import branch_draft, draft, forms, released, submitted, unit

pytestmark = pytest.mark.usefixtures("house")
NOW = datetime(2026, 1, 8, 9, tzinfo=timezone.get_fixed_timezone(480))


@pytest.fixture(autouse=True)
def january():
    with time_machine.travel(NOW, tick=False):
        yield


def revision_of(item, **demands):
    """The submitted revision with a version of its entry that demands this."""
    revision = submitted(item).current_revision
    for name, value in demands.items():
        setattr(revision.entry_version, name, value)
    return revision


def signs(revision, **more):
    return {str(line.label): line.sign for line in departures(revision, **more)}


def line(revision, label, **more):
    return next(row for row in departures(revision, **more) if str(row.label) == label)


def test_narrower_audience_differs_and_needs_a_reason():
    revision = revision_of(draft(audience="internal"), audience="internal_then_public")
    found = line(revision, "公开范围")
    assert found.sign is Sign.DIFFERS and "说明理由" in found.sentence


def test_wider_audience_differs_too():
    assert signs(revision_of(draft(), audience="internal"))["公开范围"] is Sign.DIFFERS


def test_same_audience_agrees():
    assert signs(revision_of(draft(), audience="internal_then_public"))["公开范围"] is Sign.OK


def test_chosen_branches_are_a_narrower_audience():
    assert signs(revision_of(draft(branches=("ZB01",))))["支部"] is Sign.DIFFERS


def test_missing_forms_are_named():
    revision = revision_of(draft())
    revision.entry_version.forms.set(forms("online_internal", "members_meeting"))
    found = line(revision, "公开形式")
    assert found.sign is Sign.DIFFERS and "党员大会" in found.sentence and "网上" not in found.sentence


LIMIT = {"rule": "within_working_days", "days": 3, "counted_from": "event"}


@pytest.mark.parametrize(
    ("occurred", "sign"),
    [(date(2026, 1, 5), Sign.OK), (date(2026, 1, 2), Sign.DIFFERS), (None, Sign.OK)],
)
def test_limit_is_counted_in_working_days_from_the_event_else_from_the_issue(occurred, sign):
    """Monday the fifth leaves until Thursday the eighth, which is today; Friday the second only until Wednesday."""
    revision = revision_of(draft(occurred_on=occurred, issued_on=date(2026, 1, 7)), time_limit=LIMIT)
    assert signs(revision)["公开时限"] is sign


def test_limit_passed_names_the_day_and_what_was_not_counted():
    revision = revision_of(draft(occurred_on=date(2025, 12, 31)), time_limit=LIMIT)
    assert "2026年1月5日" in line(revision, "公开时限").sentence
    assert "节假日" in line(revision, "公开时限").sentence
    with_calendar = line(revision, "公开时限", working_days=lambda start, count: start + timedelta(days=count))
    assert "2026年1月3日" in with_calendar.sentence and "节假日" not in with_calendar.sentence


def test_period_without_its_end_is_noted():
    limit = {"rule": "quarterly", "due_working_days": 10}
    assert signs(revision_of(draft(), time_limit=limit))["公开时限"] is Sign.NOTE
    late = revision_of(draft(period_until=date(2025, 12, 1)), time_limit=limit)
    assert signs(late)["公开时限"] is Sign.DIFFERS


def test_backfilled_items_are_left_out_of_the_limit():
    revision = revision_of(draft(is_backfilled=True, occurred_on=date(2012, 1, 1)), time_limit=LIMIT)
    assert signs(revision)["公开时限"] is Sign.NOTE


def test_lead_inside_the_party_and_length_of_a_notice():
    planned = {
        "planned_internal_from": NOW + timedelta(days=1),
        "planned_public_from": NOW + timedelta(days=2),
        "planned_public_until": NOW + timedelta(days=5),
    }
    revision = revision_of(draft(**planned), internal_lead_days=5, notice_min_working_days=5)
    assert signs(revision)["先党内公开"] is signs(revision)["公示期"] is Sign.DIFFERS
    kind = revision_of(draft(**planned), internal_lead_days=1, notice_min_working_days=1)
    assert signs(kind)["先党内公开"] is signs(kind)["公示期"] is Sign.OK


def test_sensitive_by_the_catalogue_but_not_marked_differs():
    revision = revision_of(draft(), sensitive=True)
    assert signs(revision)["特别重大或敏感"] is Sign.DIFFERS


def test_personal_data_is_always_noted():
    assert signs(revision_of(draft(), personal_data=True))["个人信息"] is Sign.NOTE


def test_branch_that_does_not_owe_the_duty_is_noted():
    assert signs(revision_of(branch_draft(), levels=["bureau"]))["公开主体"] is Sign.NOTE


def test_vital_interest_needs_matter_phase_and_the_phases_before():
    assert signs(revision_of(draft(), vital_interest=True))["涉及切身利益"] is Sign.DIFFERS
    matter = Matter.objects.create(number="SX-1", title="一件事", unit=unit("JG"))
    during = {"vital_interest": True, "matter": matter, "phase": "during"}
    revision = revision_of(draft(**during))
    assert "事前" in line(revision, "涉及切身利益").sentence
    released(draft(vital_interest=True, matter=matter, phase="before"))
    assert signs(revision)["涉及切身利益"] is Sign.OK


def test_monday_to_friday_passes_over_the_weekend():
    assert monday_to_friday(date(2026, 1, 2), 1) == date(2026, 1, 5)


def test_revision_without_an_entry_demands_nothing():
    revision = revision_of(draft())
    revision.entry_version = None
    assert departures(revision) == []
