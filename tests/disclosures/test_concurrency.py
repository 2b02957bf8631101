"""Two, or sixteen, people at once: exactly the step's one outcome, and everyone else is told in a sentence."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from disclosures.models import Decision, Release
from disclosures.services import Refused, perform
from disclosures.services.reviewing import open_step
from organizations.models import Appointment, User
from tests.people import YES, decided, draft, person, submitted, unit

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("open_house")]
CROWD = 16


def at_once(actions):
    """Run the actions at the same moment in threads of their own; return what each gave or raised."""
    barrier = Barrier(len(actions))

    def run(action):
        barrier.wait()
        try:
            return action()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def crowd_of_members() -> list[User]:
    """Sixteen members of the leading group."""
    people = [User.objects.create(username=f"member{n}", display_name=f"成员{n}") for n in range(CROWD)]
    for user in people:
        Appointment.objects.create(user=user, unit=unit("LX"), role="group_member", valid_from="2020-01-01")
    return people


def decide(item, by, outcome="approve"):
    verdicts = YES if outcome == "approve" else {**YES, "form": (False, "形式不妥")}
    return lambda: perform(
        "decide",
        item=item,
        by=User.objects.get(pk=by.pk),
        expected_version=item.version,
        revision=1,
        outcome=outcome,
        verdicts=verdicts,
    )


@pytest.mark.parametrize("attempt", range(4))
def test_sixteen_decisions_at_once_give_exactly_one_outcome(attempt):
    item = decided(submitted(draft()), "examiner")
    step = open_step(item)
    outcomes = ["approve"] * CROWD if attempt % 2 else ["approve", "return"] * (CROWD // 2)
    results = at_once([decide(item, by, o) for by, o in zip(crowd_of_members(), outcomes, strict=True)])
    step.refresh_from_db()
    item.refresh_from_db()
    taken = list(step.decisions.values_list("outcome", flat=True))
    assert len(taken) == sum(not isinstance(result, Refused) for result in results)
    if step.state == "approved":
        assert taken == ["approve"] * step.quorum
        assert Release.objects.filter(item=item).count() == 1
    else:
        assert (step.state, item.state, taken[-1]) == ("returned", "returned", "return")
        assert taken.count("approve") < step.quorum
        assert not Release.objects.filter(item=item).exists()


def test_one_person_sixteen_times_decides_once():
    item = decided(submitted(draft()), "examiner")
    at_once([decide(item, person("leader"))] * CROWD)
    assert Decision.objects.filter(decided_by=person("leader")).count() == 1


def test_sixteen_saves_of_one_version_keep_exactly_one():
    item = draft()
    results = at_once(
        [
            lambda n=n: perform(
                "save", item=item, by=person("drafter"), expected_version=1, fields={"title": f"第{n}个题目"}
            )
            for n in range(CROWD)
        ]
    )
    assert sum(not isinstance(result, Refused) for result in results) == 1
    item.refresh_from_db()
    assert item.version == 2


def test_submissions_at_once_make_one_revision():
    item = draft()
    at_once([lambda: perform("submit", item=item, by=person("drafter"), expected_version=1)] * CROWD)
    assert item.revisions.count() == 1


def test_recall_and_decision_at_once_never_both_win():
    item = submitted(draft())
    results = at_once(
        [
            decide(item, person("examiner")),
            lambda: perform("recall", item=item, by=person("drafter"), expected_version=item.version),
        ]
    )
    item.refresh_from_db()
    states = set(item.current_revision.steps.values_list("state", flat=True))
    assert item.state == "draft"
    assert "open" not in states
    assert not isinstance(results[1], Refused)
