"""Events to test with."""

import pytest
from django.db import transaction

from audit.services import Actor, record

DRAFTER = Actor("drafter", "Drafter", "Bureau office")


@pytest.fixture
def make_event(db):
    """Record one event; keyword arguments replace the usual ones."""

    def make(verb="item.submitted", **changed):
        usual = {"by": DRAFTER, "subject_kind": "item", "subject_ref": "ref-1", "unit_code": "bureau"}
        with transaction.atomic():
            return record(verb, **{**usual, **changed})

    return make
