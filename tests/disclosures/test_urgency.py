"""Urgent publication: by the group leader alone, with a reason, flagged until others confirm it or end it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Event
from disclosures.models import Decision, Item, Release, RevisionContributor
from disclosures.models.items import ItemState
from disclosures.services import Refused, perform, why_not
from disclosures.services.reviewing import open_step
from disclosures.visibility import PUBLIC, Answer, Reader, answer
from organizations.cast import CAST
from organizations.models import Appointment
from tests.disclosures.admin_desk import at_desk, form_url
from tests.people import (
    OFFICE_YES,
    YES,
    approved,
    branch_draft,
    correction,
    decided,
    draft,
    minutes,
    person,
    submitted,
    unit,
)

pytestmark = pytest.mark.usefixtures("house")
REASON = "防汛抢险，须当日公开"
NO = {**OFFICE_YES, "necessity": (False, "范围过宽")}
INSIDER = Reader(reads_every_internal=True)


def urged(item: Item, by: str = "leader", reason: str = REASON) -> Item:
    item.refresh_from_db()
    return perform("urge", item=item, by=person(by), expected_version=item.version, reason=reason)


def refused(item, by="leader", **payload):
    item.refresh_from_db()
    with pytest.raises(Refused) as caught:
        perform("urge", item=item, by=person(by), expected_version=item.version, **{"reason": REASON, **payload})
    assert not item.releases.exists()
    return caught.value


def seen(item, reader=INSIDER):
    return answer(Release.objects.filter(item=item), reader, timezone.now())[0]


def test_it_opens_at_once_inside_and_outside_as_planned_and_the_review_goes_on():
    later = timezone.now() + timedelta(days=3)
    item = submitted(draft(planned_internal_from=later, planned_public_from=later + timedelta(days=1)))
    item = urged(item)
    release = item.releases.get()
    assert (seen(item), seen(item, PUBLIC)) == (Answer.VISIBLE, Answer.MISSING)
    assert release.public_from == later + timedelta(days=1)
    assert item.state == ItemState.IN_REVIEW
    assert open_step(item).unit.code == "LB"
    assert (release.is_urgent, release.urgent_by, release.urgent_reason) == (True, person("leader"), REASON)
    assert Event.objects.get(verb="release.urged").reason == REASON


@pytest.mark.parametrize("name", [player.username for player in CAST if player.username != "leader"])
def test_nobody_but_the_group_leader_may(name):
    assert refused(submitted(draft()), name).code == "not_allowed"


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_reason_is_needed(reason):
    assert refused(submitted(draft()), reason=reason).code == "reason"


def test_what_is_sensitive_is_never_urged():
    assert "上级" in str(refused(submitted(draft(sensitive=True))))


def test_what_was_sent_to_the_superior_is_never_urged():
    item = submitted(draft())
    perform("raise", item=item, by=person("examiner"), expected_version=item.version, revision=1, reason="重大")
    assert "上级" in str(refused(item))


def test_what_became_incomplete_is_never_urged():
    begin = timezone.now() + timedelta(days=1)
    item = submitted(draft(planned_internal_from=begin, planned_internal_until=begin + timedelta(days=1)))
    with time_machine.travel(begin + timedelta(days=5), tick=False):
        assert refused(item).code == "incomplete"


def test_a_leader_who_wrote_it_may_not():
    leader = person("leader")
    Appointment.objects.create(user=leader, role="drafter", unit=unit("JG"), valid_from="2020-01-01")
    assert "起草" in str(refused(submitted(draft("leader"))))


def test_a_draft_and_an_approved_item_are_not_urged():
    for item in (draft(), approved(draft())):
        assert why_not("urge", item=item, by=person("leader"))


def test_it_is_urged_once():
    item = urged(submitted(draft()))
    assert why_not("urge", item=item, by=person("leader"))


def test_refused_where_nobody_else_could_confirm():
    Appointment.objects.filter(role="branch_secretary").update(valid_until="2020-06-01")
    Appointment.objects.create(
        user=person("leader"), role="branch_secretary", unit=unit("ZB01"), valid_from="2020-01-01"
    )
    assert "支部书记审核" in str(refused(submitted(branch_draft())))


def test_leader_confirms_nothing_of_it():
    item = urged(decided(submitted(draft()), "examiner"))
    assert "紧急公开" in str(why_not("decide", item=item, by=person("leader")))
    assert at_desk("leader").get("/admin/review-queue/").context["rows"] == []


def test_approval_of_the_remaining_steps_by_others_confirms_it():
    item = urged(submitted(draft()))
    for name in ("examiner", "deputy"):
        item = decided(item, name)
        assert item.releases.get().is_urgent
    item = decided(item, "member")
    release = item.releases.get()
    assert item.state == ItemState.APPROVED
    assert not release.is_urgent and release.urgent_confirmed_at
    assert seen(item) == Answer.VISIBLE
    assert Event.objects.filter(verb="release.urgency_confirmed").count() == 1
    assert not Event.objects.filter(verb="release.opened").exists()


def test_minutes_confirm_it_but_not_entered_by_the_leader():
    Appointment.objects.create(user=person("leader"), role="examiner", unit=unit("LB"), valid_from="2020-01-01")
    item = urged(decided(submitted(draft()), "examiner"))
    assert why_not("record", item=item, by=person("leader"))
    values = {"revision": 1, "outcome": "approve", "verdicts": YES, "evidence": minutes()}
    item = perform("record", item=item, by=person("examiner"), expected_version=item.version, **values)
    assert item.releases.get().urgent_confirmed_at


def test_a_return_withdraws_it_at_that_instant_with_the_reason():
    item = urged(submitted(draft()))
    at = timezone.now() + timedelta(hours=2)
    with time_machine.travel(at, tick=False):
        item = decided(item, "examiner", "return", NO)
        assert (seen(item), seen(item, PUBLIC)) == (Answer.GONE, Answer.GONE)
    release = item.releases.get()
    assert item.state == ItemState.RETURNED
    assert (release.withdrawn_at, release.internal_until, release.public_until) == (at, at, at)
    assert release.withdrawn_by == person("examiner") and "范围过宽" in release.withdrawn_reason
    assert not release.is_urgent and release.urgent_confirmed_at is None


def test_asking_the_superior_withdraws_it():
    item = urged(submitted(draft()))
    item = perform("raise", item=item, by=person("examiner"), expected_version=item.version, revision=1, reason="重大")
    assert seen(item) == Answer.GONE
    assert item.releases.get().withdrawn_reason == "重大"


def test_after_a_return_the_mended_item_passes_as_any_other():
    item = decided(urged(submitted(draft())), "examiner", "return", NO)
    item = perform(
        "save",
        item=item,
        by=person("drafter"),
        expected_version=item.version,
        fields={"title": "改后", "change_note": "按审核意见修改。"},
    )
    item = approved(item)
    assert item.releases.count() == 2
    assert seen(item) == Answer.VISIBLE


def test_discarding_after_a_return_does_not_take_it_for_an_approved_text():
    item = decided(urged(submitted(draft())), "examiner", "return", NO)
    item = perform("discard", item=item, by=person("drafter"), expected_version=item.version)
    assert item.state == ItemState.DISCARDED


def test_a_correction_opened_urgently_takes_the_place_of_the_text_before():
    item = correction(approved(draft()), title="更正后的标题")
    item = urged(submitted(item))
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False):
        kind, release = answer(Release.objects.filter(item=item), INSIDER, timezone.now())
    assert (kind, release.revision.title) == (Answer.VISIBLE, "更正后的标题")


def test_the_drafter_cannot_recall_what_is_open():
    item = urged(submitted(draft()))
    assert "紧急公开" in str(why_not("recall", item=item, by=person("drafter")))


def test_withdrawal_by_the_office_ends_the_flag():
    item = urged(submitted(draft()))
    item = perform("withdraw", item=item, by=person("examiner"), expected_version=item.version, reason="有误")
    assert not item.releases.get().is_urgent
    assert item.state == ItemState.DRAFT


def test_readers_are_told_nothing_of_the_urgency(client):
    item = urged(submitted(draft()))
    for address in (item.get_absolute_url(), "/", "/items/", "/feeds/"):
        text = client.get(address).content.decode()
        assert "紧急" not in text and REASON not in text
    client.force_login(person("party_member"), backend="django.contrib.auth.backends.ModelBackend")
    text = client.get(item.get_absolute_url()).content.decode()
    assert item.title in text
    assert "紧急" not in text and REASON not in text


def test_staff_pages_show_it_plainly():
    item = urged(submitted(draft()))
    for name, address in (
        ("drafter", form_url(item)),
        ("examiner", form_url(item)),
        ("examiner", f"/admin/review-queue/{item.current_revision.uid}/"),
    ):
        page = at_desk(name).get(address).content.decode()
        assert "紧急公开，待确认" in page and REASON in page
    assert "紧急公开" in at_desk("examiner").get("/admin/review-queue/").content.decode()
    listed = at_desk("examiner").get("/admin/disclosures/item/?urgent=waiting").content.decode()
    assert item.title in listed
    decided(item, "examiner", "return", NO)
    assert item.title not in at_desk("examiner").get("/admin/disclosures/item/?urgent=waiting").content.decode()


def test_leader_does_it_on_the_items_page_and_keeps_what_was_typed():
    item = submitted(draft())
    client, address = at_desk("leader"), f"/admin/disclosures/item/{item.pk}/do/urge/"
    assert address in client.get(form_url(item)).content.decode()
    page = client.post(address, {"version": item.version, "reason": " "})
    assert page.status_code in (400, 409) and not item.releases.exists()
    stale = client.post(address, {"version": item.version + 1, "reason": REASON})
    assert stale.status_code == 409 and REASON in stale.content.decode()
    assert client.post(address, {"version": item.version, "reason": REASON}).status_code == 302
    assert item.releases.get().is_urgent
    assert f"{item.pk}/do/urge/" not in at_desk("deputy").get(form_url(item)).content.decode()


def row_of(item, **changes):
    """A release as raw SQL would write it."""
    now = timezone.now()
    values = {
        "item": item,
        "revision": item.current_revision,
        "unit": item.unit,
        "category": item.entry.category,
        "internal_from": now,
        "public_not_before": now,
        "internal_since": now,
        "created_at": now,
        "uid": uuid4(),
        "urgent_by": person("leader"),
        "urgent_reason": REASON,
    }
    return Release(**{**values, **changes})


def forbidden(action, match):
    with pytest.raises(IntegrityError, match=match), transaction.atomic():
        action()


def test_database_opens_nothing_unapproved_without_a_name_or_a_reason():
    item = submitted(draft())
    forbidden(lambda: row_of(item, urgent_by=None, urgent_reason="").save(), "approved")
    forbidden(lambda: row_of(item, urgent_reason="").save(), "urgency_has_person_and_reason")
    forbidden(lambda: row_of(item, urgent_by=None).save(), "approved")
    row_of(item).save()


def test_database_refuses_an_urgent_author():
    item = submitted(draft())
    forbidden(lambda: row_of(item, urgent_by=person("drafter")).save(), "never opens it urgently")


def test_database_refuses_what_is_sensitive_or_not_under_review():
    forbidden(lambda: row_of(submitted(draft(sensitive=True))).save(), "superior")
    returned = decided(submitted(draft()), "examiner", "return", NO)
    forbidden(lambda: row_of(returned).save(), "approved")


def test_database_refuses_the_leaders_own_confirmation():
    item = urged(decided(submitted(draft()), "examiner"))
    step = open_step(item)
    values = {"step": step, "revision": step.revision, "outcome": "approve", "decided_at": timezone.now()}
    row = Decision(decided_by=person("leader"), decided_by_name="组长", **values)
    forbidden(lambda: row.save(force_insert=True), "does not confirm it")


def test_database_keeps_who_opened_it_and_why():
    release = urged(submitted(draft())).releases.get()
    for changes in ({"urgent_by": person("deputy")}, {"urgent_reason": "别的"}):
        forbidden(
            lambda changes=changes: Release.objects.filter(pk=release.pk).update(**changes), "disclosures_release"
        )


def test_database_makes_nobody_an_author_of_what_they_urged():
    item = urged(submitted(draft()))
    row = RevisionContributor(revision=item.current_revision, user=person("leader"), name="组长")
    forbidden(row.save, "cannot be made its author")
