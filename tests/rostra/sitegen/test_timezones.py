"""VTIMEZONE against an independent reader, dateutil's, which follows the rules as written."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.tz import tzical

from rostra.sitegen.timezones import timezones

ZONES = [
    "Asia/Hong_Kong",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
]


def described(zone: str, *years: int) -> str:
    moments = [datetime(year, 6, 15, 12, tzinfo=ZoneInfo(zone)) for year in years]
    calendar = icalendar.Calendar()
    for component in timezones(moments):
        calendar.add_component(component)
    return calendar.to_ical().decode()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("years", "minutes"), [((2024,), 30), ((2019, 2024), 7 * 60)])
def test_the_rules_say_what_the_zone_data_says(
    zone: str, years: tuple[int, ...], minutes: int
) -> None:
    found = tzical(io.StringIO(described(zone, *years))).get(zone)
    moment = datetime(years[0], 1, 1)
    wrong = []
    while moment < datetime(years[-1] + 1, 1, 1):
        truth = moment.replace(tzinfo=ZoneInfo(zone))
        plain = truth.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == moment
        single = truth.utcoffset() == truth.replace(fold=1).utcoffset()
        if plain and single and moment.replace(tzinfo=found).utcoffset() != truth.utcoffset():
            wrong.append(moment)
        moment += timedelta(minutes=minutes)
    assert wrong == []


def test_yearly_changes_are_rules_and_onsets_are_by_the_old_clock() -> None:
    lines = described("Europe/Berlin", 2024).split("\r\n")
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in lines
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in lines
    # Berlin's clock goes from 02:00 to 03:00 in spring and from 03:00 to 02:00 in autumn.
    assert "DTSTART:20230326T020000" in lines
    assert "DTSTART:20231029T030000" in lines
    assert not [line for line in lines if line.startswith("RDATE")]


def test_a_second_sunday_is_a_second_sunday() -> None:
    text = described("America/New_York", 2024)
    assert "BYDAY=2SU;BYMONTH=3" in text
    assert "BYDAY=1SU;BYMONTH=11" in text


def test_a_zone_without_changes_is_one_line_of_time() -> None:
    assert described("Asia/Hong_Kong", 2022).count("BEGIN:STANDARD") == 1
    assert "DAYLIGHT" not in described("Asia/Hong_Kong", 2022)


def test_utc_needs_no_description() -> None:
    assert timezones([datetime(2024, 1, 1, tzinfo=ZoneInfo("UTC"))]) == []
    assert timezones([datetime(2024, 1, 1, tzinfo=UTC)]) == []


def test_each_zone_is_described_once() -> None:
    hong_kong = ZoneInfo("Asia/Hong_Kong")
    found = timezones(datetime(year, 1, 1, tzinfo=hong_kong) for year in (2020, 2021, 2022))
    assert len(found) == 1


def test_a_rule_that_a_zone_has_given_up_ends() -> None:
    text = described("America/Sao_Paulo", 2019, 2024)
    assert "RRULE:FREQ=YEARLY;UNTIL=20190217T020000Z;BYDAY=3SU;BYMONTH=2" in text
