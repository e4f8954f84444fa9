"""A calendar's event as Google Calendar, Outlook and Apple Calendar show it to a subscriber.

Drawn from the event itself, not by those programs. What each makes of STATUS:CANCELLED is what its
users report: Google takes the event away, Outlook shows it as if nothing had happened, Apple
strikes it out; the subscriber simulator of the tests knows the same three. All show DESCRIPTION as
plain text, and none reads CONFERENCE, so every way in stands in the description as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import icalendar

Cancellation = Literal["honours", "drops", "ignores"]


@dataclass(frozen=True)
class Client:
    """A program: what it makes of a cancelled event, of one that is tentative, and of URL."""

    key: str
    name: str
    cancellation: Cancellation
    tentative: bool = False
    address: bool = False


CLIENTS = (
    Client("google", "Google Calendar", "drops"),
    Client("outlook", "Outlook", "ignores", tentative=True),
    Client("apple", "Apple Calendar", "honours", address=True),
)


@dataclass(frozen=True)
class Shown:
    """What stands on the screen; `times` are start and end by the clock of each viewer."""

    client: Client
    title: str
    times: tuple[tuple[datetime, datetime], ...]
    place: str
    words: str
    address: str
    conference: tuple[str, ...]
    gone: bool = False
    struck: bool = False
    hatched: bool = False


def shown(client: Client, event: icalendar.Component, viewers: Sequence[ZoneInfo]) -> Shown:
    """Draw an event as a program does.

    Args:
        client: the program.
        event: the event, as it was read from the calendar.
        viewers: the zones that subscribers are in.
    """
    status = str(event.get("status", ""))
    start, end = event.decoded("dtstart"), event.decoded("dtend")
    cancelled = status == "CANCELLED"
    return Shown(
        client,
        str(event["summary"]),
        tuple((start.astimezone(zone), end.astimezone(zone)) for zone in viewers),
        str(event.get("location", "")),
        str(event.get("description", "")),
        str(event.get("url", "")) if client.address else "",
        ways(event),
        gone=cancelled and client.cancellation == "drops",
        struck=cancelled and client.cancellation == "honours",
        hatched=client.tentative and status == "TENTATIVE",
    )


def ways(event: icalendar.Component) -> tuple[str, ...]:
    """The public ways in that the event carries as CONFERENCE (RFC 7986, 5.11)."""
    found = event.get("conference", [])
    every = found if isinstance(found, list) else [found]
    return tuple(dict.fromkeys(str(one) for one in every))


def event_of(calendar: str, uid: str) -> icalendar.Component:
    """Read the event with an identifier from the text of a calendar."""
    events = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
    return next(one for one in events if str(one["uid"]) == uid)
