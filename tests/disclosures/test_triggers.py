"""What is frozen stays frozen in the database itself, superuser and raw SQL included."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from disclosures.models import (
    Decision,
    Release,
    ReviewStep,
    Revision,
    RevisionContributor,
    Verdict,
)
from tests.people import approved, draft, person, submitted

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def item():
    return approved(draft(branches=("ZB01",)))


def forbidden(action):
    with pytest.raises(IntegrityError), transaction.atomic():
        action()


@pytest.mark.parametrize("model", [Revision, RevisionContributor, Decision, Verdict])
def test_rows_are_never_changed_or_removed(item, model):
    first = model.objects.first()
    field = next(f.attname for f in model._meta.fields if f.get_internal_type() in ("CharField", "BooleanField"))
    forbidden(lambda: model.objects.filter(pk=first.pk).update(**{field: "1"}))
    forbidden(lambda: model.objects.filter(pk=first.pk)._raw_delete("default"))


def test_who_saved_an_item_is_never_forgotten_before_it_is_submitted():
    item = draft()
    forbidden(lambda: item.contributors.update(user=person("examiner")))
    forbidden(lambda: item.contributors.all()._raw_delete("default"))


@pytest.mark.parametrize("steps", ["open", "none"])
def test_what_was_not_approved_is_never_opened(item, steps):
    release = item.releases.get()
    unread = submitted(draft()).current_revision
    if steps == "none":
        unread.pk, unread.uid, unread.number = None, uuid4(), 2
        unread.save(force_insert=True)
    release.pk, release.uid, release.item, release.revision = None, uuid4(), unread.item, unread
    with pytest.raises(IntegrityError, match="approved"), transaction.atomic():
        release.save(force_insert=True)


@pytest.mark.parametrize("relation", [Revision.forms.through, Revision.branches.through])
def test_relations_of_a_revision_are_never_taken_away(item, relation):
    assert relation.objects.exists()
    forbidden(lambda: relation.objects.all()._raw_delete("default"))


def test_release_windows_never_begin_earlier(item):
    forbidden(lambda: Release.objects.update(internal_from="2020-01-01T00:00Z"))
    forbidden(lambda: Release.objects.update(public_from="2020-01-01T00:00Z"))


def test_step_keeps_its_rule(item):
    forbidden(lambda: ReviewStep.objects.update(quorum=0))


def test_author_cannot_be_added_behind_a_decision(item):
    forbidden(
        lambda: RevisionContributor.objects.create(
            revision=item.current_revision, user=person("examiner"), name="审核", office=""
        )
    )


@pytest.mark.parametrize(
    "windows",
    [
        "internal_from = NULL",
        "public_not_before = NULL",
    ],
)
def test_party_first_has_no_hole_through_null(item, windows):
    release = item.releases.get()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE disclosures_release SET {windows} WHERE id = %s", [release.pk])


def test_public_before_party_is_refused_by_the_database(item):
    release = item.releases.get()
    release.pk, release.uid = None, "6a1f0c5e-0000-4000-8000-000000000001"
    release.revision = item.current_revision
    release.public_from = release.internal_from.replace(year=2020)
    forbidden(lambda: release.save(force_insert=True))
