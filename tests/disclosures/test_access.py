"""Who may act: each queryset beside its question about one row, over the whole cast."""

import pytest

from disclosures import access
from disclosures.models import Item, ReviewStep, Revision
from disclosures.services import why_not
from organizations.models import Appointment
from tests.people import SENSITIVE_ENTRY, branch_draft, decided, draft, entry, furnish, person, submitted, unit

pytestmark = pytest.mark.django_db
CAST = (
    "drafter branch_drafter secretary examiner leader deputy member superior party_member other_member supervisor "
    "auditor sysadmin"
).split()


@pytest.fixture(autouse=True)
def house():
    furnish()
    draft()
    submitted(branch_draft())
    submitted(draft())
    decided(submitted(draft(entry=entry(SENSITIVE_ENTRY), sensitive=True)), "examiner")


@pytest.mark.parametrize("name", CAST)
def test_list_of_items_agrees_with_the_question_about_one(name):
    user = person(name)
    readable = set(access.items_readable_by(user))
    assert readable == {item for item in Item.objects.all() if access.may_read_item(user, item)}
    assert bool(readable) <= access.may_read_items(user)


@pytest.mark.parametrize("name", CAST)
def test_queue_agrees_with_what_the_service_would_say(name):
    user = person(name)
    decidable = {
        item.current_revision_id for item in Item.objects.all() if why_not("decide", item=item, by=user) is None
    }
    assert {step.revision_id for step in access.review_steps_for(user)} == decidable


@pytest.mark.parametrize("name", CAST)
def test_whoever_may_decide_may_read(name):
    user = person(name)
    decidable = set(access.review_steps_for(user).values_list("revision_id", flat=True))
    assert decidable <= set(access.revisions_readable_by(user).values_list("pk", flat=True))


def test_superuser_flag_opens_nothing():
    user = person("sysadmin")
    user.is_superuser = user.is_staff = True
    user.save()
    assert not access.items_readable_by(user).exists()
    assert not access.revisions_readable_by(user).exists()
    assert not access.review_steps_for(user).exists()
    assert not access.units_drafted_by(user).exists()


def test_an_office_that_ended_opens_nothing():
    Appointment.objects.filter(user=person("examiner")).update(valid_until="2021-01-01")
    assert not access.review_steps_for(person("examiner")).exists()
    assert not access.items_readable_by(person("examiner")).exists()


def test_waiting_steps_open_nothing_to_their_deciders():
    named = ReviewStep.objects.filter(unit=unit("SJ"), opened_at__isnull=True)
    assert named.exists()
    assert not access.revisions_readable_by(person("superior")).exists()
    assert Revision.objects.count() == 3
