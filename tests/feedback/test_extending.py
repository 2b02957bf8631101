"""A limit is made longer once, before it passes, with a reason the sender reads; limits have a history."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from disclosures.refusal import Refused
from feedback.models import CaseClock, CaseLimit, Extension
from feedback.seeding import load_limits
from feedback.services import why_not
from feedback.services.limiting import set_limit
from tests.feedback.cases import carried, did, sent, sent_with_code
from tests.people import person

pytestmark = pytest.mark.usefixtures("house")
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 9, 10, 0, tzinfo=SHANGHAI)
REASON = "需要向有关单位核实"


def on(instant):
    return time_machine.travel(instant, tick=False)


@pytest.fixture
def accepted():
    with on(MONDAY):
        return carried("accepted")


def test_extension_moves_the_last_day(accepted):
    with on(MONDAY):
        did(accepted, "extend", "drafter", working_days=5, reason=REASON)
    assert CaseClock.objects.get(case=accepted).last_day == date(2026, 4, 7)
    event = Event.objects.get(verb="case.limit_extended")
    assert (event.reason, event.after["working_days"]) == (REASON, 5)


def test_second_extension_is_refused(accepted):
    with on(MONDAY):
        did(accepted, "extend", "drafter", working_days=5, reason=REASON)
        assert "一次" in why_not("extend", case=accepted, by=person("drafter"))
        with pytest.raises(Refused):
            did(accepted, "extend", "drafter", working_days=1, reason=REASON)
    assert Extension.objects.count() == 1


def test_extension_after_the_limit_is_refused(accepted):
    end = CaseClock.objects.get(case=accepted).due_at
    with on(end - timedelta(seconds=1)):
        assert why_not("extend", case=accepted, by=person("drafter")) is None
    with on(end), pytest.raises(Refused):
        did(accepted, "extend", "drafter", working_days=5, reason=REASON)


@pytest.mark.parametrize(("days", "reason"), [(0, REASON), (16, REASON), (-1, REASON), (5, "  ")])
def test_extension_needs_a_reason_and_keeps_to_the_limit(accepted, days, reason):
    with on(MONDAY), pytest.raises(Refused):
        did(accepted, "extend", "drafter", working_days=days, reason=reason)
    assert not Extension.objects.exists()


def test_nothing_to_extend_before_acceptance_and_after_the_answer():
    assert why_not("extend", case=sent(), by=person("drafter"))
    assert why_not("extend", case=carried("answered"), by=person("drafter"))


def test_sender_reads_extension_and_reason(client):
    case, code = sent_with_code()
    did(case, "accept", "drafter")
    did(case, "extend", "drafter", working_days=5, reason=REASON)
    page = client.post(reverse("feedback:track"), {"code": code}).content.decode()
    assert f"办理时限已延长：{REASON}" in page
    assert "将时限延长5个工作日。" in page
    assert "已延长5个工作日。" in page


def test_extension_is_never_changed(accepted):
    with on(MONDAY):
        did(accepted, "extend", "drafter", working_days=5, reason=REASON)
    for change in (lambda: Extension.objects.update(working_days=9), lambda: Extension.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_shipped_limits_are_loaded_once_and_stay():
    load_limits()
    assert dict(CaseLimit.objects.values_list("step", "working_days")) == {
        "accept": 1,
        "reply": 15,
        "extension": 15,
        "decide": 3,
        "extended_decision": 10,
        "disclose": 5,
        "written_reason": 3,
    }


def test_new_limit_is_another_row_and_an_event():
    tomorrow = timezone.localdate() + timedelta(days=1)
    set_limit(step="reply", working_days=10, valid_from=tomorrow, reason="提高效率", by=person("examiner"))
    assert CaseLimit.objects.filter(step="reply").count() == 2
    event = Event.objects.get(verb="case_limit.set")
    assert (event.before["working_days"], event.after["working_days"], event.reason) == (15, 10, "提高效率")


@pytest.mark.parametrize(
    ("by", "days", "reason", "code"),
    [
        ("drafter", 1, "理由", "not_allowed"),
        ("supervisor", 1, "理由", "not_allowed"),
        ("examiner", 0, "理由", "valid_from"),
        ("examiner", -9, "理由", "valid_from"),
        ("examiner", 1, " \u200b", "reason"),
    ],
)
def test_limit_is_set_by_the_office_for_days_to_come_with_a_reason(by, days, reason, code):
    first = timezone.localdate() + timedelta(days=days)
    with pytest.raises(Refused) as refused:
        set_limit(step="reply", working_days=10, valid_from=first, reason=reason, by=person(by))
    assert refused.value.code == code
    assert CaseLimit.objects.filter(step="reply").count() == 1


def test_history_of_limits_is_never_changed():
    for change in (lambda: CaseLimit.objects.update(working_days=99), lambda: CaseLimit.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_office_adds_a_limit_in_the_admin(logged_in):
    client, address = logged_in("examiner"), reverse("admin:feedback_caselimit_add")
    typed = {"step": "reply", "working_days": 10, "reason": "提高效率"}
    past = client.post(address, {**typed, "valid_from": timezone.localdate().isoformat()})
    assert (past.status_code, CaseLimit.objects.filter(step="reply").count()) == (400, 1)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert client.post(address, {**typed, "valid_from": tomorrow}).status_code == 302
    assert CaseLimit.objects.filter(step="reply", working_days=10, set_by=person("examiner")).exists()
    assert Event.objects.filter(verb="case_limit.set").count() == 1


def test_limit_is_not_changed_in_the_admin(logged_in):
    row = CaseLimit.objects.get(step="reply")
    address = reverse("admin:feedback_caselimit_change", args=[row.pk])
    assert logged_in("examiner").post(address, {"step": "reply", "working_days": 1}).status_code == 403
    row.refresh_from_db()
    assert row.working_days == 15
