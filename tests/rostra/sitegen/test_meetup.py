"""Meetings that come again, against an oracle that counts days."""

from datetime import UTC, date, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from rostra.sitegen.calendars import Calendars
from rostra.sitegen.linters.ics import lint
from rostra.sitegen.programme import load

BERLIN = ZoneInfo("Europe/Berlin")
START = "title: Lunch\nstart: 2024-05-01 12:00\n"  # a Wednesday


def meetup_of(seminars, more: str):
    return load(seminars({"weekly/lunch.yaml": START + more})).meetups[0]


def days(meetup, until: datetime = datetime(2025, 5, 1, tzinfo=BERLIN)) -> list[date]:
    return [moment.date() for moment in meetup.meetings(meetup.start, until)]


def every(count: int, step: int) -> list[date]:
    return [date(2024, 5, 1) + timedelta(days=step * i) for i in range(count)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;COUNT=4", every(4, 7)),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4", every(4, 14)),
        ("FREQ=DAILY;UNTIL=20240504", every(4, 1)),
        ("FREQ=DAILY;UNTIL=20240504T100000Z", every(4, 1)),
        ("FREQ=DAILY;UNTIL=20240504T095959Z", every(3, 1)),
        ("freq=monthly;byday=1we;count=3", [date(2024, 5, 1), date(2024, 6, 5), date(2024, 7, 3)]),
    ],
)
def test_the_rule_gives_these_days(seminars, rule: str, expected: list[date]) -> None:
    assert days(meetup_of(seminars, f"repeat: {rule}\n")) == expected


def test_days_are_left_out_and_added(seminars) -> None:
    more = "repeat: FREQ=WEEKLY;COUNT=3\nnot_on: [2024-05-08]\nalso_on: [2024-05-09 13:00]\n"
    meetup = meetup_of(seminars, more)
    found = meetup.meetings(meetup.start, datetime(2025, 1, 1, tzinfo=UTC))
    told = [f"{moment:%m-%d %H:%M %Z}" for moment in found]
    assert told == ["05-01 12:00 CEST", "05-09 13:00 CEST", "05-15 12:00 CEST"]


def test_what_is_added_is_read_by_the_clock_of_the_entry(seminars) -> None:
    more = "zone: Asia/Tokyo\nrepeat: FREQ=WEEKLY;COUNT=1\nalso_on: [2024-05-09 13:00]\n"
    assert meetup_of(seminars, more).also_on[0].utcoffset() == timedelta(hours=9)


def test_it_keeps_its_hour_when_the_clock_is_changed(seminars) -> None:
    meetup = meetup_of(seminars, "repeat: FREQ=WEEKLY\n")
    found = meetup.meetings(datetime(2024, 10, 20, tzinfo=UTC), datetime(2024, 11, 1, tzinfo=UTC))
    assert [f"{moment:%d %H:%M %z}" for moment in found] == ["23 12:00 +0200", "30 12:00 +0100"]


def test_an_hour_that_the_clock_skips_is_the_one_after(seminars) -> None:
    text = "title: Night\nstart: 2024-03-30 02:30\nrepeat: FREQ=DAILY;COUNT=3\n"
    meetup = load(seminars({"weekly/night.yaml": text})).meetups[0]
    found = meetup.meetings(meetup.start, datetime(2025, 1, 1, tzinfo=UTC))
    assert [f"{moment:%d %H:%M %z}" for moment in found] == [
        "30 02:30 +0100",
        "31 03:30 +0200",
        "01 02:30 +0200",
    ]


def test_the_programme_shows_the_next_six_and_none_of_what_is_called_off(seminars) -> None:
    now = datetime(2024, 6, 1, tzinfo=UTC)
    text = START + "repeat: FREQ=WEEKLY\n"
    found = load(seminars({"weekly/lunch.yaml": text}))
    assert len(found.meetings(found.meetups[0], now)) == 6
    found = load(seminars({"weekly/lunch.yaml": text + "status: cancelled\n"}))
    assert found.meetings(found.meetups[0], now) == []


