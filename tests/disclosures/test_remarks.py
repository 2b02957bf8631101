"""Internal remarks and sections: who speaks, who is told, and that no reader ever learns of them (S32, S78)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from disclosures.models import Item, ItemContributor, ItemRemark
from disclosures.models.items import ItemState
from disclosures.refusal import Refused
from disclosures.services import perform
from disclosures.services.freezing import digest, snapshot
from notifications.models import Notice
from organizations.models import Appointment, Role, Unit, UnitKind, User
from tests.disclosures.admin_desk import at_desk, fields_of, form_url
from tests.people import approved, branch_draft, draft, furnish, person, submitted, unit

pytestmark = pytest.mark.django_db
CANARY = "内部金丝雀七号"


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    furnish()


def page_of(item: Item) -> str:
    return reverse("admin:disclosures_item_remark", args=[item.pk])


def remarked(item: Item, by: str = "examiner", **changes) -> Item:
    values = {"text": CANARY, "passage": "本季度", **changes}
    return perform("remark", item=item, by=person(by), expected_version=item.version, **values)


def second_drafter() -> User:
    user = User.objects.create(username="drafter2", display_name="第二起草人", is_staff=True)
    Appointment.objects.create(user=user, unit=unit("JG"), role=Role.DRAFTER, valid_from="2020-01-01")
    return user


def test_remark_is_written_and_settled_over_http_with_name_and_office():
    item, client = draft(), at_desk("drafter")
    answer = client.post(page_of(item), {"text": "数字请再核对。", "passage": "本季度贯彻"})
    assert answer.url == f"{form_url(item)}#remarks"
    row = item.remarks.get()
    assert (row.text, row.passage, row.by_name, row.by_office) == (
        "数字请再核对。",
        "本季度贯彻",
        person("drafter").display_name,
        person("drafter").office,
    )
    assert "数字请再核对。" in client.get(form_url(item)).content.decode()
    for _time in range(2):
        assert client.post(page_of(item), {"resolve": str(row.uid)}).status_code == 302
    row.refresh_from_db()
    assert row.resolved_by == person("drafter") and row.resolved_at
    assert Event.objects.filter(verb="item.remark_resolved").count() == 1


def test_remark_is_allowed_in_every_state():
    for item in (draft(), submitted(draft()), approved(draft())):
        assert remarked(item).remarks.count() == 1
    given_up = draft()
    given_up = perform("discard", item=given_up, by=person("drafter"), expected_version=given_up.version)
    assert remarked(given_up).state == ItemState.DISCARDED


def test_remark_changes_neither_version_nor_digest_nor_who_wrote_last():
    item = draft()
    before = (item.version, item.updated_at, item.updated_by_id, digest(snapshot(item)))
    remarked(item)
    item.refresh_from_db()
    assert (item.version, item.updated_at, item.updated_by_id, digest(snapshot(item))) == before


def test_remarker_does_not_become_a_contributor_and_may_still_decide():
    item = submitted(remarked(draft()))
    assert not ItemContributor.objects.filter(item=item, user=person("examiner")).exists()
    assert not item.current_revision.contributors.filter(user=person("examiner")).exists()


@pytest.mark.parametrize("name", ["supervisor", "branch_drafter", "secretary", "superior", "auditor", "sysadmin"])
def test_whoever_only_reads_or_does_not_read_at_all_does_not_remark(name):
    with pytest.raises(Refused):
        remarked(draft(), by=name)
    assert not ItemRemark.objects.exists()


def test_supervisor_reads_remarks_and_strangers_find_nothing():
    item = remarked(draft())
    assert CANARY in at_desk("supervisor").get(page_of(item)).content.decode()
    assert at_desk("supervisor").post(page_of(item), {"text": "x"}).status_code == 403
    for name in ("branch_drafter", "secretary"):
        assert at_desk(name).get(page_of(item)).status_code == 404
        assert at_desk(name).post(page_of(item), {"text": "x"}).status_code == 404


def test_other_authors_and_those_who_remarked_are_told_and_nobody_else():
    item = draft()
    other = second_drafter()
    item = perform("save", item=item, by=other, expected_version=item.version, fields={"basis": "依据"})
    item = remarked(item)
    remarked(item, by="drafter")
    told = {(row.recipient.username, row.verb) for row in Notice.objects.filter(verb="item.remarked")}
    assert told == {(name, "item.remarked") for name in ("drafter", "drafter2", "examiner")}
    assert Notice.objects.filter(verb="item.remarked", recipient=person("examiner")).count() == 1


def test_no_reader_and_no_revision_and_no_event_holds_a_remark(client):
    item = approved(remarked(draft()))
    remarked(item)
    revision = item.current_revision
    for address in ("/", f"/items/{item.number}/", "/items/", "/search/?q=金丝雀", "/feeds/", "/sitemap.xml"):
        assert CANARY not in client.get(address, follow=True).content.decode()
    assert CANARY not in str([getattr(revision, field.attname) for field in revision._meta.fields])
    assert CANARY not in str(list(Event.objects.values_list("before", "after", "reason", "subject_label")))


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "长" * 1001])
def test_empty_or_endless_remark_is_refused_and_kept(text):
    item = draft()
    answer = at_desk("drafter").post(page_of(item), {"text": text, "passage": "引文"})
    assert answer.status_code == 400 and not item.remarks.exists()
    assert (answer.context["text"], answer.context["passage"]) == (text, "引文")


def test_remark_of_another_item_is_not_settled_here():
    item, other = draft(), remarked(branch_draft())
    uid = other.remarks.get().uid
    for odd in (uid, "x", ""):
        assert at_desk("drafter").post(page_of(item), {"resolve": str(odd)}).status_code == 400
    assert other.remarks.get().is_open


def test_who_settled_and_when_stand_together():
    row = remarked(draft()).remarks.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemRemark.objects.filter(pk=row.pk).update(resolved_at=timezone.now())


def section(code: str = "XCK", parent: str = "JG") -> Unit:
    return Unit.objects.create(code=code, name="宣传科", kind=UnitKind.SECTION, parent=unit(parent))


def test_section_is_asked_for_only_where_the_unit_has_one():
    item, client = draft(), at_desk("drafter")
    assert "section" not in client.get(form_url(item)).context["form"].fields
    mine, theirs = section(), section("ZBK", "ZB01")
    data = fields_of(client.get(form_url(item)))
    assert client.post(form_url(item), {**data, "section": theirs.pk}).status_code == 400
    assert client.post(form_url(item), {**data, "section": mine.pk}).status_code == 302
    item.refresh_from_db()
    assert item.section == mine


def test_section_is_no_part_of_what_is_reviewed():
    item = draft()
    before = digest(snapshot(item))
    fields = {"section": section()}
    item = perform("save", item=item, by=person("drafter"), expected_version=item.version, fields=fields)
    assert digest(snapshot(item)) == before


def test_list_can_show_the_drafts_of_ones_own_section():
    ours = section()
    Appointment.objects.create(user=person("drafter"), unit=ours, role=Role.DRAFTER, valid_from="2020-01-01")
    draft(title="本科起草的", section=ours)
    draft(title="别科起草的", section=section("RSK"))
    address = reverse("admin:disclosures_item_changelist")
    page = at_desk("drafter").get(f"{address}?section=mine").content.decode()
    assert "本科起草的" in page and "别科起草的" not in page
