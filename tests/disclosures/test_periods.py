"""The next period, and titles one period on where they name exactly one."""

from datetime import date

import pytest

from disclosures.chinese_dates import date_in
from disclosures.periods import next_period, next_title


@pytest.mark.parametrize(
    ("rule", "title", "expected"),
    [
        ("quarterly", "2026年第三季度党费收缴情况", "2026年第四季度党费收缴情况"),
        ("quarterly", "2026年第四季度党费收缴情况", "2027年第一季度党费收缴情况"),
        ("quarterly", "二〇二九年第四季度", "二〇三〇年第一季度"),
        ("quarterly", "2026年4季度", "2027年1季度"),
        ("monthly", "10月份党费公示", "11月份党费公示"),
        ("monthly", "2026年12月党费公示", "2027年1月党费公示"),
        ("half_yearly", "2026年上半年总结", "2026年下半年总结"),
        ("half_yearly", "2026年下半年总结", "2027年上半年总结"),
        ("yearly", "2026年度工作计划", "2027年度工作计划"),
        ("yearly", "二〇二六年工作总结", "二〇二七年工作总结"),
    ],
)
def test_title_moves_one_period_on(rule, title, expected):
    assert next_title(title, {"rule": rule}) == expected


@pytest.mark.parametrize(
    ("rule", "title"),
    [
        ("yearly", "2025年总结和2026年计划"),
        ("quarterly", "2019年版党章学习（2026年第三季度）"),
        ("quarterly", "第一至第三季度党费"),
        ("monthly", "关于2026年10月15日会议的通报"),
        ("monthly", "1月至3月党费"),
        ("quarterly", "党费收缴情况"),
        ("within_working_days", "2026年第三季度"),
        ("", "2026年"),
    ],
)
def test_title_that_would_have_to_be_guessed_stays(rule, title):
    assert next_title(title, {"rule": rule}) == title


@pytest.mark.parametrize(
    ("rule", "first", "last", "expected"),
    [
        ("monthly", date(2026, 1, 1), date(2026, 1, 31), (date(2026, 2, 1), date(2026, 2, 28))),
        ("quarterly", date(2026, 10, 1), date(2026, 12, 31), (date(2027, 1, 1), date(2027, 3, 31))),
        ("half_yearly", date(2026, 1, 1), date(2026, 6, 30), (date(2026, 7, 1), date(2026, 12, 31))),
        ("yearly", date(2026, 1, 1), date(2026, 12, 31), (date(2027, 1, 1), date(2027, 12, 31))),
        ("monthly", date(2026, 1, 16), date(2026, 2, 15), (date(2026, 2, 16), date(2026, 3, 15))),
        ("long_term", date(2026, 1, 1), date(2026, 1, 31), (None, None)),
        ("monthly", None, date(2026, 1, 31), (None, None)),
    ],
)
def test_next_period_follows_the_time_limit(rule, first, last, expected):
    assert next_period({"rule": rule}, first, last) == expected


@pytest.mark.parametrize(
    "text",
    ["2012年2月2日", "二〇一二年二月二日", "2012-02-02", "2012.2.2", "2012/2/2", "20120202", "２０１２年２月２日"],
)
def test_day_is_read_however_it_is_written(text):
    assert date_in(text) == date(2012, 2, 2)


@pytest.mark.parametrize(
    "text", ["2012年2月30日", "去年", "1812-01-01", "", "2012", "三月" * 30, "〇〇〇〇年十十月十日"]
)
def test_what_is_no_day_is_none(text):
    assert date_in(text) is None
