"""Disclosure on request: decided in time and with reasons, handed out, told to the superior where refused (S57)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import Event
from disclosures.refusal import Refused
from feedback import tokens
from feedback.models import CaseClock, Fulfilment, RequestDecision
from feedback.sealing import Sender
from feedback.services import add_message, receive, why_not
from feedback.services.timing import running_clocks
from feedback.tokens import Purpose
from notifications.models import Notice
from tests.feedback.cases import NOT_PUBLISHED, did, sent, sent_with_code, token
from tests.people import draft, person, released

pytestmark = pytest.mark.usefixtures("house")
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 9, 10, 0, tzinfo=SHANGHAI)
REASON = "涉及正在讨论的事项，暂不公开"


def on(instant):
    return time_machine.travel(instant, tick=False)


@pytest.fixture
def asked():
    """A request received and accepted on a Monday."""
    with on(MONDAY):
        return did(sent(kind="disclosure_request"), "accept", "drafter")


def decide(case, outcome, **more):
    return did(case, "decide_request", "drafter", outcome=outcome, **more)


def clock(case):
    row = CaseClock.objects.filter(case=case).first()
    return row and (row.step, row.last_day)


def test_decision_is_due_three_working_days_after_arrival(asked):
    assert clock(asked) == ("decide", date(2026, 3, 12))


def test_new_request_is_to_be_accepted_first_and_both_clocks_run():
    with on(MONDAY):
        case = sent(kind="disclosure_request")
    steps = [str(found.step) for found in running_clocks(case)[0]]
    assert steps == ["accept", "decide"]


def test_decision_extended_reaches_ten_working_days_and_no_more(asked):
    with on(MONDAY):
        with pytest.raises(Refused):
            did(asked, "extend", "drafter", working_days=8, reason=REASON)
        did(asked, "extend", "drafter", working_days=7, reason=REASON)
    assert clock(asked) == ("decide", date(2026, 3, 23))


@pytest.mark.parametrize("outcome", ["granted", "part"])
def test_what_is_granted_is_due_in_five_working_days(asked, outcome):
    with on(MONDAY):
        decide(asked, outcome, reason=REASON if outcome == "part" else "")
    assert clock(asked) == ("disclose", date(2026, 3, 16))


def test_refusal_wants_its_written_reason_in_three_working_days(asked):
    with on(MONDAY):
        decide(asked, "refused", reason=REASON)
        assert clock(asked) == ("written_reason", date(2026, 3, 12))
        did(asked, "reply", "drafter", text="经研究，暂不公开。理由如下……")
    assert clock(asked) is None


@pytest.mark.parametrize("outcome", ["refused", "part", "unclear"])
def test_no_withholding_without_a_reason(asked, outcome):
    with pytest.raises(Refused) as refused:
        decide(asked, outcome, reason=" \u200b ")
    assert refused.value.code == "reason"
    assert not RequestDecision.objects.exists()


def test_database_itself_wants_a_reason(asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestDecision.objects.create(case=asked, outcome="refused", at=MONDAY, by=person("drafter"))


def test_refusal_is_told_to_the_superior_organisation_without_content(asked):
    decide(asked, "refused", reason=REASON)
    notice = Notice.objects.get(verb="case.request_refused")
    assert notice.recipient == person("superior")
    event = Event.objects.get(verb="case.request_refused")
    assert event.reason == REASON
    assert asked.text not in str(vars(event))


def test_refusal_of_a_branch_is_told_to_the_organ_committee():
    case = did(sent("ZB01", kind="disclosure_request"), "accept", "secretary")
    did(case, "decide_request", "secretary", outcome="refused", reason=REASON)
    assert Notice.objects.get(verb="case.request_refused").recipient == person("deputy")


def test_already_disclosed_names_an_item_the_sender_reads(asked):
    item = released(draft()).item
    decide(asked, "already", number=item.number)
    asked.refresh_from_db()
    assert asked.state == "answered"
    assert clock(asked) is None
    assert Fulfilment.objects.get(case=asked).item == item


def test_item_the_sender_cannot_read_is_not_named(asked):
    inside = released(draft(audience="internal_only")).item
    with pytest.raises(Refused) as hidden:
        decide(asked, "already", number=inside.number)
    with pytest.raises(Refused) as missing:
        decide(asked, "already", number="JG-2026-AAAAAA")
    assert str(hidden.value) == str(missing.value)
    member = receive(
        token(),
        item=None,
        unit=asked.unit,
        kind="disclosure_request",
        text="请公开",
        sender_kind="member",
        sender=Sender(),
    )[0]
    did(member, "accept", "drafter")
    decide(member, "already", number=inside.number)
    assert Fulfilment.objects.get(case=member).item == inside


def test_unclear_request_waits_for_the_sender_and_starts_anew(asked):
    with on(MONDAY):
        decide(asked, "unclear", reason="请说明要哪一年的资料")
    assert clock(asked) is None
    with on(MONDAY + timedelta(days=30)):
        told = tokens.read(tokens.issue(Purpose.MESSAGE, str(asked.uid), None), Purpose.MESSAGE, None, None)
        add_message(told, text="2025年的")
    assert clock(asked) == ("decide", date(2026, 4, 13))
    decide(asked, "granted")
    assert RequestDecision.objects.count() == 2


def test_request_is_decided_once(asked):
    decide(asked, "granted")
    with pytest.raises(Refused):
        decide(asked, "refused", reason=REASON)
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestDecision.objects.create(case=asked, outcome="refused", reason=REASON, at=MONDAY, by=person("drafter"))


def test_granted_request_is_fulfilled_with_words_or_an_item(asked):
    item = released(draft()).item
    decide(asked, "granted")
    did(asked, "fulfil", "drafter", text="见该公开事项。", number=item.number)
    asked.refresh_from_db()
    made = Fulfilment.objects.get(case=asked)
    assert (asked.state, made.item, made.reply.text) == ("answered", item, "见该公开事项。")
    assert Event.objects.get(verb="case.request_fulfilled").after["item"] == item.number
    did(asked, "close", "examiner", unpublished_because=NOT_PUBLISHED)


def test_order_of_the_verbs(asked):
    drafter = person("drafter")
    assert why_not("fulfil", case=asked, by=drafter)
    assert why_not("reply", case=asked, by=drafter)
    decide(asked, "granted")
    asked.refresh_from_db()
    assert why_not("reply", case=asked, by=drafter)
    assert why_not("fulfil", case=asked, by=drafter) is None


def test_other_kinds_are_no_requests():
    case = did(sent(kind="question"), "accept", "drafter")
    for verb in ("decide_request", "fulfil"):
        assert why_not(verb, case=case, by=person("drafter"))


def test_sender_reads_decision_reason_and_item(client):
    item = released(draft()).item
    case, code = sent_with_code(kind="disclosure_request")
    did(case, "accept", "drafter")
    decide(case, "part", reason=REASON)
    did(case, "fulfil", "drafter", text="可公开的部分见链接。", number=item.number)
    page = client.post(reverse("feedback:track"), {"code": code}).content.decode()
    for words in (
        "对申请的决定",
        "同意部分公开。",
        "部分公开",
        REASON,
        "可公开的部分见链接。",
        item.get_absolute_url(),
    ):
        assert words in page
    assert person("drafter").display_name not in page


def test_forms_of_requests_stand_on_their_page_alone(logged_in, asked):
    page = logged_in("drafter").get(reverse("admin:feedback_case_change", args=[asked.pk])).content.decode()
    assert 'id="do-decide_request" open' in page
    other = did(sent(kind="question"), "accept", "drafter")
    page = logged_in("drafter").get(reverse("admin:feedback_case_change", args=[other.pk])).content.decode()
    assert "do-decide_request" not in page


def test_request_is_decided_on_its_page(logged_in, asked):
    address = reverse("admin:feedback_case_act", args=[asked.pk, "decide_request"])
    typed = {"version": asked.version, "outcome": "refused", "reason": ""}
    client = logged_in("drafter")
    assert client.post(address, typed).status_code == 400
    assert client.post(address, {**typed, "reason": REASON}).status_code == 302
    assert RequestDecision.objects.get().outcome == "refused"
