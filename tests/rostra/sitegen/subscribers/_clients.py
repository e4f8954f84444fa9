"""Subscribers' programs, as they are: each reads the file with its own small parser."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tests.rostra.sitegen.subscribers._entries import HORIZON
from tests.rostra.sitegen.subscribers._visible import Client, Shown

ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Event:
    """One VEVENT, as far as a program for calendars looks at it."""

    uid: str
    sequence: int
    stamp: datetime
    start: datetime
    end: datetime
    title: str
    place: str
    cancelled: bool
    again: tuple[datetime, ...]


@dataclass
class Subscriber:
    """A client and what it holds of one calendar."""

    client: Client
    held: dict[str, Event] = field(default_factory=dict)

    def poll(self, fetched: Mapping[str, Event]) -> None:
        """Take in what the calendar says now, as clients of this kind do."""
        if self.client.keeping == "replaces":
            self.held = {**fetched}
            return
        newer: Callable[[Event, Event], bool] = (
            _by_sequence if self.client.keeping == "keys" else _by_stamp
        )
        for uid, event in fetched.items():
            if uid not in self.held or newer(event, self.held[uid]):
                self.held[uid] = event

    def week(self) -> Mapping[str, Shown]:
        """What stands on the screen, under the UID of each."""
        return {uid: self._shown(event) for uid, event in self.held.items() if self._stands(event)}

    def _stands(self, event: Event) -> bool:
        return not (event.cancelled and self.client.cancellation == "drops")

    def _shown(self, event: Event) -> Shown:
        struck = event.cancelled and self.client.cancellation == "honours"
        return Shown(event.start, event.end, event.title, event.place, struck, event.again)


def _by_sequence(new: Event, old: Event) -> bool:
    return new.sequence > old.sequence


def _by_stamp(new: Event, old: Event) -> bool:
    return (new.sequence, new.stamp) > (old.sequence, old.stamp)


def events(text: str) -> dict[str, Event]:
    """Read the events of a calendar."""
    lines = text.replace("\r\n ", "").split("\r\n")
    found = [_event([*_properties(block)]) for block in _blocks(lines)]
    assert len({event.uid for event in found}) == len(found)
    return {event.uid: event for event in found}


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    while "BEGIN:VEVENT" in lines:
        start, end = lines.index("BEGIN:VEVENT"), lines.index("END:VEVENT")
        yield lines[start + 1 : end]
        lines = lines[end + 1 :]


def _properties(lines: list[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    for line in lines:
        left, _, value = line.partition(":")
        name, _, given = left.partition(";")
        yield name, (given, value)


def _event(properties: list[tuple[str, tuple[str, str]]]) -> Event:
    of = dict(properties)
    return Event(
        of["UID"][1],
        int(of["SEQUENCE"][1]),
        _instant(*of["DTSTAMP"]),
        _instant(*of["DTSTART"]),
        _instant(*of["DTEND"]),
        _text(of["SUMMARY"][1]),
        _text(of.get("LOCATION", ("", ""))[1]),
        of["STATUS"][1] == "CANCELLED",
        _again(properties) if "RRULE" in of else (),
    )


def _again(properties: list[tuple[str, tuple[str, str]]]) -> tuple[datetime, ...]:
    """Every start: by the rule, without EXDATE, with RDATE (RFC 5545, 3.8.5)."""
    of = dict(properties)
    without, besides = (
        {_instant(*told) for name, told in properties if name == wanted}
        for wanted in ("EXDATE", "RDATE")
    )
    return tuple(sorted({*_by_rule(of["RRULE"][1], *of["DTSTART"])} - without | besides))


def _by_rule(rule: str, given: str, value: str) -> Iterator[datetime]:
    """The starts that the rule alone gives: the wall clock of the zone goes on, week by week."""
    parts = dict(part.split("=") for part in rule.split(";"))
    assert parts.keys() <= {"FREQ", "INTERVAL", "COUNT", "UNTIL"}
    assert parts["FREQ"] == "WEEKLY"
    step = timedelta(weeks=int(parts.get("INTERVAL", "1")))
    until = min(_instant("", parts["UNTIL"]), HORIZON) if "UNTIL" in parts else HORIZON
    wall = _local(given, value)
    for _ in range(int(parts.get("COUNT", "1000"))):
        if (start := wall.astimezone(UTC)) > until:
            return
        yield start
        wall += step


@lru_cache(maxsize=4096)
def _instant(given: str, value: str) -> datetime:
    return _local(given, value).astimezone(UTC)


def _local(given: str, value: str) -> datetime:
    zone = ZoneInfo(given.removeprefix("TZID=")) if given else None
    assert (zone is None) == value.endswith("Z")
    wall = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")
    return wall.replace(tzinfo=zone or UTC)


def _text(value: str) -> str:
    return ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
