from datetime import date

import pytest

from rostra.sitegen.pasted.days import days

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 December 2026", "2026-12-03"),
        ("December 3rd, 2026", "2026-12-03"),
        ("Thursday the 3rd of December", "2026-12-03"),
        ("3. Dec. 2026", "2026-12-03"),
        ("2026/12/3", "2026-12-03"),
        ("2026-12-03 (Thu)", "2026-12-03"),
        ("13/12/2026", "2026-12-13"),
        ("12/13/2026", "2026-12-13"),
        ("3.12.2026", "2026-12-03"),
        ("十二月, 12月3号", "2026-12-03"),
        ("2026 年 12 月 3 日 星期四", "2026-12-03"),
        ("January 14", "2027-01-14"),
        ("10 November", "2026-11-10"),
    ],
)
def test_a_day_has_many_forms(text, day) -> None:
    assert [str(one.day) for one in days(text, TODAY)] == [day]


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Friday 3 December 2026", "3 December 2026 is a Thursday"),
        ("2026年12月3日（周五）", "3 December 2026 is a Thursday"),
        ("3/12/2026", "3/12/2026 may be 3 December or 12 March"),
        ("31 November 2026", "there is no 31 November 2026"),
    ],
)
def test_a_day_that_contradicts_itself_is_none(text, doubt) -> None:
    assert [(one.day, one.doubt) for one in days(text, TODAY)] == [(None, doubt)]


def test_a_weekday_decides_which_is_the_month() -> None:
    assert [str(one.day) for one in days("Saturday 12/4/2027", TODAY)] == ["2027-12-04"]


def test_a_deadline_is_another_day() -> None:
    assert [one.other for one in days("by 1 December 2026, on 3 December 2026", TODAY)] == [
        True,
        False,
    ]


@pytest.mark.parametrize("text", ["room 3.12", "10.1145/3.12.20269", "v2.10", "May I ask", "1月"])
def test_numbers_are_no_days(text) -> None:
    assert list(days(text, TODAY)) == []
