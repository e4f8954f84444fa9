"""Dates as people say them are the dates that they say."""

import calendar
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.sitegen import spoken

ZONES = ["Asia/Hong_Kong", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "UTC"]


@pytest.mark.parametrize(
    ("zone", "english", "chinese"),
    [
        ("Asia/Hong_Kong", "Hong Kong time", "香港时间"),
        ("Asia/Taipei", "Taipei time", "台北时间"),
        ("Europe/Berlin", "Berlin time", "柏林时间"),
        ("America/New_York", "New York time", "纽约时间"),
        ("UTC", "UTC", "UTC"),
    ],
)
def test_a_clock_is_named_by_its_city(zone: str, english: str, chinese: str) -> None:
    moment = datetime(2024, 1, 1, tzinfo=ZoneInfo(zone))
    assert spoken.zone_name(moment, "en") == english
    assert spoken.zone_name(moment, "zh") == chinese


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),
    st.sampled_from(ZONES),
    st.sampled_from(["en", "zh"]),
)
def test_a_spoken_date_is_the_date_with_its_weekday(wall, zone, language) -> None:
    said = spoken.spoken_date(wall.replace(tzinfo=ZoneInfo(zone)), language)
    if language == "en":
        day, month, year = re.search(r"(\d+) (\w+) (\d{4})", said).groups()
        found = (int(year), list(calendar.month_name).index(month), int(day))
        weekday = said.split()[0]
    else:
        found = tuple(map(int, re.search(r"(\d+) 年 (\d+) 月 (\d+) 日", said).groups()))
        name = re.search(r"星期(.)", said)[1]
        weekday = calendar.day_name["一二三四五六日".index(name)]
    assert found == (wall.year, wall.month, wall.day)
    assert calendar.day_name[calendar.weekday(*found)] == weekday
    assert f"{wall:%H:%M}" in said
