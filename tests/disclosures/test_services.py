"""Drafting, review and release through the one writer."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Event
from disclosures.models import CatalogueEntryVersion, Decision, Item, ReviewStep
from disclosures.services import Refused, perform
from disclosures.services.freezing import digest, snapshot
from disclosures.services.reviewing import open_step
from disclosures.visibility import PUBLIC, Reader, answer
from notifications.models import Notice
from tests.people import (
    OFFICE_YES,
    PLAN_ENTRY,
    SENSITIVE_ENTRY,
    YES,
    approved,
    branch_draft,
    correction,
    decided,
    draft,
    entry,
    minutes,
    person,
    released,
    submitted,
    unit,
)

pytestmark = pytest.mark.usefixtures("house")


def refused(verb, item, by, **payload):
    """The refusal of a verb, after checking that nothing was changed by it."""
    before = (Event.objects.count(), Item.objects.get(pk=item.pk).version)
    version = payload.pop("expected_version", Item.objects.get(pk=item.pk).version)
    with pytest.raises(Refused) as caught:
        perform(verb, item=item, by=person(by), expected_version=version, **payload)
    assert (Event.objects.count(), Item.objects.get(pk=item.pk).version) == before
    return caught.value


def test_save_stores_an_incomplete_draft():
    item = perform(
        "save", item=Item(unit=unit("JG")), by=person("drafter"), expected_version=None, fields={"title": "半"}
    )
    assert (item.state, item.number, item.title) == ("draft", None, "半")


def test_save_sanitises_the_body_whatever_the_form_did():
    assert draft(body="<p onclick=x>好<script>alert(1)</script></p>").body == "<p>好</p>"


def test_save_by_another_unit_is_refused():
    item = draft()
    assert refused("save", item, "branch_drafter", fields={"title": "改"}).code == "not_allowed"


def test_save_of_an_old_version_says_what_changed_and_by_whom():
    item = draft()
    perform("save", item=item, by=person("drafter"), expected_version=1, fields={"title": "新题"})
    refusal = refused("save", item, "drafter", expected_version=1, fields={"title": "旧题"})
    assert refusal.code == "stale"
    assert refusal.changes["fields"] == ["title"]
    assert refusal.changes["by"] == [person("drafter").display_name]


def test_save_refuses_fields_that_are_not_the_drafters():
    with pytest.raises(ValueError, match="number"):
        draft(number="JG-1")


def test_sensitive_entry_cannot_be_made_ordinary():
    assert draft(entry=entry(SENSITIVE_ENTRY), sensitive=False).sensitive


def test_submit_lists_every_problem_at_once():
    item = perform("save", item=Item(unit=unit("JG")), by=person("drafter"), expected_version=None, fields={})
    problems = refused("submit", item, "drafter").problems
    assert {"entry", "title", "body", "issued_on", "audience", "forms"} <= set(problems)


def test_submit_refuses_a_duty_of_another_level():
    assert "entry" in refused("submit", branch_draft(entry=entry(PLAN_ENTRY)), "branch_drafter").problems


def test_submit_refuses_public_before_party():
    now = timezone.now()
    item = draft(planned_internal_from=now + timedelta(days=3), planned_public_from=now + timedelta(days=1))
    assert "planned_public_from" in refused("submit", item, "drafter").problems


@pytest.mark.parametrize("channel", ["internal", "public"])
def test_submit_refuses_a_window_that_would_be_over_before_it_opens(channel):
    now = timezone.now()
    window = {f"planned_{channel}_from": now - timedelta(days=9), f"planned_{channel}_until": now - timedelta(days=1)}
    assert f"planned_{channel}_until" in refused("submit", draft(**window), "drafter").problems


def test_submit_refuses_a_notice_that_ends_before_the_lead_inside_the_party():
    CatalogueEntryVersion.objects.update(internal_lead_days=7)
    item = draft(planned_public_until=timezone.now() + timedelta(days=2))
    assert "planned_public_until" in refused("submit", item, "drafter").problems


def test_item_whose_notice_has_ended_is_corrected_without_opening_it_again():
    now = timezone.now()
    item = approved(draft(planned_public_until=now + timedelta(days=2)))
    with time_machine.travel(now + timedelta(days=5), tick=False):
        item = approved(correction(item, body="<p>更正后的正文。</p>"))
        at = timezone.now()
        assert not item.releases.visible_to(PUBLIC, at).exists()
        shown = item.releases.visible_to(Reader(is_member=True), at).get()
        assert shown.revision.number == 2
        assert answer(item.releases.all(), PUBLIC, at)[0] == "gone"


def test_revision_digest_covers_what_was_submitted():
    revision = submitted(draft()).current_revision
    assert digest(snapshot(revision)) == revision.digest
    assert snapshot(revision)["fields"]["title"] == revision.title


@pytest.mark.parametrize(
    "change", [{"title": "另一题"}, {"body": "<p>另一文</p>"}, {"is_focus": True, "focus_reason": "因"}]
)
def test_digest_changes_with_any_reviewed_field(change):
    assert submitted(draft()).current_revision.digest != submitted(draft(**change)).current_revision.digest


def test_bureau_item_passes_office_and_leading_group():
    item = submitted(draft())
    assert open_step(item).unit.code == "LB"
    item = decided(item, "examiner")
    assert open_step(item).unit.code == "LX"
    item = decided(item, "leader")
    assert item.state == "in_review"
    item = decided(item, "member")
    assert item.state == "approved"


def test_branch_item_is_decided_by_its_secretary_and_nobody_else():
    item = submitted(branch_draft())
    for name in ("examiner", "leader", "deputy", "member", "superior", "supervisor", "sysadmin", "branch_drafter"):
        assert refused("decide", item, name, revision=1, outcome="approve", verdicts=YES).code == "not_allowed"
    assert refused(
        "record", item, "examiner", revision=1, outcome="approve", verdicts=OFFICE_YES, evidence=minutes()
    ).code
    assert decided(item, "secretary").state == "approved"


@pytest.mark.parametrize(("make", "superior"), [(draft, "SJ"), (branch_draft, "JW")])
def test_sensitive_item_also_needs_its_party_superior(make, superior):
    item = submitted(make(sensitive=True))
    assert item.current_revision.steps.last().unit.code == superior
    assert approved_after_submission(item).state == "approved"


def approved_after_submission(item):
    people = {
        "LB": ["examiner"],
        "LX": ["leader", "member"],
        "ZB01": ["secretary"],
        "SJ": ["superior"],
        "JW": ["deputy"],
    }
    while step := open_step(item):
        assert not item.releases.exists()
        for name in people[step.unit.code][: step.quorum]:
            item = decided(item, name)
    return item


def test_superiors_answer_is_entered_from_its_document():
    item = submitted(draft(sensitive=True))
    for name in ("examiner", "leader", "member"):
        item = decided(item, name)
    perform(
        "record",
        item=item,
        by=person("examiner"),
        expected_version=item.version,
        revision=1,
        outcome="approve",
        verdicts=YES,
        evidence=minutes(kind="document", number="市直工委〔2026〕8号", decided_by_name="上级党组织"),
    )
    assert item.releases.count() == 1
    assert Decision.objects.get(evidence="document").recorded_by == person("examiner")


def test_meeting_decision_counts_as_the_whole_step():
    item = decided(submitted(draft()), "examiner")
    item = perform(
        "record",
        item=item,
        by=person("examiner"),
        expected_version=item.version,
        revision=1,
        outcome="approve",
        verdicts=YES,
        evidence=minutes(),
    )
    assert item.state == "approved"


def test_author_never_decides_though_appointed():
    author = person("drafter")
    author.appointments.create(unit=unit("LB"), role="examiner", valid_from="2020-01-01")
    author.is_superuser = True
    author.save()
    item = submitted(draft())
    refusal = refused("decide", item, "drafter", revision=1, outcome="approve", verdicts=OFFICE_YES)
    assert "本稿" in str(refusal)
    assert refused("record", item, "drafter", revision=1, outcome="approve", verdicts=OFFICE_YES, evidence=minutes())


@pytest.mark.parametrize("column", ["decided_by", "recorded_by"])
def test_database_itself_refuses_a_decision_by_an_author(column):
    item = submitted(draft())
    step = open_step(item)
    values = {"decided_by": person("drafter"), "decided_by_name": "甲", "evidence": "portal"}
    if column == "recorded_by":
        values = {"recorded_by": person("drafter"), "decided_by_name": "会议", "evidence": "minutes"}
        values |= {"evidence_number": "1", "evidence_date": "2026-01-01"}
    with pytest.raises(IntegrityError, match="never decides"), transaction.atomic():
        Decision.objects.create(
            step=step, revision=step.revision, outcome="approve", decided_at=timezone.now(), **values
        )


def test_return_names_aspect_and_reason():
    item = submitted(draft())
    no_reason = {**OFFICE_YES, "necessity": (False, "")}
    refusal = refused("decide", item, "examiner", revision=1, outcome="return", verdicts=no_reason)
    assert "necessity" in refusal.problems
    item = decided(item, "examiner", "return", {**OFFICE_YES, "necessity": (False, "范围过宽")})
    assert item.state == "returned"
    assert set(item.current_revision.steps.values_list("state", flat=True)) == {"returned", "cancelled"}
    assert Notice.objects.filter(recipient=person("drafter"), verb="review.returned").exists()


def test_approval_needs_a_yes_on_every_aspect():
    refusal = refused(
        "decide",
        submitted(draft()),
        "examiner",
        revision=1,
        outcome="approve",
        verdicts={**OFFICE_YES, "secrecy": (False, "x")},
    )
    assert "outcome" in refusal.problems


def test_decision_on_an_older_revision_is_refused():
    item = submitted(draft())
    item = perform("recall", item=item, by=person("drafter"), expected_version=item.version)
    item = submitted(item)
    assert (
        refused("decide", item, "examiner", revision=1, outcome="approve", verdicts=OFFICE_YES).code == "newer_revision"
    )


def test_nobody_decides_twice_on_one_step():
    item = decided(decided(submitted(draft()), "examiner"), "leader")
    assert refused("decide", item, "leader", revision=1, outcome="approve", verdicts=YES).code == "not_allowed"


def test_reviewer_raises_an_item_to_the_superior():
    item = submitted(draft())
    perform("raise", item=item, by=person("examiner"), expected_version=item.version, revision=1, reason="事关全局")
    assert list(ReviewStep.objects.values_list("unit__code", flat=True).order_by("order")) == ["LB", "LX", "SJ"]


@pytest.mark.parametrize("taken_back", ["recall", "return"])
def test_what_a_reviewer_raised_stays_raised_when_it_is_submitted_again(taken_back):
    item = submitted(draft())
    item = perform(
        "raise", item=item, by=person("examiner"), expected_version=item.version, revision=1, reason="涉及群众切身利益"
    )
    if taken_back == "recall":
        item = perform("recall", item=item, by=person("drafter"), expected_version=item.version)
    else:
        item = decided(item, "examiner", "return", {**OFFICE_YES, "necessity": (False, "范围不当")})
    fields = {"sensitive": False}
    item = perform("save", item=item, by=person("drafter"), expected_version=item.version, fields=fields)
    assert [step.unit.code for step in submitted(item).current_revision.steps.all()] == ["LB", "LX", "SJ"]


def test_drafter_may_take_the_own_mark_of_sensitivity_back():
    item = submitted(draft(sensitive=True))
    item = perform("recall", item=item, by=person("drafter"), expected_version=item.version)
    fields = {"sensitive": False}
    item = perform("save", item=item, by=person("drafter"), expected_version=item.version, fields=fields)
    assert [step.unit.code for step in submitted(item).current_revision.steps.all()] == ["LB", "LX"]


def test_submission_carries_the_version_of_the_entry_in_force_that_day():
    item = draft()
    old = item.entry_version
    forms = list(old.forms.all())
    old.pk, old.number, old.valid_from, old.sensitive = None, 2, timezone.localdate(), True
    old.save(force_insert=True)
    old.forms.set(forms)
    revision = submitted(item).current_revision
    assert (revision.entry_version.number, revision.sensitive) == (2, True)


@pytest.mark.parametrize("field", ["number", "decided_by_name"])
@pytest.mark.parametrize("blank", ["\u200b", "\u202e ", " \u2060\ufeff"])
def test_evidence_of_invisible_signs_is_no_evidence(field, blank):
    item = submitted(draft())
    refusal = refused(
        "record",
        item,
        "examiner",
        revision=1,
        outcome="approve",
        verdicts=OFFICE_YES,
        evidence=minutes(**{field: blank}),
    )
    assert field in refusal.problems


def test_reasons_of_invisible_signs_are_no_reasons():
    item = submitted(draft())
    verdicts = {**OFFICE_YES, "accuracy": (False, "\u200b")}
    refusal = refused("decide", item, "examiner", revision=1, outcome="return", verdicts=verdicts)
    assert "accuracy" in refusal.problems
    assert refused("raise", item, "examiner", revision=1, reason="\u200b").code == "reason"


def test_approval_opens_party_first_and_then_the_public():
    now = timezone.now()
    later = now + timedelta(days=2)
    release = released(draft(planned_public_from=later))
    assert release.internal_from >= now
    assert release.public_from == later


def test_internal_lead_of_the_entry_delays_the_public():
    entry(PLAN_ENTRY).versions.update(internal_lead_days=3)
    release = released(draft(entry=entry(PLAN_ENTRY)))
    assert release.public_from == release.internal_from + timedelta(days=3)


def test_plan_in_the_past_opens_now_and_never_earlier():
    now = timezone.now()
    release = released(
        draft(planned_internal_from=now - timedelta(days=9), planned_public_from=now - timedelta(days=8))
    )
    assert release.internal_from >= now
    assert release.public_from >= release.internal_from


def test_internal_item_never_opens_to_the_public():
    assert released(draft(audience="internal")).public_from is None


def test_correction_takes_over_the_openings_and_closes_the_old_text():
    first = released(draft())
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        second = released(correction(first.item, body="<p>更正后。</p>"))
    first.refresh_from_db()
    assert first.internal_until == second.internal_from
    assert first.public_until == second.public_from
    assert (second.internal_since, second.public_since) == (first.internal_since, first.public_since)


@pytest.mark.parametrize(
    "plan", [{"planned_public_from": 50}, {"planned_internal_from": 40, "planned_public_from": 50}]
)
def test_text_corrected_before_its_opening_never_opens(plan):
    begin = timezone.now()
    later = lambda hours: {name: begin + timedelta(hours=n + hours) for name, n in plan.items()}  # noqa: E731
    item = released(draft(**later(0))).item
    approved(correction(item, **later(60)))
    member = Reader(is_member=True, reads_every_internal=True)
    for hours in range(0, 200, 5):
        at = begin + timedelta(hours=hours, minutes=1)
        for reader in (PUBLIC, member):
            shown = item.releases.visible_to(reader, at).values_list("revision__number", flat=True)
            assert len(shown) < 2, (hours, reader)
            assert 1 not in shown, (hours, reader)


def test_correction_without_a_public_note_is_refused():
    item = correction(released(draft()).item, change_note="")
    assert "change_note" in refused("submit", item, "drafter").problems


def test_discarded_correction_restores_the_approved_text():
    item = correction(released(draft()).item, title="错题")
    item = perform("discard", item=item, by=person("drafter"), expected_version=item.version)
    assert (item.state, item.title) == ("approved", draft().title)


def test_withdrawal_closes_every_window_at_once_and_needs_a_reason():
    item = released(draft()).item
    assert refused("withdraw", item, "examiner", reason=" ").code == "reason"
    perform("withdraw", item=item, by=person("examiner"), expected_version=item.version, reason="内容有误")
    release = item.releases.get()
    assert release.internal_until == release.public_until == release.withdrawn_at


def test_withdrawal_before_the_opening_leaves_nothing_open_ever():
    later = timezone.now() + timedelta(days=5)
    item = released(draft(planned_internal_from=later)).item
    perform("withdraw", item=item, by=person("examiner"), expected_version=item.version, reason="暂缓")
    release = item.releases.get()
    assert release.internal_until == release.internal_from
    assert release.public_until == release.public_from


@pytest.mark.parametrize("name", ["drafter", "leader", "secretary", "party_member", "sysadmin"])
def test_withdrawal_is_for_the_office_or_the_units_reviewer(name):
    assert refused("withdraw", released(draft()).item, name, reason="试").code == "not_allowed"


def test_secretary_withdraws_an_item_of_the_own_branch():
    item = released(branch_draft()).item
    perform("withdraw", item=item, by=person("secretary"), expected_version=item.version, reason="有误")
    assert item.releases.get().withdrawn_by == person("secretary")


def test_every_step_of_the_way_is_in_the_trail():
    item = approved(draft())
    verbs = list(Event.objects.filter(subject_ref=str(item.uid)).order_by("id").values_list("verb", flat=True))
    assert verbs == ["item.created", "item.submitted", *["review.approved"] * 3, "release.opened"]


def test_a_fault_in_the_trail_leaves_the_item_as_it_was(monkeypatch):
    item = draft()
    monkeypatch.setattr(Event, "computed_hash", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        perform("save", item=item, by=person("drafter"), expected_version=1, fields={"title": "新题"})
    assert Item.objects.get(pk=item.pk).title != "新题"


def test_withdrawal_sends_a_correction_under_review_back_to_its_drafter():
    item = submitted(correction(released(draft()).item))
    item = perform("withdraw", item=item, by=person("examiner"), expected_version=item.version, reason="有误")
    item.refresh_from_db()
    assert item.state == "draft"
    assert open_step(item) is None
    assert set(item.current_revision.steps.values_list("state", flat=True)) == {"cancelled"}


def test_one_person_with_two_offices_decides_one_step_only():
    person("secretary").appointments.create(unit=unit("JW"), role="superior_reviewer", valid_from="2020-01-01")
    item = decided(submitted(branch_draft(sensitive=True)), "secretary")
    refusal = refused("decide", item, "secretary", revision=1, outcome="approve", verdicts=YES)
    assert refusal.code == "not_allowed"
    assert decided(item, "deputy").state == "approved"
