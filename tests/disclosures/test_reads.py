"""Times read: who counts, when it is written, and as of when it is told."""

from datetime import timedelta

import pytest
from django.db import connection

from disclosures import reads
from disclosures.models import ReadsByDay
from tests.disclosures.board import START, at_hour
from tests.people import approved, draft, person

pytestmark = pytest.mark.usefixtures("house")

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
WECHAT = "Mozilla/5.0 (Linux; Android 10; CUBOT X30) MQQBrowser/6.2 MicroMessenger/8.0.2"


@pytest.fixture(autouse=True)
def empty_tally():
    reads._tally.taken()
    yield
    reads._tally.taken()


def open_item():
    with at_hour():
        return approved(draft())


def written(item) -> dict:
    reads.flush()
    return dict(ReadsByDay.objects.filter(item=item).values_list("day", "count"))


@pytest.mark.parametrize("agent", [BROWSER, WECHAT])
def test_a_read_is_counted_on_its_local_day(client, agent):
    item = open_item()
    with at_hour(14.5):  # 23:30 here, the day before in UTC
        client.get(item.get_absolute_url(), headers={"user-agent": agent})
        client.get(f"/en/items/{item.number}/", headers={"user-agent": agent})
        assert written(item) == {START.date(): 2}
    with at_hour(15.5):
        client.get(item.get_absolute_url(), headers={"user-agent": agent})
        assert written(item) == {START.date(): 2, START.date() + timedelta(days=1): 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"},
        {"user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)"},
        {"user-agent": "curl/8.5.0"},
        {"user-agent": "Mozilla/5.0 HeadlessChrome/120.0"},
        {},
        {"user-agent": BROWSER, "sec-purpose": "prefetch;prerender"},
        {"user-agent": BROWSER, "purpose": "prefetch"},
    ],
)
def test_programs_and_pages_fetched_ahead_are_not_counted(client, headers):
    item = open_item()
    client.get(item.get_absolute_url(), headers=headers)
    assert written(item) == {}


def test_head_missing_pages_and_the_people_of_the_portal_are_not_counted(client):
    item = open_item()
    browser = {"user-agent": BROWSER}
    client.head(item.get_absolute_url(), headers=browser)
    client.get("/items/JG-2026-NOTONE/", headers=browser)
    client.force_login(person("examiner"))
    client.get(item.get_absolute_url(), headers=browser)
    assert written(item) == {}
    client.force_login(person("party_member"))
    client.get(item.get_absolute_url(), headers=browser)
    assert sum(written(item).values()) == 1


def test_counting_writes_nothing_while_the_reader_waits(client, django_assert_num_queries):
    item = open_item()
    with django_assert_num_queries(0):
        reads.count_read(item.number)


def test_a_read_told_today_is_shown_tomorrow(client):
    item = open_item()
    with at_hour(1):
        client.get(item.get_absolute_url(), headers={"user-agent": BROWSER})
        reads.flush()
        assert "阅读" not in client.get(item.get_absolute_url()).content.decode().split("来源")[1].split("</p>")[0]
    with at_hour(24):
        assert "截至2026年3月2日，阅读1次" in client.get(item.get_absolute_url()).content.decode()


def test_counts_of_several_processes_add_up_and_unknown_numbers_are_left_out():
    item = open_item()
    day = START.date()
    assert reads.add({(item.number, day): 3, ("JG-2026-NOTONE", day): 5}) == 3
    assert reads.add({(item.number, day): 4}) == 4
    assert written(item) == {day: 7}


@pytest.mark.django_db(transaction=True)
def test_counts_wait_while_the_database_is_away(house, monkeypatch):
    item = open_item()
    reads.count_read(item.number)
    with monkeypatch.context() as away:
        away.setattr(reads, "_ADD", "SELECT nothing FROM nowhere {rows}")
        assert reads.flush() == 0
    assert sum(written(item).values()) == 1


def test_memory_of_the_tally_is_bounded(monkeypatch):
    monkeypatch.setattr(reads, "MOST_KEYS", 3)
    for number in range(9):
        reads.count_read(f"JG-2026-AAAAA{number}")
    assert len(reads._tally.taken()) == 3


def test_the_table_holds_nothing_about_readers():
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, ReadsByDay._meta.db_table)
    assert {column.name for column in columns} == {"id", "item_id", "day", "count"}
