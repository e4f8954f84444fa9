from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from rostra.sitegen import filters
from rostra.sitegen.fields import Bilingual

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
TALK = datetime(2022, 3, 6, 10, tzinfo=HONG_KONG)


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
