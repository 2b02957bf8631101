"""Sixteen people decide, edit, recuse, raise and withdraw at once: the route's rule exactly, no double, no error."""

import os
from collections import Counter

import pytest

from disclosures.models import Decision, Release
from disclosures.services import perform
from disclosures.services.reviewing import open_step
from organizations.models import User
from tests.disclosures.test_concurrency import CROWD, at_once, crowd_of_members
from tests.people import YES, decided, draft, person, submitted

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("open_house")]
ROUNDS = int(os.environ.get("PORTAL_RACE_ROUNDS", "40"))
RETURNED = {**YES, "form": (False, "形式不妥")}


def acting(verb, item, by, **payload):
    return lambda: perform(verb, item=item, by=User.objects.get(pk=by), expected_version=item.version, **payload)


def actions(item, crowd, number):
    """One action a person; which ones changes with the round."""
    keys = [user.pk for user in crowd]
    outcomes = [("approve", YES)] * 9 if number % 3 else [("approve", YES)] * 6 + [("return", RETURNED)] * 3
    made = [
        acting("decide", item, by, revision=1, outcome=outcome, verdicts=verdicts)
        for by, (outcome, verdicts) in zip(keys, outcomes, strict=False)
    ]
    made += [acting("recuse", item, by, revision=1, reason="亲属涉及") for by in keys[9:12]]
    made += [acting("raise", item, by, revision=1, reason="重大") for by in keys[12:13]]
    drafter, office = person("drafter").pk, person("examiner").pk
    made.append(acting("save", item, drafter, fields={"title": "又改了一次"}))
    made.append(acting("recall", item, drafter) if number % 2 else acting("save", item, drafter, fields={}))
    made.append(acting("withdraw", item, office, reason="撤下") if number % 4 == 0 else acting("recall", item, drafter))
    return made


def judge(item, step):
    """The route's rule held exactly: two agreements, or one return, and nobody twice."""
    step.refresh_from_db()
    item.refresh_from_db()
    taken = list(Decision.objects.filter(step=step).values_list("outcome", "decided_by_id"))
    assert max(Counter(by for _outcome, by in taken).values(), default=0) <= 1
    agreed = sum(outcome == "approve" for outcome, _by in taken)
    assert agreed == step.quorum if step.state == "approved" else agreed < step.quorum
    assert sum(outcome == "return" for outcome, _by in taken) == (step.state == "returned")
    assert not set(item.recusals.values_list("user_id", flat=True)) & {by for _outcome, by in taken}
    assert Release.objects.filter(item=item).count() <= 1
    if Release.objects.filter(item=item).exists():
        assert step.state == "approved"
    assert item.current_revision.steps.filter(state="open").count() == (item.state == "in_review")


def test_sixteen_people_at_once_keep_the_rule_of_the_route():
    crowd = crowd_of_members()
    seen = Counter()
    for number in range(ROUNDS):
        item = decided(submitted(draft()), "examiner")
        step = open_step(item)
        made = actions(item, crowd, number)
        assert len(made) == CROWD
        at_once(made)  # anything but a refusal comes out here
        judge(item, step)
        seen[step.state] += 1
    assert len(seen) > 1, seen
