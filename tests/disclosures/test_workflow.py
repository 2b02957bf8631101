"""The workflow table: printed truly, complete, and no path around it (a stateful property test)."""

from datetime import timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
import time_machine
from django.db import transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from disclosures.models import Decision, Item, Release, ReviewStep
from disclosures.models.items import ItemState
from disclosures.services import Refused, perform, why_not
from disclosures.services.engine import HANDLERS
from disclosures.services.freezing import digest, snapshot
from disclosures.visibility import PUBLIC, Reader, is_visible
from disclosures.workflow import TRANSITIONS
from organizations.cast import CAST
from scripts.tables import workflow_table
from tests.people import complete_fields, draft, forms, minutes, person, unit, verdicts_on

NAMES = [player.username for player in CAST]
VERBS = sorted(TRANSITIONS)


def test_every_verb_has_a_handler_and_every_handler_a_row():
    assert set(HANDLERS) == set(TRANSITIONS)


def test_document_prints_the_table():
    with translation.override("en"):
        assert workflow_table() in Path("docs/workflow.md").read_text(encoding="utf-8")


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("verb", VERBS)
def test_why_not_speaks_for_every_member_of_the_cast(verb):
    item = draft()
    for name in NAMES:
        reason = why_not(verb, item=item, by=person(name))
        assert reason is None or str(reason)


def payload(verb: str, item: Item, outcome: str) -> dict:
    number = item.current_revision.number if item.current_revision else 1
    verdicts = verdicts_on(item, outcome)
    choice = {"revision": number, "outcome": outcome, "verdicts": verdicts}
    return {
        "save": {"fields": complete_fields(change_note="更正", title=f"第{item.version}稿"), "forms": forms()},
        "decide": choice,
        "record": {**choice, "evidence": minutes()},
        "raise": {"revision": number, "reason": "事关全局"},
        "remark": {"text": "请核对数字。"},
        "resolve": {"remark": item.uid},
        "withdraw": {"reason": "内容有误"},
        "urge": {"reason": "防汛需要"},
    }.get(verb, {})


class Life(RuleBasedStateMachine):
    """Anyone tries anything at any time on one item; what must hold, holds."""

    @initialize(code=st.sampled_from(["JG", "ZB01"]), sensitive=st.booleans())
    def begin(self, code, sensitive):
        self.now = timezone.now()
        self.frozen: dict[int, str] = {}
        author = "drafter" if code == "JG" else "branch_drafter"
        self.item = draft(author, code, sensitive=sensitive)

    @rule(
        verb=st.sampled_from(VERBS),
        name=st.sampled_from(NAMES),
        outcome=st.sampled_from(["approve", "approve", "return"]),
    )
    def anyone_tries(self, verb, name, outcome):
        self.attempt(verb, person(name), outcome)

    @precondition(lambda self: self.item.state == ItemState.IN_REVIEW)
    @rule(outcome=st.sampled_from(["approve", "approve", "approve", "return"]))
    def those_who_may_decide_do(self, outcome):
        for name in NAMES:
            if why_not("decide", item=self.item, by=person(name)) is None:
                self.attempt("decide", person(name), outcome)
                return

    @precondition(lambda self: self.item.state in (ItemState.DRAFT, ItemState.RETURNED))
    @rule()
    def author_saves_and_submits(self):
        author = self.item.created_by
        self.attempt("save", author, "approve")
        self.attempt("submit", author, "approve")

    def attempt(self, verb, by, outcome):
        self.now += timedelta(minutes=7)
        stood_in = self.item.state
        with time_machine.travel(self.now, tick=False):
            allowed = why_not(verb, item=self.item, by=by) is None
            try:
                with transaction.atomic():
                    perform(
                        verb,
                        item=self.item,
                        by=by,
                        expected_version=self.item.version,
                        **payload(verb, self.item, outcome),
                    )
            except Refused as refusal:
                assert not allowed or refusal.code != "not_allowed"
            else:
                assert allowed
                assert stood_in in TRANSITIONS[verb].starts_from
        self.item = Item.objects.select_related("unit", "current_revision", "created_by").get(pk=self.item.pk)

    @invariant()
    def nobody_decides_on_their_own_words(self):
        for decision in Decision.objects.all():
            authors = set(decision.revision.contributors.values_list("user_id", flat=True))
            assert not authors & {decision.decided_by_id, decision.recorded_by_id}

    @invariant()
    def every_release_has_every_approval(self):
        for release in Release.objects.all():
            steps = release.revision.steps.all()
            through = all(step.state == ReviewStep.State.APPROVED for step in steps)
            assert steps and (through or (release.urgent_by and not release.urgent_confirmed_at))

    @invariant()
    def what_was_opened_urgently_stays_flagged_until_others_answered(self):
        for release in Release.objects.filter(urgent_by__isnull=False):
            revision = release.revision
            assert not revision.sensitive
            assert not revision.contributors.filter(user=release.urgent_by_id).exists()
            under_review = revision.pk == self.item.current_revision_id and self.item.state == ItemState.IN_REVIEW
            assert release.is_urgent == under_review or (release.withdrawn_at and not release.is_urgent)
            if release.urgent_confirmed_at:
                others = revision.decisions.filter(outcome="approve").exclude(decided_by=release.urgent_by_id)
                assert others.exists()

    @precondition(lambda self: self.item.state == ItemState.IN_REVIEW)
    @rule()
    def the_leader_opens_it_urgently(self):
        self.attempt("urge", person("leader"), "approve")

    @invariant()
    def frozen_texts_never_change(self):
        for revision in self.item.revisions.all():
            assert digest(snapshot(revision)) == revision.digest
            assert self.frozen.setdefault(revision.number, revision.digest) == revision.digest

    @invariant()
    def party_first_and_one_text_at_a_time(self):
        insider = Reader(reads_every_internal=True)
        rows = list(self.item.releases.all())
        assert sum(is_visible(row, PUBLIC, self.now) for row in rows) <= 1
        assert sum(is_visible(row, insider, self.now) for row in rows) <= 1
        assert all(row.public_from is None or row.internal_from <= row.public_from for row in rows)

    @invariant()
    def at_most_one_step_is_open_and_only_in_review(self):
        open_steps = ReviewStep.objects.filter(state=ReviewStep.State.OPEN).count()
        assert open_steps == (1 if self.item.state == ItemState.IN_REVIEW else 0)


@pytest.mark.usefixtures("house")
def test_no_path_around_the_workflow():
    class Fresh(Life):
        def __init__(self):
            super().__init__()
            self.point = transaction.savepoint()

        def teardown(self):
            transaction.savepoint_rollback(self.point)

    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=25,
            stateful_step_count=18,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert unit("JG")
