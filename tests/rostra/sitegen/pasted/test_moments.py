from datetime import date
from zoneinfo import ZoneInfo

import pytest

from rostra.sitegen.pasted.moments import moment

HOME, TODAY = ZoneInfo("Europe/Berlin"), date(2026, 11, 20)


def told(text, own=False):
    found = moment(text, HOME, TODAY, own=own)
    hour = found.begins and f"{found.begins:%H:%M}"
    return found.day and str(found.day), hour, found.zone and found.zone.key


def test_day_hour_and_clock_are_read_together() -> None:
    assert told("on 3 December 2026, 3-4 pm EST, in room 7") == (
        "2026-12-03",
        "15:00",
        "America/New_York",
    )
    assert told("2026年12月3日（周四）下午3点") == ("2026-12-03", "15:00", None)
    assert told("3 December 2026\n15:00\nUTC", own=True) == ("2026-12-03", "15:00", "UTC")


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("7 Dec 2026, 10:00, and 8 Dec 2026, 10:00", "several days are named"),
        ("7 Dec 2026, 15:00 CET (20:00 Beijing time)", "not the same instant"),
        ("7 Dec 2026, 10:00 IST", "means several"),
        ("7 Dec 2026, 3:30", "before or after noon"),
        ("Friday 7 Dec 2026, 15:00", "is a Monday"),
    ],
)
def test_where_a_text_contradicts_itself_there_is_no_hour(text, doubt) -> None:
    found = moment(text, HOME, TODAY, own=True)
    assert found.begins is None
    assert doubt in "; ".join(found.doubts)


def test_a_second_clock_that_agrees_is_no_doubt() -> None:
    text = "7 Dec 2026, 15:00 CET (22:00 Beijing time)"
    assert told(text, own=True) == ("2026-12-07", "15:00", "Europe/Berlin")


def test_a_day_of_history_is_not_the_day_of_the_talk() -> None:
    text = "Founded on 3 March 2026.\n" + "word " * 30 + "\nThe talk is on 7 Dec 2026 at 15:00."
    assert told(text) == ("2026-12-07", "15:00", None)


def test_what_says_nothing_of_time_says_nothing() -> None:
    assert told("A talk about 2 models and 3 attacks.") == (None, None, None)
