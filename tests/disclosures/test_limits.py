"""Limits of review: copied at submission, due at the end of a working day, overdue by the clock alone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from disclosures import access, limits
from disclosures.admin.waiting import queue_rows
from disclosures.models import Stage, StepReminder
from disclosures.services.reviewing import open_step
from notifications.models import Notice
from organizations.calendar import working_days
from organizations.models import Appointment
from tests.people import branch_draft, decided, draft, person, submitted, unit

pytestmark = pytest.mark.usefixtures("house")
SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 3, 6, 10, 0, tzinfo=SHANGHAI)
END_OF_TUESDAY = datetime(2026, 3, 11, 0, 0, tzinfo=SHANGHAI)


def on(instant):
    return time_machine.travel(instant, tick=False)


def words(step, at):
    return limits.standing(step, at, working_days(timezone.localdate(at)))


def test_shipped_limits():
    shipped = dict(Stage.objects.values_list("name", "limit_working_days"))
    assert list(shipped.values()) == [2, 3, 2, 5]


def test_step_is_due_at_the_end_of_its_last_working_day():
    with on(FRIDAY):
        step = open_step(submitted(draft()))
    assert (step.limit_working_days, step.due_at) == (2, END_OF_TUESDAY)


def test_next_step_counts_from_its_own_opening():
    with on(FRIDAY):
        item = submitted(draft())
        waiting = item.current_revision.steps.get(order=2)
        assert (waiting.limit_working_days, waiting.due_at) == (3, None)
    with on(FRIDAY + timedelta(days=3)):
        decided(item, "examiner")
    assert open_step(item).due_at == datetime(2026, 3, 13, 0, 0, tzinfo=SHANGHAI)


def test_change_of_the_limit_never_touches_a_review_under_way():
    with on(FRIDAY):
        item = submitted(draft())
        Stage.objects.update(limit_working_days=1)
        decided(item, "examiner")
    assert open_step(item).limit_working_days == 3


def test_stage_without_a_limit_is_never_due():
    Stage.objects.update(limit_working_days=None)
    step = open_step(submitted(draft()))
    assert step.due_at is None
    assert words(step, timezone.now() + timedelta(days=400)) is None


def test_overdue_is_a_matter_of_the_instant_alone():
    with on(FRIDAY):
        step = open_step(submitted(draft()))
    assert not words(step, END_OF_TUESDAY - timedelta(seconds=1)).is_overdue
    assert words(step, END_OF_TUESDAY).is_overdue
    assert list(limits.overdue_steps(END_OF_TUESDAY)) == [step]
    assert not limits.overdue_steps(END_OF_TUESDAY - timedelta(seconds=1)).exists()


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (FRIDAY, "限3月10日前办结"),
        (datetime(2026, 3, 10, 9, 0, tzinfo=SHANGHAI), "今日到期"),
        (datetime(2026, 3, 12, 9, 0, tzinfo=SHANGHAI), "已超期 2 个工作日"),
        (datetime(2026, 3, 15, 9, 0, tzinfo=SHANGHAI), "已超期 3 个工作日"),  # Sunday
    ],
)
def test_words_count_working_days(at, said):
    with on(FRIDAY):
        step = open_step(submitted(draft()))
    assert words(step, at).words == said


def test_overdue_rises_to_the_top_of_the_queue():
    Stage.objects.update(limit_working_days=20)
    with on(FRIDAY):
        patient = submitted(draft())
    Stage.objects.update(limit_working_days=1)
    with on(FRIDAY + timedelta(hours=1)):
        pressing = submitted(draft())
    rows = queue_rows(access.review_steps_for(person("examiner")), FRIDAY + timedelta(days=5))
    assert [row.step.revision.item for row in rows] == [pressing, patient]
    assert [row.standing.is_overdue for row in rows] == [True, False]


def test_group_leader_answers_for_the_bureau_and_what_is_below_it():
    with on(FRIDAY):
        bureau, branch = open_step(submitted(draft())), open_step(submitted(branch_draft()))
    assert set(limits.overdue_under(person("leader"), END_OF_TUESDAY)) == {bureau, branch}
    for name in ("deputy", "examiner", "secretary", "drafter"):
        assert not limits.overdue_under(person(name), END_OF_TUESDAY).exists()


def test_first_responsible_person_of_a_branch_answers_for_it_alone():
    Appointment.objects.filter(user=person("secretary")).update(is_first_responsible=True)
    with on(FRIDAY):
        submitted(draft())
        branch = open_step(submitted(branch_draft()))
    assert list(limits.overdue_under(person("secretary"), END_OF_TUESDAY)) == [branch]
    told = limits.first_responsible_for(unit("ZB01"), END_OF_TUESDAY)
    assert {user.username for user in told} == {"secretary", "leader"}
    assert [user.username for user in limits.first_responsible_for(unit("JG"), END_OF_TUESDAY)] == ["leader"]


def told(verb):
    return sorted(Notice.objects.filter(verb=verb).values_list("recipient__username", flat=True))


def test_tick_reminds_each_person_once_when_due_and_once_when_overdue():
    with on(FRIDAY):
        submitted(branch_draft())
        call_command("tick")
    assert told("review.due_soon") == []
    for _time in range(2):
        with on(datetime(2026, 3, 9, 9, 0, tzinfo=SHANGHAI)):
            call_command("tick")
    assert told("review.due_soon") == ["secretary"]
    for _time in range(3):
        with on(END_OF_TUESDAY + timedelta(hours=9)):
            call_command("tick")
    assert told("review.overdue") == ["examiner", "leader", "secretary"]
    assert StepReminder.objects.count() == 4


def test_tick_is_silent_about_what_was_decided():
    with on(FRIDAY):
        item = submitted(branch_draft())
        decided(item, "secretary")
    with on(END_OF_TUESDAY):
        call_command("tick")
    assert told("review.overdue") == []
