"""The registers are generated, narrowed as asked, hold no identity, and leave as text no spreadsheet computes."""

from datetime import date, datetime, timedelta
from html import unescape
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from feedback import registers
from feedback.registers import Register
from tests.feedback.cases import HOSTILE, SECRET_CONTACT, SECRET_NAME, carried, did, sent

pytestmark = pytest.mark.usefixtures("house")
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 9, 10, 0, tzinfo=SHANGHAI)
SPAN = "?first=2026-01-01&last=2026-12-31"
PAGE_QUERIES = 19


def on(instant):
    return time_machine.travel(instant, tick=False)


def address(kind="received", query=SPAN, name="register"):
    return reverse(f"admin:feedback_case_{name}", args=[kind]) + query


def page(client, kind="received", query=SPAN):
    response = client.get(address(kind, query))
    assert response.status_code == 200
    return unescape(response.content.decode())


def sheet(client, kind="received", query=SPAN):
    response = client.get(address(kind, query, "register_file"))
    assert response.status_code == 200
    return load_workbook(BytesIO(response.content)).active


def rows(client, kind="received", query=SPAN):
    head, *body = sheet(client, kind, query).iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


def test_received_holds_what_arrived_and_nothing_of_who_sent_it(logged_in):
    with on(MONDAY):
        case = sent(named=True, text="公开栏缺附件，请联系13912345678")
    (row,) = rows(logged_in("drafter"))
    assert (row["序号"], row["编号"], row["收到日期"].date()) == (1, case.number, date(2026, 3, 9))
    assert row["来信人"] == "群众 · 实名"
    assert row["意见内容"].startswith("公开栏缺附件")
    for text in (str(row), page(logged_in("drafter"))):
        assert SECRET_NAME not in text
        assert SECRET_CONTACT not in text


def test_complaint_is_not_quoted(logged_in):
    sent(kind="complaint", text="举报某某同志的问题")
    today = f"?first={timezone.localdate():%Y-%m-%d}"
    assert "举报某某" not in page(logged_in("drafter"), query=today)
    assert "举报某某" not in str(rows(logged_in("drafter"), query=today))
    assert "（投诉内容见案卷）" in page(logged_in("drafter"), query=today)


def test_handled_holds_the_path_with_its_limit(logged_in):
    with on(MONDAY):
        case = carried("accepted")
    with on(MONDAY + timedelta(days=1)):
        did(case, "extend", "drafter", working_days=5, reason="需核实")
    with on(MONDAY + timedelta(days=7)):
        did(case, "reply", "drafter", text="已核实")
    (row,) = rows(logged_in("drafter"), "handled")
    assert row["受理日期"].date() == date(2026, 3, 9)
    assert row["截止日期"].date() == date(2026, 4, 7)
    assert (row["延长工作日"], row["所用工作日"], row["是否按期"]) == (5, 5, "是")
    assert row["状态"] == "已答复"


def test_late_answer_is_said(logged_in):
    with on(MONDAY):
        case = carried("accepted")
    with on(MONDAY + timedelta(days=60)):
        did(case, "reply", "drafter", text="已核实")
    (row,) = rows(logged_in("drafter"), "handled")
    assert row["是否按期"] == "否"


def test_request_and_rectification_stand_in_handled(logged_in):
    carried("verified")
    request = did(sent(kind="disclosure_request"), "accept", "drafter")
    did(request, "decide_request", "drafter", outcome="refused", reason="暂不公开")
    today = f"?first={timezone.localdate():%Y-%m-%d}"
    first, second = rows(logged_in("drafter"), "handled", today)
    assert first["整改责任单位"] == "岳阳市文广新局"
    assert first["核实日期"].date() == timezone.localdate()
    assert second["对申请的决定"] == "不予公开"
    assert second["是否按期"] == "是"


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("?first=2026-03-09&last=2026-03-09", "march"),
        ("?first=2026-03-10&last=2026-12-31", "april branch"),
        ("?first=2026-01-01&last=2026-12-31&unit=ZB01", "branch"),
        ("?first=2026-01-01&last=2026-12-31&kind=question", "april"),
        ("?first=2026-01-01&last=2026-12-31&state=accepted", "march"),
    ],
)
def test_narrowed_by_period_unit_kind_and_state(logged_in, query, seen):
    with on(MONDAY.replace(hour=0)):
        cases = {"march": carried("accepted")}
    with on(MONDAY + timedelta(days=30)):
        cases |= {"april": sent(kind="question"), "branch": sent("ZB01")}
    found = {row["编号"] for row in rows(logged_in("examiner"), query=query)}
    assert found == {cases[name].number for name in seen.split()}
    assert all(cases[name].number in page(logged_in("examiner"), query=query) for name in seen.split())


@pytest.mark.parametrize(
    "query", ["?unit=XX", "?kind=x", "?state=x", "?first=x", "?first=2026-02-01&last=2026-01-01", "?unit=%00"]
)
@pytest.mark.parametrize("name", ["register", "register_file"])
def test_what_was_never_offered_is_a_bad_request(logged_in, query, name):
    assert logged_in("examiner").get(address(query=query, name=name)).status_code == 400


@pytest.mark.parametrize("name", ["register", "register_file"])
def test_register_that_does_not_exist_is_missing(logged_in, name):
    assert logged_in("examiner").get(address("others", name=name)).status_code == 404


def test_readers_of_a_unit_see_its_rows_alone(logged_in):
    with on(MONDAY):
        own, others = sent("JG"), sent("ZB01")
    assert {row["编号"] for row in rows(logged_in("drafter"))} == {own.number}
    assert {row["编号"] for row in rows(logged_in("supervisor"))} == {own.number, others.number}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "＝1+1", '=HYPERLINK("http://x")', HOSTILE]
)
def test_text_never_becomes_a_formula(logged_in, text):
    with on(MONDAY):
        sent(text=text)
    cells = [cell for row in sheet(logged_in("drafter")).iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    for cell in cells:
        if cell.data_type == "s" and cell.row > 1:
            assert not str(cell.value).lstrip().startswith(tuple("=+-@＝＋－＠"))


def test_file_is_set_up_for_paper_across(logged_in):
    with on(MONDAY):
        sent()
    made = sheet(logged_in("drafter"))
    assert (made.page_setup.orientation, made.page_setup.paperSize) == ("landscape", 9)
    assert made.print_title_rows == "$1:$1"


def test_page_is_bounded_and_says_so(logged_in, monkeypatch):
    monkeypatch.setattr(registers, "SHOWN", 2)
    with on(MONDAY):
        cases = [sent() for _number in range(3)]
    shown = page(logged_in("drafter"))
    assert "此处只列前 2 件" in shown
    assert [case.number in shown for case in cases] == [True, True, False]
    assert len(rows(logged_in("drafter"))) == 3


def test_file_is_bounded(logged_in, monkeypatch):
    monkeypatch.setattr(registers, "MOST", 2)
    with on(MONDAY):
        for _number in range(3):
            sent()
    assert len(rows(logged_in("drafter"))) == 2


@pytest.mark.parametrize("kind", Register)
def test_queries_do_not_grow_with_the_cases(logged_in, kind):
    client = logged_in("examiner")
    with on(MONDAY):
        carried("verified")
    page(client, kind)
    for count in (1, 4):
        with on(MONDAY):
            for _case in range(count):
                carried("verified")
        with CaptureQueriesContext(connection) as asked:
            page(client, kind)
        assert len(asked) == PAGE_QUERIES


def test_empty_register_says_so(logged_in):
    assert "没有符合条件的意见" in page(logged_in("drafter"))
