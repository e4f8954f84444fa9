"""A calendar beside the changes of five clocks, and the instants that its entries mean."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from rostra.sitegen.calendars import Calendars
from rostra.sitegen.programme import Programme, load

NOW = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime(2027, 6, 1, tzinfo=UTC)
# Beside the changes of each clock: the last and the first hour that it shows once.
STARTS = {
    "Europe/Berlin": ("03-29 01:30", "03-29 03:30", "10-25 01:30", "10-25 03:30"),
    "America/New_York": ("03-08 01:30", "03-08 03:30", "11-01 00:30", "11-01 02:30"),
    "Australia/Lord_Howe": ("04-05 01:00", "04-05 02:30", "10-04 01:30", "10-04 03:00"),
    "Asia/Hong_Kong": ("03-29 02:30", "12-31 23:30"),
    "UTC": ("03-29 01:30", "10-25 00:30"),
}
TWICE = ("2026-10-25 02:30 +02:00", "2026-10-25 02:30 +01:00")
MEETUP = """\
title: {title}
zone: {zone}
start: 2026-01-07 12:00
repeat: {rule}
not_on: [2026-03-25]
also_on: ["2026-03-30 13:00"]
"""
RULES = ("FREQ=WEEKLY;BYDAY=WE;UNTIL=20261230", "FREQ=WEEKLY;COUNT=60")


def entries() -> Iterator[tuple[str, str]]:
    yield "site.yaml", "id: lab\nname: Lab\nurl: https://lab.example/\nzone: Europe/Berlin\n"
    yield "people.yaml", "ann: {name: Ann}\n"
    yield "series.yaml", "weekly: {name: Weekly, duration: 90 min}\n"
    for zone, starts in STARTS.items():
        name = zone.replace("/", "-").replace("_", "-").lower()
        for number, start in enumerate(starts):
            talk = f"title: {name} {number}\nzone: {zone}\nstart: 2026-{start}\n"
            yield f"weekly/{name}-{number}.yaml", talk
        for number, rule in enumerate(RULES):
            title = f"{name} again {number}"
            text = MEETUP.format(title=title, zone=zone, rule=rule)
            yield f"weekly/{name}-again-{number}.yaml", text
    for number, start in enumerate(TWICE):
        yield f"weekly/twice-{number}.yaml", f"title: twice {number}\nstart: {start}\n"


@cache
def programme() -> Programme:
    with TemporaryDirectory() as folder:
        for name, text in entries():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load(Path(folder))


@cache
def text() -> str:
    files = Calendars(programme(), NOW).calendars
    return next(file.text for file in files if file.path == "talks/all.ics")


def truth() -> Mapping[str, list[tuple[int, int]]]:
    """Start and end of every event, in seconds since 1970, under its title."""
    found = {str(talk.title): [span(talk.start, talk.end)] for talk in programme().talks}
    for meetup in programme().meetups:
        starts = meetup.meetings(NOW, UNTIL)
        found[str(meetup.title)] = [span(start, start + meetup.length) for start in starts]
    return found


def span(start: datetime, end: datetime) -> tuple[int, int]:
    return int(start.timestamp()), int(end.timestamp())


def lasting(start: datetime, length: timedelta) -> tuple[int, int]:
    """A span that lasts so long by the sun, as a meeting does."""
    return span(start, start.astimezone(UTC) + length)
