"""The work list: what is due stands first, with a sign and a word; the office sees everything that waits and why."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback.models import Case
from tests.feedback.cases import SECRET_NAME, carried, did, sent

pytestmark = pytest.mark.usefixtures("house")
LIST = reverse("admin:feedback_case_changelist")
WAITING = reverse("admin:feedback_case_waiting")
LIST_QUERIES = 10
WAITING_QUERIES = 9


def days_ago(count):
    return time_machine.travel(timezone.now() - timedelta(days=count), tick=False)


def page(client, address=LIST):
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


def order_of(text, *cases):
    return sorted(cases, key=lambda case: text.index(case.number))


def test_overdue_stands_first_and_what_has_ended_last(logged_in):
    ended = carried("declined")
    calm = carried("accepted")
    new = sent()
    with days_ago(60):
        late = carried("accepted")
    shown = page(logged_in("drafter"))
    assert order_of(shown, ended, calm, new, late) == [late, new, calm, ended]


def test_due_is_a_sign_and_a_word(logged_in):
    with days_ago(60):
        carried("accepted")
    shown = page(logged_in("drafter"))
    assert "badge--stop" in shown
    assert "已超期" in shown


@pytest.mark.parametrize(("chosen", "seen"), [("overdue", "late"), ("soon", "new"), (None, "late new calm answered")])
def test_filter_by_limit(logged_in, chosen, seen):
    cases = {"calm": carried("accepted"), "new": sent(), "answered": carried("answered")}
    with days_ago(60):
        cases["late"] = carried("accepted")
    shown = page(logged_in("drafter"), f"{LIST}?due={chosen}" if chosen else LIST)
    assert {name for name, case in cases.items() if case.number in shown} == set(seen.split())


def test_filter_mine_shows_what_one_accepted_or_investigates(logged_in):
    accepted, looked_into = carried("accepted"), carried("accepted", by="examiner")
    did(looked_into, "investigate", "drafter")
    others = carried("accepted", by="examiner")
    shown = page(logged_in("drafter"), f"{LIST}?hand=mine")
    assert accepted.number in shown
    assert looked_into.number in shown
    assert others.number not in shown


@pytest.mark.parametrize("query", ["due=x", "due=%00", "hand=others"])
def test_filter_never_offered_is_a_bad_request(logged_in, query):
    assert logged_in("drafter").get(f"{LIST}?{query}").status_code == 400


@pytest.mark.parametrize(("address", "queries"), [(LIST, LIST_QUERIES), (WAITING, WAITING_QUERIES)])
def test_queries_do_not_grow_with_the_cases(logged_in, address, queries):
    client = logged_in("examiner")
    with days_ago(60):
        carried("accepted")
    page(client, address)
    for count in (1, 5):
        for _case in range(count):
            with days_ago(60):
                carried("investigating")
        with CaptureQueriesContext(connection) as asked:
            page(client, address)
        assert len(asked) == queries


def test_everything_that_waits_says_why_and_counts_by_unit(logged_in):
    made = {
        "待受理": sent(),
        "待调查答复": carried("accepted"),
        "正在调查": carried("investigating"),
        "已答复，待办结": carried("answered"),
        "整改中": carried("rectifying"),
        "待他人核实": carried("rectified"),
        "已核实，待办结": carried("verified"),
        "待对申请作出决定": did(sent(kind="disclosure_request"), "accept", "drafter"),
    }
    carried("closed")
    at_branch = sent("ZB01")
    shown = page(logged_in("examiner"), WAITING)
    for why, case in made.items():
        assert why in shown
        assert case.number in shown
    assert "8 件待办" in shown
    assert "1 件待办" in shown
    assert at_branch.number in shown


def test_request_to_be_completed_waits_for_the_sender(logged_in):
    case = did(sent(kind="disclosure_request"), "accept", "drafter")
    did(case, "decide_request", "drafter", outcome="unclear", reason="请补充")
    assert "等待来信人补正申请" in page(logged_in("examiner"), WAITING)


def test_extended_is_said(logged_in):
    did(carried("accepted"), "extend", "drafter", working_days=3, reason="需核实")
    assert "已延期" in page(logged_in("examiner"), WAITING)


def test_units_see_their_own_alone(logged_in):
    own, others = sent("JG", named=True), sent("ZB01")
    shown = page(logged_in("drafter"), WAITING)
    assert own.number in shown
    assert others.number not in shown
    assert SECRET_NAME not in shown


def test_nothing_waits(logged_in):
    assert not Case.objects.exists()
    assert "没有待办事项" in page(logged_in("examiner"), WAITING)


def test_case_without_a_limit_sorts_after_those_with_one(logged_in):
    answered, accepted = carried("answered"), carried("accepted")
    shown = page(logged_in("drafter"))
    assert order_of(shown, answered, accepted) == [accepted, answered]
