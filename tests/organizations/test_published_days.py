"""The yearly table of days off is pasted or uploaded, looked through, and entered together."""

from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import Event
from organizations.calendar import add_working_days, unknown_years
from organizations.models import CalendarDay
from organizations.published_days import decoded, read

ADDRESS = reverse("admin:organizations_calendarday_upload")
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"
LINES = "日期,安排,名称\n2027-01-01至2027-01-03,放假,元旦\n2027年1月9日 上班 元旦调休\n\n2027/10/1 放假"


def days_of(text):
    return [(row.day.isoformat(), str(row.kind), row.name) for row in read(text).days]


def test_spans_single_days_and_several_spellings_are_read():
    assert days_of(LINES) == [
        ("2027-01-01", "holiday", "元旦"),
        ("2027-01-02", "holiday", "元旦"),
        ("2027-01-03", "holiday", "元旦"),
        ("2027-01-09", "make_up", "元旦调休"),
        ("2027-10-01", "holiday", "放假"),
    ]
    assert read(LINES).problems == ()


@pytest.mark.parametrize(
    "line",
    [
        "2027-02-30 放假",
        "2027-13-01 放假",
        "1827-01-01 放假",
        "2027-01-01 也许",
        "放假",
        "2027-01-03至2027-01-01 放假",
        "2027-01-01至2027-12-31 放假",
        "2027-01-04 上班",  # a Monday
        "=cmd|' /C calc'!A0",
        "2027-01-01" * 1000,
    ],
)
def test_line_that_cannot_be_read_is_named(line):
    published = read(f"2027-05-01 放假 劳动节\n{line}")
    assert [number for number, _sentence in published.problems] == [2]


def test_lines_that_contradict_each_other_are_named():
    assert [number for number, _ in read("2027-01-02 放假\n2027-01-02 上班").problems] == [2]


def test_too_many_lines_are_refused():
    assert read("2027-05-01 放假\n" * 401).problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_of_spreadsheets_in_china_are_read(encoding):
    assert len(read(decoded(LINES.encode(encoding)) or "").days) == 5


def test_what_is_no_text_is_refused():
    assert decoded(b"\x00\x01\xff\xfe") is None


def typed(**more):
    return {"source": SOURCE, "lines": LINES, **more}


def test_lines_are_looked_through_before_anything_is_entered(house, logged_in):
    before = CalendarDay.objects.count()
    page = logged_in("examiner").post(ADDRESS, typed(look="1"))
    assert page.status_code == 200
    assert "2027-01-09" in page.content.decode()
    assert CalendarDay.objects.count() == before


def test_days_are_entered_together_with_their_events(house, logged_in):
    assert unknown_years(date(2027, 3, 1)) == [2027]
    assert logged_in("examiner").post(ADDRESS, typed(enter="1")).status_code == 302
    assert CalendarDay.objects.filter(day__year=2027, source=SOURCE).count() == 5
    assert Event.objects.filter(verb="calendar_day.created").count() == 5
    assert unknown_years(date(2027, 3, 1)) == []
    assert add_working_days(date(2026, 12, 31), 1).assumed_years == ()


def test_entering_again_changes_nothing_and_a_difference_is_shown(house, logged_in):
    client = logged_in("examiner")
    client.post(ADDRESS, typed(enter="1"))
    client.post(ADDRESS, typed(enter="1"))
    assert Event.objects.filter(verb__startswith="calendar_day.").count() == 5
    other = typed(lines="2027-01-03 上班 元旦调休")
    shown = unescape(client.post(ADDRESS, {**other, "look": "1"}).content.decode())
    assert "变更" in shown
    client.post(ADDRESS, {**other, "enter": "1"})
    event = Event.objects.get(verb="calendar_day.changed")
    assert (event.before["kind"], event.after["kind"]) == ("holiday", "make_up")


def test_refusal_keeps_what_was_typed_and_names_the_line(house, logged_in):
    page = logged_in("examiner").post(ADDRESS, typed(lines="2027-01-01 放假\n2027-02-30 放假", enter="1"))
    shown = unescape(page.content.decode())
    assert page.status_code == 400
    assert "第2行" in shown
    assert "2027-02-30 放假" in shown
    assert not CalendarDay.objects.filter(day__year=2027).exists()


def test_file_stands_for_the_lines(house, logged_in):
    file = SimpleUploadedFile("2027.csv", LINES.encode("gb18030"))
    page = logged_in("examiner").post(ADDRESS, {"source": SOURCE, "file": file, "look": "1"})
    assert "2027-01-09 上班" in unescape(page.content.decode()) or "2027年1月9日 上班" in unescape(
        page.content.decode()
    )


def test_image_is_no_table(house, logged_in):
    file = SimpleUploadedFile("x.csv", b"\x89PNG\r\n\x1a\n\x00\x00")
    assert logged_in("examiner").post(ADDRESS, {"source": SOURCE, "file": file}).status_code == 400


@pytest.mark.parametrize("username", ["drafter", "supervisor", "sysadmin"])
def test_others_enter_nothing(house, logged_in, username):
    assert logged_in(username).post(ADDRESS, typed(enter="1")).status_code == 403
    assert not CalendarDay.objects.filter(day__year=2027).exists()