@pytest.mark.parametrize(
    ("start", "rule", "expected"),
    [
        ("2018-05-01", "FREQ=DAILY", ["06-01", "06-02", "06-03"]),
        ("1970-01-07", "FREQ=WEEKLY;BYDAY=WE", ["06-05", "06-12", "06-19"]),
        ("1972-02-29", "FREQ=YEARLY", ["02-29", "02-29", "02-29"]),
        ("2018-05-01", "FREQ=DAILY;COUNT=2225", ["06-01", "06-02"]),
        ("2018-05-01", "FREQ=DAILY;COUNT=2223", []),
        ("2018-05-01", "FREQ=DAILY;UNTIL=20240602", ["06-01", "06-02"]),
    ],
)
def test_the_next_meetings_are_found_however_old_the_rule_is(
    seminars, start: str, rule: str, expected: list[str]
) -> None:
    text = f"title: Lunch\nstart: {start} 12:00\nrepeat: {rule}\n"
    found = load(seminars({"weekly/lunch.yaml": text}))
    begun = process_time()
    next_ones = found.meetings(found.meetups[0], datetime(2024, 6, 1, tzinfo=UTC), 3)
    assert [f"{moment:%m-%d}" for moment in next_ones] == expected
    assert process_time() - begun < 1  # nobody reads what has long been


def test_the_meeting_that_goes_on_is_the_next_one(seminars) -> None:
    found = load(seminars({"weekly/lunch.yaml": START + "repeat: FREQ=WEEKLY\n"}))
    now = datetime(2024, 6, 5, 12, 59, tzinfo=BERLIN)
    assert found.meetings(found.meetups[0], now)[0] == datetime(2024, 6, 5, 12, tzinfo=BERLIN)
    over = found.meetings(found.meetups[0], now + timedelta(minutes=1))
    assert over[0] == datetime(2024, 6, 12, 12, tzinfo=BERLIN)


TWICE = "title: Night\nstart: 2024-10-27 02:30 +0{}:00\nrepeat: FREQ=WEEKLY;COUNT=54\n"


@pytest.mark.parametrize("offset", [1, 2])
def test_the_second_of_two_equal_times_stays_the_second(seminars, offset: int) -> None:
    meetup = load(seminars({"weekly/night.yaml": TWICE.format(offset)})).meetups[0]
    since, until = datetime(2024, 10, 1, tzinfo=BERLIN), datetime(2025, 12, 1, tzinfo=BERLIN)
    found = meetup.meetings(since, until)
    assert [f"{one:%y-%m-%d %H:%M %z}" for one in (*found[:2], found[52])] == [
        f"24-10-27 02:30 +0{offset}00",
        "24-11-03 02:30 +0100",
        "25-10-26 02:30 +0200",  # what the rule gives later is the first (RFC 5545, 3.3.5)
    ]
    # An instant between the two tells them apart, also where it is written by their own clock.
    between = datetime(2024, 10, 27, 2, 0, tzinfo=BERLIN, fold=1)
    assert (found[0] in meetup.meetings(since, between)) == (offset == 2)


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (2, ["DURATION:PT60M"]),
        (
            1,
            [
                "DURATION:PT60M",
                "EXDATE;TZID=Europe/Berlin:20241027T023000",
                "RDATE:20241027T013000Z",
            ],
        ),
    ],
)
def test_calendars_say_which_of_two_equal_times_it_is(
    seminars, offset: int, expected: list[str]
) -> None:
    folder = seminars({"weekly/trust.yaml": None, "weekly/night.yaml": TWICE.format(offset)})
    made = Calendars(load(folder), datetime(2024, 10, 1, tzinfo=UTC)).calendars
    (file,) = (one for one in made if one.path == "talks/weekly/night.ics")
    assert lint(file.said) == []
    lines = file.text.split("\r\n")
    # DTSTART by the zone's clock means the first; an end by that clock might be before it.
    assert "DTSTART;TZID=Europe/Berlin:20241027T023000" in lines
    told = [one for one in lines if one.startswith(("DTEND", "DURATION", "EXDATE", "RDATE"))]
    assert sorted(told) == expected
