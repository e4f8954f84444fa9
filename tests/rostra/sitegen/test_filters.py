import calendar
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.sitegen import filters
from rostra.sitegen.fields import Bilingual

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
TALK = datetime(2022, 3, 6, 10, tzinfo=HONG_KONG)
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
    assert filters.zone_name(moment, "en") == english
    assert filters.zone_name(moment, "zh") == chinese


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),
    st.sampled_from(ZONES),
    st.sampled_from(["en", "zh"]),
)
def test_a_spoken_date_is_the_date_with_its_weekday(wall, zone, language) -> None:
    spoken = filters.spoken_date(wall.replace(tzinfo=ZoneInfo(zone)), language)
    if language == "en":
        day, month, year = re.search(r"(\d+) (\w+) (\d{4})", spoken).groups()
        found = (int(year), list(calendar.month_name).index(month), int(day))
        weekday = spoken.split()[0]
    else:
        found = tuple(map(int, re.search(r"(\d+) 年 (\d+) 月 (\d+) 日", spoken).groups()))
        name = re.search(r"星期(.)", spoken)[1]
        weekday = calendar.day_name["一二三四五六日".index(name)]
    assert found == (wall.year, wall.month, wall.day)
    assert calendar.day_name[calendar.weekday(*found)] == weekday
    assert f"{wall:%H:%M}" in spoken


def test_dates_for_machines() -> None:
    assert filters.iso_date(TALK) == "2022-03-06"
    assert filters.iso_instant(TALK) == "2022-03-06T10:00:00+08:00"
    assert filters.rfc3339(TALK) == "2022-03-06T02:00:00Z"
    assert filters.utc(TALK) == datetime(2022, 3, 6, 2, tzinfo=UTC)
    late = datetime(2022, 3, 6, 4, tzinfo=HONG_KONG)
    assert filters.iso_date(filters.utc(late)) == "2022-03-05"


def test_prose_is_escaped_once_and_marked_safe() -> None:
    text = Bilingual(en="*a* <b>", zh="乙")
    assert filters.markdown(text, "en") == "<p><em>a</em> &lt;b&gt;</p>"
    assert filters.markdown_line(text, "en").__html__() == "<em>a</em> &lt;b&gt;"
    assert filters.plain(text, "zh") == "乙"


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Pin-Yu Chen", "PC"),
        ("Prof. Dr. Yi Wu", "YW"),
        ("Ludwig van Beethoven", "LB"),
        ("Plato", "P"),
        ("émile Zola", "ÉZ"),
        ("王伟", "王伟"),
        ("欧阳娜娜", "娜娜"),
        ("Dr.", "D"),
    ],
)
def test_initials(name: str, initials: str) -> None:
    assert filters.monogram(name) == initials


def test_initials_are_those_of_the_language() -> None:
    name = Bilingual(en="Wei Wang", zh="王伟")
    assert (filters.monogram(name, "en"), filters.monogram(name, "zh")) == ("WW", "王伟")


def test_settings_are_written_the_same_in_every_build() -> None:
    assert filters.as_json({"b": 1, "a": "甲"}) == '{"a":"甲","b":1}'
