from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from rostra.sitegen.fields import zones
from rostra.sitegen.pasted.clocks import ABBREVIATIONS, NAMES, SEVERAL, city_at, clocks

BERLIN = ZoneInfo("Europe/Berlin")
WINTER, SUMMER = datetime(2026, 12, 3, 15), datetime(2026, 7, 3, 15)


def zone(text, home=BERLIN, near=WINTER):
    return [one and one.key for _, one in clocks(text, home, near)]


def test_every_clock_is_a_zone() -> None:
    several = {key for keys in SEVERAL.values() for key in keys}
    assert {*ABBREVIATIONS.values(), *NAMES.values(), *several} <= zones()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("CET", "Europe/Berlin"),
        ("(EST)", "America/New_York"),
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("New York time", "America/New_York"),
        ("Hong Kong local time", "Asia/Hong_Kong"),
        ("北京时间", "Asia/Shanghai"),
        ("UTC", "UTC"),
        ("UTC+1", "Europe/Berlin"),
        ("GMT+09:00", "Etc/GMT-9"),
        ("UTC−5", "Etc/GMT+5"),
    ],
)
def test_clocks_have_many_names(text, key) -> None:
    assert zone(text) == [key]


def test_home_is_meant_only_where_it_is_that_far_from_utc() -> None:
    assert zone("UTC+1", near=SUMMER) == ["Etc/GMT-1"]


def test_what_may_be_several_is_none_unless_it_is_home() -> None:
    assert zone("CST") == [None]
    assert zone("CST", ZoneInfo("Asia/Shanghai")) == ["Asia/Shanghai"]
    assert zone("UTC+5:30") == [None]


@pytest.mark.parametrize("text", ["ESTABLISHED", "Lunch time", "Foo/Bar", "开始时间", "SET"])
def test_other_words_are_no_clocks(text) -> None:
    assert zone(text) == []


def test_a_city_stands_behind_an_hour() -> None:
    assert [one.key for one in city_at(" Hong Kong SAR")] == ["Asia/Hong_Kong"]
    assert city_at(" Room 204") == []
