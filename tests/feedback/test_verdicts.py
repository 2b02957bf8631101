"""What the sender says of an answer: once, in one click; “not solved” with a why opens the case again."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from disclosures.refusal import Refused
from feedback import reports, satisfaction, tokens
from feedback.models import Case, Reopening, Satisfaction
from feedback.services import say
from feedback.tokens import Purpose
from notifications.models import Notice
from tests.feedback.cases import NOT_PUBLISHED, carried, did
from tests.feedback.test_pages import TRACK, body

pytestmark = pytest.mark.usefixtures("house")
VERDICT = reverse("feedback:verdict")
WHY = "附件仍然打不开"


def judge(client, case, verdict, text=""):
    token = tokens.issue(Purpose.FOLLOW, str(case.uid), None)
    return client.post(VERDICT, {"token": token, "verdict": verdict, "text": text})


def again(case):
    case.refresh_from_db()
    return case


@pytest.mark.parametrize("verdict", ["solved", "partly"])
def test_one_click_says_it_and_the_case_stays_as_it_is(client, verdict):
    case = carried("closed")
    page = judge(client, case, verdict)
    assert page.status_code == 200
    assert f'action="{VERDICT}"' not in body(page)
    assert Satisfaction.objects.get().verdict == verdict
    assert again(case).state == "closed"
    assert Event.objects.get(verb="case.judged").after["verdict"] == verdict


@pytest.mark.parametrize("state", ["answered", "verified", "closed"])
def test_not_solved_with_a_why_opens_the_case_again(client, state):
    case = carried(state)
    version = case.version
    page = judge(client, case, "not_solved", WHY)
    case = again(case)
    assert page.status_code == 200
    assert WHY in body(page)
    assert (case.state, case.closed_at, case.closed_by) == ("accepted", None, None)
    assert case.version == version + 1
    reopening = Reopening.objects.get()
    assert (reopening.reason, bool(reopening.was_closed_at)) == (WHY, state == "closed")
    told = Notice.objects.filter(verb="case.reopened").values_list("recipient__username", flat=True)
    assert set(told) == {"drafter"}
    assert WHY not in str([event.payload() for event in Event.objects.all()])


def test_not_solved_without_a_why_is_asked_for_it(client):
    case = carried("closed")
    page = judge(client, case, "not_solved", " ")
    assert page.status_code == 400
    assert 'href="#id_verdict_text"' in body(page)
    assert not Satisfaction.objects.exists()
    assert again(case).state == "closed"


def test_the_same_said_twice_changes_nothing_and_something_else_is_refused(client):
    case = carried("closed")
    judge(client, case, "not_solved", WHY)
    assert judge(client, case, "not_solved", WHY).status_code == 200
    assert judge(client, case, "solved").status_code == 400
    assert Reopening.objects.count() == Satisfaction.objects.count() == 1


def test_a_new_answer_is_asked_about_again_and_the_last_word_counts(client):
    case = carried("answered")
    judge(client, case, "not_solved", WHY)
    did(case, "reply", "drafter", text="已重新上传。")
    assert judge(client, case, "solved").status_code == 200
    assert [row.verdict for row in again(case).satisfactions.all()] == ["not_solved", "solved"]
    row = satisfaction.by_unit(Case.objects.all())[0]
    assert (row.unit, row.solved, row.not_solved, row.total) == (case.unit.label, 1, 0, 1)


def test_thirty_days_after_closing_nothing_is_asked_any_more(client, settings):
    case = carried("closed")
    for days, status in ((settings.PORTAL_REOPEN_DAYS + 1, 400), (settings.PORTAL_REOPEN_DAYS - 1, 200)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert judge(client, case, "not_solved", WHY).status_code == status


@pytest.mark.parametrize("state", ["received", "investigating", "rectifying", "declined"])
def test_nothing_is_asked_where_no_answer_stands(client, state):
    case = carried(state)
    assert judge(client, case, "solved").status_code == 400
    assert not Satisfaction.objects.exists()


@pytest.mark.parametrize("verdict", ["", "great", "\x00", "solved' --"])
def test_other_words_are_no_verdict(client, verdict):
    assert judge(client, carried("answered"), verdict).status_code == 400
    assert not Satisfaction.objects.exists()


def test_a_token_of_another_purpose_says_nothing(client):
    case = carried("answered")
    for purpose in (Purpose.MESSAGE, Purpose.SEND):
        token = tokens.issue(purpose, str(case.uid), None)
        assert client.post(VERDICT, {"token": token, "verdict": "solved"}).status_code == 400
    with time_machine.travel(timezone.now() - timedelta(hours=13)):
        old = tokens.issue(Purpose.FOLLOW, str(case.uid), None)
    page = client.post(VERDICT, {"token": old, "verdict": "not_solved", "text": WHY})
    assert page.status_code == 400
    assert WHY in body(page)
    assert TRACK in body(page)
    assert not Satisfaction.objects.exists()


def test_the_path_tells_of_the_closing_and_of_the_reopening():
    case = carried("closed")
    say(case.uid, verdict="not_solved", why=WHY)
    steps = reports.path_of(again(case))
    assert [step.state for step in steps][-2:] == ["current", "waiting"]
    assert len(steps[-2].entries) == 2


def test_once_answered_again_the_answer_is_the_current_step():
    case = carried("verified")
    say(case.uid, verdict="not_solved", why=WHY)
    assert str(reports.path_of(again(case))[-2].label) == "未解决"
    did(case, "reply", "drafter", text="已重新上传。")
    steps = reports.path_of(again(case))
    assert [step.state for step in steps if step.state != "done"] == ["current", "waiting"]
    assert str(steps[2].label) == "未解决"


def test_the_database_keeps_one_verdict_and_reopening_for_an_answer():
    case = carried("closed")
    say(case.uid, verdict="not_solved", why=WHY)
    row = Reopening.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reopening.objects.create(case=case, reply=row.reply, reason="x", at=row.at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Satisfaction.objects.update(verdict="solved")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reopening.objects.create(case=case, reply=carried("answered").replies.get(), reason="", at=row.at)


def test_a_reopened_case_can_be_answered_and_closed_again():
    case = carried("closed")
    say(case.uid, verdict="not_solved", why=WHY)
    did(case, "reply", "drafter", text="已重新上传。")
    did(case, "close", "examiner", unpublished_because=NOT_PUBLISHED)
    assert again(case).state == "closed"
    with pytest.raises(Refused):
        did(case, "close", "examiner", unpublished_because=NOT_PUBLISHED)


def test_shares_are_told_from_five_cases_on():
    cases = [carried("answered") for _number in range(5)]
    for case in cases[:4]:
        say(case.uid, verdict="solved")
    assert satisfaction.by_unit(Case.objects.all())[0].share is None
    say(cases[4].uid, verdict="partly")
    assert satisfaction.by_unit(Case.objects.all())[0].share == 80


def test_the_list_of_cases_shows_what_senders_say(logged_in):
    say(carried("answered").uid, verdict="solved")
    address = reverse("admin:feedback_case_changelist")
    assert 'class="numbers"' in body(logged_in("drafter").get(address))
    assert 'class="numbers"' not in body(logged_in("branch_drafter").get(address))
