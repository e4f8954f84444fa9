from datetime import date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.sitegen.linters.ics_values import length, moment, offset

DAYS = st.timedeltas(timedelta(days=-400), timedelta(days=400)).map(
    lambda delta: timedelta(seconds=int(delta.total_seconds()))
)


@given(DAYS)
def test_a_duration_is_read_as_the_library_writes_it(delta: timedelta) -> None:
    assert length(icalendar.vDuration(delta).to_ical().decode()) == delta


@pytest.mark.parametrize("text", ["", "P", "PT", "P1", "1D", "P1H", "PT1D", "P1W2D", "P1DT", "p1d"])
def test_what_is_no_duration_is_none(text: str) -> None:
    assert length(text) is None


def test_a_moment_is_a_date_or_a_time_by_its_own_clock() -> None:
    assert moment("20240229") == date(2024, 2, 29)
    assert moment("20240229T235959Z") == datetime(2024, 2, 29, 23, 59, 59)
    for wrong in ("20230229", "20240229T240000", "2024-02-29", "20240229T1200", ""):
        assert moment(wrong) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("+0100", 60), ("-0330", -210), ("+0000", 0), ("-0000", None), ("+2400", None), ("1", None)],
)
def test_an_offset_is_hours_and_minutes_with_a_sign(text: str, minutes: int | None) -> None:
    assert offset(text) == (None if minutes is None else timedelta(minutes=minutes))
