"""Short rows read with the row they belong to."""

import pytest
from django.db.models import OuterRef

from disclosures.joined import Joined, instant_of, separated
from disclosures.models import Release, ReviewStep
from tests.disclosures.board import at_hour
from tests.people import branch_draft, draft, released

pytestmark = pytest.mark.usefixtures("house")


def test_rows_come_in_their_order_with_every_column():
    with at_hour(0.1234567):  # to the microsecond
        released(draft())
        released(branch_draft())
    steps = ReviewStep.objects.filter(revision_id=OuterRef("revision_id")).order_by("-order")
    for release in Release.objects.annotate(said=Joined(steps, "name", "name_en", "closed_at")):
        expected = ReviewStep.objects.filter(revision=release.revision).order_by("-order")
        found = [(name, english, instant_of(at)) for name, english, at in separated(release.said)]
        assert found == [(step.name, step.name_en, step.closed_at) for step in expected]
        assert found[0][2].microsecond


def test_nothing_is_no_row():
    with at_hour():
        released(draft())
    said = Joined(ReviewStep.objects.filter(pk=-1).order_by("pk"), "name", "closed_at")
    assert separated(Release.objects.annotate(said=said).get().said) == []
    assert instant_of("") is None
