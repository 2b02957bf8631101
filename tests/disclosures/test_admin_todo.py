"""The first page of the workbench: what presses for each role, numbers that are links, a fixed count of queries."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosures.services import perform
from organizations.models import CalendarDay
from tests.disclosures.admin_desk import at_desk
from tests.people import OFFICE_YES, branch_draft, decided, draft, person, submitted

pytestmark = pytest.mark.usefixtures("house")
NO = {**OFFICE_YES, "necessity": (False, "范围过宽")}
LONG_AGO = timedelta(days=20)


def sections(name):
    return {section.key: section for section in at_desk(name).get("/admin/").context["sections"]}


def urged(item):
    return perform("urge", item=item, by=person("leader"), expected_version=item.version, reason="防汛需要")


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("drafter", ["returned", "finish", "notices"]),
        ("secretary", ["decide", "notices"]),
        ("examiner", ["decide", "record", "pinned", "notices"]),
        ("leader", ["overdue", "decide", "notices"]),
        ("member", ["decide", "notices"]),
        ("superior", ["decide", "notices"]),
        ("supervisor", ["notices"]),
        ("auditor", ["notices"]),
        ("sysadmin", ["notices"]),
    ],
)
def test_each_role_sees_only_what_means_something_to_it(name, keys):
    assert list(sections(name)) == keys


def test_every_number_is_the_number_of_rows_behind_its_link():
    with time_machine.travel(timezone.now() - LONG_AGO, tick=False):
        for _number in range(2):
            submitted(draft())
        decided(submitted(draft()), "examiner")
        urged(decided(submitted(draft()), "examiner"))
    client = at_desk("examiner")
    found = {section.key: section for section in client.get("/admin/").context["sections"]}
    assert found["decide"].count == len(client.get(found["decide"].url).context["rows"]) == 2
    assert found["soon"].count == len(client.get(found["soon"].url).context["rows"]) == 2
    assert found["record"].count == len(client.get(found["record"].url).context["recordable"]) == 2
    assert found["urgent"].count == client.get(found["urgent"].url).context["cl"].result_count == 1
    leader = at_desk("leader")
    overdue = next(s for s in leader.get("/admin/").context["sections"] if s.key == "overdue")
    assert overdue.count == len(leader.get(overdue.url).context["overdue"]) == 4


def test_returned_item_says_who_returned_it_and_why():
    item = decided(submitted(draft()), "examiner", "return", NO)
    row = sections("drafter")["returned"].rows[0]
    assert row.title == item.title and "范围过宽" in row.note
    assert "演示·办公室审核" in " ".join(row.facts)


def test_overdue_row_says_by_how_much_and_leads_to_the_revision():
    with time_machine.travel(timezone.now() - LONG_AGO, tick=False):
        item = submitted(branch_draft())
    row = sections("leader")["overdue"].rows[0]
    assert row.sign[0] == "stop" and "个工作日" in row.sign[1]
    assert row.url == f"/admin/review-queue/{item.current_revision.uid}/"


def test_five_most_pressing_rows_and_a_way_to_all():
    with time_machine.travel(timezone.now() - LONG_AGO, tick=False):
        oldest = submitted(draft(title="最早的一件"))
    for _number in range(6):
        submitted(draft())
    page = at_desk("examiner").get("/admin/")
    section = next(s for s in page.context["sections"] if s.key == "decide")
    assert (section.count, len(section.rows)) == (7, 5)
    assert section.rows[0].title == oldest.title
    assert "全部 7 件" in page.content.decode()


def test_urgent_publication_waits_for_others_with_its_reason():
    urged(decided(submitted(draft()), "examiner"))
    for name in ("deputy", "member", "examiner", "leader"):
        assert [row.note for row in sections(name)["urgent"].rows] == ["防汛需要"]
    assert "urgent" not in sections("secretary")
    assert "urgent" not in sections("drafter")


def test_other_peoples_items_are_not_mine():
    draft(title="局里的")
    submitted(draft())
    page = at_desk("branch_drafter").get("/admin/").content.decode()
    assert "局里的" not in page
    assert sections("secretary")["decide"].count == 0


def test_keeper_of_the_calendar_is_told_of_a_missing_year_and_nobody_else():
    assert "尚未录入" not in at_desk("examiner").get("/admin/").content.decode()
    CalendarDay.objects.all().delete()
    assert "尚未录入" in at_desk("examiner").get("/admin/").content.decode()
    for name in ("drafter", "leader", "sysadmin"):
        assert "尚未录入" not in at_desk(name).get("/admin/").content.decode()


def queries(client):
    client.get("/admin/")
    with CaptureQueriesContext(connection) as found:
        client.get("/admin/")
    return len(found)


@pytest.mark.parametrize("name", ["drafter", "examiner", "leader"])
def test_first_page_costs_the_same_for_few_and_for_many(name):
    def furnish(count):
        with time_machine.travel(timezone.now() - LONG_AGO, tick=False):
            for _number in range(count):
                draft()
                submitted(draft())
                decided(submitted(draft()), "examiner")
                decided(submitted(draft()), "examiner", "return", NO)
                urged(decided(submitted(draft()), "examiner"))

    furnish(1)
    few = queries(at_desk(name))
    furnish(4)
    assert queries(at_desk(name)) == few
    assert few <= 45
