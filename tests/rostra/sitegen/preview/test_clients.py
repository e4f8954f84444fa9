"""The three programs of the preview are the three of the subscriber simulator."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from rostra.sitegen.calendars import Calendars
from rostra.sitegen.preview.clients import CLIENTS, event_of, shown
from rostra.sitegen.programme import load
from tests.rostra.sitegen.conftest import NOW, TALK
from tests.rostra.sitegen.subscribers._clients import Subscriber, events
from tests.rostra.sitegen.subscribers._visible import Client

ZONES = [ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")]
LIVE = "https://a.example/live"  # where one registers as well: one address, told once
STREAM = f"links: {{stream: {LIVE}, registration: {LIVE}}}\nplace: Room 7\nformat: hybrid\n"


def calendar(folder):
    files = Calendars(load(folder, NOW), NOW).calendars
    return next(one.text for one in files if one.path == "talks/weekly/trust.ics")


@pytest.mark.parametrize("status", ["confirmed", "tentative", "cancelled", "postponed"])
@pytest.mark.parametrize("client", CLIENTS, ids=lambda one: one.key)
def test_what_is_drawn_is_what_the_simulator_shows(seminars, status, client) -> None:
    text = calendar(seminars({"weekly/trust.yaml": f"{TALK}status: {status}\n{STREAM}"}))
    subscriber = Subscriber(Client(client.cancellation, "replaces", "all", False, (0,)))
    subscriber.poll(events(text))
    drawn = shown(client, event_of(text, next(iter(events(text)))), ZONES)
    week = [*subscriber.week().values()]
    assert drawn.gone == (not week)
    for seen in week:
        assert (seen.title, seen.place, seen.struck) == (drawn.title, drawn.place, drawn.struck)
        assert all((seen.start, seen.end) == times for times in drawn.times)


def test_times_are_read_from_the_clocks_of_viewers(seminars) -> None:
    text = calendar(seminars())
    drawn = shown(CLIENTS[0], event_of(text, next(iter(events(text)))), ZONES)
    assert [f"{start:%H:%M}" for start, _ in drawn.times] == ["10:00", "04:00"]
    assert drawn.times[1][0] == datetime(2024, 5, 5, 8, tzinfo=UTC)


def test_ways_in_stand_in_the_description_and_the_address_where_it_has_a_field(seminars) -> None:
    text = calendar(seminars({"weekly/trust.yaml": TALK + STREAM}))
    google, outlook, apple = (
        shown(client, event_of(text, next(iter(events(text)))), ZONES) for client in CLIENTS
    )
    assert google.conference == ("https://a.example/live",)
    assert google.conference[0] in google.words
    assert "<" not in google.words
    assert (google.address, outlook.address) == ("", "")
    assert apple.address == "https://lab.example/talks/weekly/trust/"
