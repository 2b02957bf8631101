"""The doors of a redaction in the database itself: what opens and what stays shut, with raw SQL, superuser included."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit.triggers import missing
from disclosures.models import PassageRemark, RedactedFile, RedactedRevision, Redaction, Revision, RevisionAttachment
from disclosures.services import perform
from disclosures.services.passages import PassageDraft
from disclosures.triggers import MASKED_IN_A_PASSAGE, MASKED_IN_A_REVISION, MASKED_IN_AN_ATTACHMENT
from tests.disclosures.test_redacting import leaking, redacted, with_file
from tests.people import approved, correction, decided, draft, person, submitted

pytestmark = pytest.mark.usefixtures("house")
DOORS = {
    Revision: MASKED_IN_A_REVISION,
    RevisionAttachment: MASKED_IN_AN_ATTACHMENT,
    PassageRemark: MASKED_IN_A_PASSAGE,
}


def sql(statement: str, *values) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def refused(statement: str, *values) -> None:
    with pytest.raises(IntegrityError):
        sql(statement, *values)


def reviewed():
    """An approved item with the leak in its text, a file and a remark on a passage."""
    item = submitted(with_file(leaking()))
    remark = PassageDraft(quote="请核对", remark="号码应删去")
    item = decided(item, "examiner", passages=[remark])
    for name in ("leader", "deputy"):
        item = decided(item, name)
    return item


def other_value(field):
    """Some value unlike the stored one, as SQL."""
    kind = field.get_internal_type()
    if kind in ("CharField", "TextField"):
        return "'x'"
    if kind == "BooleanField":
        return f'NOT "{field.column}"'
    if kind in ("DateField", "DateTimeField"):
        return "'2001-01-01 00:00:00+00:00'" if kind == "DateTimeField" else "'2001-01-01'"
    if kind == "UUIDField":
        return f"'{uuid4().hex}'"
    return "987654"


@pytest.mark.parametrize("model", DOORS, ids=lambda model: model.__name__)
def test_without_a_redaction_no_column_changes(model):
    reviewed()
    row = model.objects.get()
    for field in model._meta.concrete_fields:
        refused(f'UPDATE {model._meta.db_table} SET "{field.column}" = {other_value(field)} WHERE id = {row.pk}')


@pytest.mark.parametrize("model", DOORS, ids=lambda model: model.__name__)
def test_with_a_redaction_exactly_the_text_columns_change(model):
    item = redacted(reviewed())
    owner = "id" if model is Revision else "revision_id"
    row = model.objects.get(**{owner: item.revisions.get(number=1).pk})
    for field in model._meta.concrete_fields:
        statement = f'UPDATE {model._meta.db_table} SET "{field.column}" = {other_value(field)} WHERE id = {row.pk}'
        if field.column in DOORS[model]:
            assert sql(statement) == 1
        else:
            refused(statement)


@pytest.mark.parametrize("model", DOORS, ids=lambda model: model.__name__)
def test_a_redacted_row_is_never_removed_or_replaced(model):
    item = redacted(reviewed())
    owner = "id" if model is Revision else "revision_id"
    pk = model.objects.get(**{owner: item.revisions.get(number=1).pk}).pk
    refused(f"DELETE FROM {model._meta.db_table} WHERE id = {pk}")
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO {model._meta.db_table} SELECT * FROM {model._meta.db_table} WHERE id = {pk}")
    else:
        connection.check_constraints()  # keys still waiting would forbid it before the rule does
        refused(f"TRUNCATE {model._meta.db_table} CASCADE")


def test_the_masked_revision_itself_stays_frozen():
    item = redacted(reviewed())
    refused("UPDATE disclosures_revision SET title = 'x' WHERE id = %s", item.current_revision_id)
    refused("UPDATE disclosures_revisionattachment SET label = 'x' WHERE revision_id = %s", item.current_revision_id)


def test_a_redaction_of_one_item_opens_no_door_in_another():
    redaction = redacted(reviewed()).redactions.get()
    other = approved(draft()).current_revision
    row = RedactedRevision(redaction=redaction, revision=other, digest="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    refused("UPDATE disclosures_revision SET title = 'x' WHERE id = %s", other.pk)


def test_what_a_redaction_says_stays_and_its_confirmation_is_written_once():
    item = redacted(reviewed())
    for column in ("reason", "by_name", "by_office"):
        refused(f"UPDATE disclosures_redaction SET {column} = 'x'")
    refused("UPDATE disclosures_redaction SET confirmed_at = %s, confirmed_by_id = by_id", timezone.now())
    perform("confirm_redaction", item=item, by=person("deputy"), expected_version=item.version)
    refused("UPDATE disclosures_redaction SET confirmed_at = NULL, confirmed_by_id = NULL, confirmed_by_name = ''")
    refused("UPDATE disclosures_redaction SET confirmed_by_id = %s", person("leader").pk)
    refused("UPDATE disclosures_redaction SET confirmed_by_name = 'x'")
    refused("DELETE FROM disclosures_redaction")


def test_rows_about_what_was_destroyed_are_never_changed():
    item = reviewed()
    sha256 = item.current_revision.attachments.get().file.sha256
    redacted(item, files=[sha256])
    assert RedactedFile.objects.exists() and RedactedRevision.objects.exists()
    for table, column in (("redactedfile", "filename_masked"), ("redactedrevision", "digest")):
        refused(f"UPDATE disclosures_{table} SET {column} = 'x'")
        refused(f"DELETE FROM disclosures_{table}")


def again(release, **changes):
    """The release of a redaction once more, changed, for another masked revision of the item."""
    item = release.item
    revision = Revision.objects.get(pk=release.revision_id)
    revision.pk, revision.uid, revision.number = None, uuid4(), 99
    revision.save(force_insert=True)
    if changes.pop("is_redaction", True):
        Redaction.objects.create(
            item=item, by=person("examiner"), by_name="x", at=timezone.now(), reason="x", corrected_revision=revision
        )
    release.pk, release.uid, release.revision = None, uuid4(), revision
    for name, value in changes.items():
        setattr(release, name, value)
    release.save(force_insert=True)


def test_only_the_masked_revision_of_a_redaction_opens_without_a_review():
    release = redacted(reviewed()).releases.latest("id")
    with pytest.raises(IntegrityError, match="approved"), transaction.atomic():
        again(release, is_redaction=False)


def test_a_masked_revision_never_opens_to_the_public_what_was_internal():
    release = redacted(approved(leaking(audience="internal"))).releases.latest("id")
    now = timezone.now()
    with pytest.raises(IntegrityError, match="wider"), transaction.atomic():
        again(release, internal_from=now, public_not_before=now, public_from=now)


def test_a_masked_revision_never_opens_to_all_branches_what_was_limited():
    release = redacted(approved(leaking(branches=("ZB01",)))).releases.latest("id")
    with pytest.raises(IntegrityError, match="wider"), transaction.atomic():
        again(release, is_limited=False)


def test_a_masked_revision_belongs_to_the_item_of_its_redaction():
    item, other = redacted(reviewed()), approved(correction(approved(draft())))
    with pytest.raises(IntegrityError), transaction.atomic():
        Redaction.objects.create(
            item=item,
            by=person("examiner"),
            by_name="x",
            at=timezone.now(),
            reason="x",
            corrected_revision=other.current_revision,
        )


def test_the_columns_of_a_release_stay_as_immutable_as_before():
    release = redacted(reviewed()).releases.first()
    for column in ("internal_from", "public_from", "created_at"):
        refused(f"UPDATE disclosures_release SET {column} = '2001-01-01 00:00:00+00:00' WHERE id = %s", release.pk)


def test_the_trail_and_the_check_of_the_triggers_stay_clean(capsys):
    redacted(reviewed())
    assert missing(connection) == []
    call_command("verify_audit")
