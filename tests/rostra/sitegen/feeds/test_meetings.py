"""schema.org of meet-ups: the schedule, and each next meeting as an event by itself."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from rostra.sitegen.feeds.meetings import scheduled
from rostra.sitegen.linters.data import lint_page
from rostra.sitegen.programme import load

NOW = datetime(2024, 6, 1, tzinfo=UTC)
LUNCH = "title: {en: Lunch, zh: 午餐}\nstart: 2024-05-01 12:00\nduration: 45 min\n"
SERIES = "weekly:\n  name: Weekly\n  place: Room 1\n  organisers: [ann]\n"


def nodes(seminars, more: str, series: str = SERIES, language: str = "en") -> list[dict[str, Any]]:
    found = load(seminars({"weekly/lunch.yaml": LUNCH + more, "series.yaml": series}))
    meetup = found.meetups[0]
    told = scheduled(meetup, found.meetings(meetup, NOW), found.site, language)
    page = f'<script type="application/ld+json">{told}</script>'
    assert lint_page(page.encode(), "a.html") == []
    return json.loads(told)["@graph"]


def test_a_meet_up_is_a_series_and_its_next_meetings(seminars) -> None:
    more = "repeat: FREQ=WEEKLY;BYDAY=WE;UNTIL=20240630\nnot_on: [2024-06-12]\n"
    series, *meetings = nodes(seminars, more)
    assert series["@type"] == "EventSeries"
    assert series["eventSchedule"] == {
        "@type": "Schedule",
        "repeatFrequency": "P1W",
        "byDay": ["https://schema.org/Wednesday"],
        "startDate": "2024-05-01",
        "endDate": "2024-06-30",
        "startTime": "12:00:00",
        "duration": "PT45M",
        "scheduleTimezone": "Europe/Berlin",
        "exceptDate": ["2024-06-12"],
    }
    days = ["2024-06-05", "2024-06-19", "2024-06-26"]
    assert [one["startDate"] for one in meetings] == [f"{day}T12:00:00+02:00" for day in days]
    assert meetings[0]["endDate"] == "2024-06-05T12:45:00+02:00"
    assert all(one["superEvent"] == {"@id": series["@id"]} for one in meetings)
    assert meetings[0]["location"] == [{"@type": "Place", "name": "Room 1", "address": "Room 1"}]
    assert series["superEvent"]["url"] == "https://lab.example/talks/weekly/"
    (first, *_) = nodes(seminars, more, language="zh")
    assert first["superEvent"]["url"] == "https://lab.example/zh/talks/weekly/"
    assert (first["name"], first["url"]) == ("午餐", "https://lab.example/zh/talks/weekly/lunch/")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("FREQ=MONTHLY;BYDAY=1WE;COUNT=3", {"byDay": ["1WE"], "repeatCount": 3}),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1", {"byMonth": [5], "byMonthDay": [1]}),
        ("FREQ=DAILY;INTERVAL=2", {"repeatFrequency": "P2D"}),
        ("FREQ=MONTHLY;BYDAY=WE;BYSETPOS=1", None),  # what schema.org has no word for
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1", None),
    ],
)
def test_a_rule_becomes_a_schedule_or_none(seminars, rule: str, told: dict | None) -> None:
    schedule = nodes(seminars, f"repeat: {rule}\n")[0].get("eventSchedule")
    assert (schedule is None) == (told is None)
    assert told is None or told.items() <= schedule.items()


def test_what_is_nowhere_or_called_off_sends_nobody(seminars) -> None:
    rule = "repeat: FREQ=WEEKLY\n"
    assert nodes(seminars, rule, "weekly: {name: Weekly}\n") == []
    (series,) = nodes(seminars, rule + "status: cancelled\n")
    assert series["eventStatus"] == "https://schema.org/EventCancelled"
