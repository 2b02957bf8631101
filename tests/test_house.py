"""The copied house is the seeded one, on both databases."""

import pytest
from django.db import transaction

from organizations.models import Unit
from tests import house
from tests.people import _seed, draft, furnish, submitted


def test_the_copy_holds_the_same_rows_as_the_seeding(db, monkeypatch):
    monkeypatch.setattr(house, "_kept", [])
    with transaction.atomic():
        house.copied(_seed)
        transaction.set_rollback(True)
    assert not Unit.objects.exists()
    house.copied(_seed)
    assert house._tables() == house._kept
    assert Unit.objects.count() > 10


@pytest.mark.parametrize("time", [1, 2])
def test_rows_that_follow_a_copy_find_free_keys(db, time):
    furnish()
    assert submitted(draft()).number


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_it_is_copied_outside_a_transaction_too(time):
    furnish()
    assert Unit.objects.count() > 10
