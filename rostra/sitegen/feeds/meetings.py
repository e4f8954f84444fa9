"""schema.org's EventSeries for a meet-up's page (JSON-LD), and an Event for each next meeting.

Google reads events one by one and knows no schedules; others read when it comes again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from rostra.sitegen.feeds._base import address
from rostra.sitegen.feeds.structured import Node, Pairs, embedded, locations, series, shared
from rostra.sitegen.fields import in_language
from rostra.sitegen.filters import iso_instant
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.prose import to_plain
from rostra.sitegen.recurrence import WEEK, parts_of
from rostra.sitegen.site import Site

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNITS = {"DAILY": "D", "WEEKLY": "W", "MONTHLY": "M", "YEARLY": "Y"}
MINUTE = timedelta(minutes=1)


def scheduled(meetup: Meetup, next_ones: Iterable[datetime], site: Site, language: str) -> str:
    """Write what search engines read of a meet-up, ready to stand in a script element."""
    found: list[Node] = []
    # Google wants to know where: as with talks, what is nowhere is no event for it.
    if places := list(locations(meetup, site, language)):
        told = dict(_told(meetup, site, language, places))
        meetings = (dict(_meeting(meetup, start, site)) for start in next_ones)
        found = [dict(_series(meetup, site, language)) | told]
        found += [meeting | told for meeting in meetings]
    return embedded({"@context": "https://schema.org", "@graph": found})


def _series(meetup: Meetup, site: Site, language: str) -> Pairs:
    yield "@type", "EventSeries"
    yield "@id", _key(meetup, site)
    yield "superEvent", series(meetup, site, language)
    if schedule := dict(_schedule(meetup)):
        yield "eventSchedule", schedule


def _key(meetup: Meetup, site: Site) -> str:
    return address(site, f"talks/{meetup.ref}/#series")


def _meeting(meetup: Meetup, start: datetime, site: Site) -> Pairs:
    yield "@type", "Event"
    yield "startDate", iso_instant(start)
    yield "endDate", iso_instant(meetup.ends(start))
    yield "superEvent", {"@id": _key(meetup, site)}


def _told(meetup: Meetup, site: Site, language: str, places: list[Node]) -> Pairs:
    """What is said of all meetings and of each."""
    yield "name", to_plain(in_language(meetup.title, language))
    about = in_language(meetup.about or meetup.title, language)
    yield "description", to_plain(about, site.address)
    status = "EventCancelled" if meetup.status == "cancelled" else "EventScheduled"
    yield "eventStatus", f"https://schema.org/{status}"
    yield from shared(meetup, site, language, places)


def _schedule(meetup: Meetup) -> Pairs:
    """When it comes again, by the clock of its zone, as far as schema.org has words for it."""
    parts = parts_of(meetup.repeat)
    if "BYSETPOS" in parts or "-" in parts.get("BYMONTHDAY", ""):
        return
    yield "@type", "Schedule"
    yield "repeatFrequency", f"P{parts.get('INTERVAL', 1)}{UNITS[parts['FREQ']]}"
    if days := parts.get("BYDAY"):
        yield "byDay", [_day(one) for one in days.split(",")]
    yield from _numbers(parts)
    yield "startDate", f"{meetup.start:%Y-%m-%d}"
    if "UNTIL" in parts:
        yield "endDate", f"{meetup.last.astimezone(meetup.zone):%Y-%m-%d}"
    yield "startTime", f"{meetup.start:%H:%M:%S}"
    yield "duration", f"PT{meetup.length // MINUTE}M"
    yield "scheduleTimezone", meetup.zone.key
    if meetup.not_on:
        yield "exceptDate", [day.isoformat() for day in meetup.not_on]


def _numbers(parts: Mapping[str, str]) -> Pairs:
    for key, name in (("BYMONTHDAY", "byMonthDay"), ("BYMONTH", "byMonth")):
        if key in parts:
            yield name, [int(one) for one in parts[key].split(",")]
    if "COUNT" in parts:
        yield "repeatCount", int(parts["COUNT"])


def _day(written: str) -> Any:
    """A weekday by schema.org's own name; one that is counted, as calendars write it."""
    return f"https://schema.org/{DAYS[WEEK.index(written)]}" if written in WEEK else written
