"""Calendars (RFC 5545 and 7986): what a subscriber's calendar shows is what the entry says."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import icalendar
from icalendar.prop import vDuration, vText

from rostra.sitegen.entries import Site, Talk, titled
from rostra.sitegen.fields import in_language
from rostra.sitegen.prose import to_plain
from rostra.sitegen.timezones import timezones

PRODUCT = "-//Rostra//Seminars//EN"
NAMESPACE = uuid.UUID("6f1d2b0e-9d3c-5c1a-8f55-3a1de8a7c0b4")
STATUS = {
    "confirmed": "CONFIRMED",
    "tentative": "TENTATIVE",
    "cancelled": "CANCELLED",
    "postponed": "TENTATIVE",
}


def identifier(site: Site, *names: str) -> uuid.UUID:
    """Make an identifier that stays when the title, time or address of the thing changes."""
    return uuid.uuid5(NAMESPACE, "/".join((site.id, *names)))


def calendar(site: Site, talks: Iterable[Talk], name: str, path: str) -> str:
    """Write talks as a calendar.

    Args:
        site: the site, whose first language the calendar speaks.
        talks: what it holds.
        name: what the subscriber's list of calendars calls it.
        path: where the calendar itself lies below the site.

    Returns:
        The text, its lines ended by CRLF and folded at 75 octets.
    """
    shown = sorted(talks, key=lambda talk: (talk.start, talk.ref))
    found = icalendar.Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    for key in ("name", "x-wr-calname"):
        # The library escapes only the names that it knows.
        found.add(key, vText(name))
    found.add("uid", str(identifier(site, "calendar", path)))
    found.add("url", _address(site, path))
    found.add("refresh-interval", vDuration(timedelta(hours=12)), {"VALUE": "DURATION"})
    found.add("x-published-ttl", "PT12H")
    moments = (moment for talk in shown for moment in (talk.start, talk.end))
    for zone in timezones(map(_written, moments)):
        found.add_component(zone)
    for talk in shown:
        found.add_component(_event(site, talk))
    return found.to_ical(sorted=False).decode("utf-8")


def _written(moment: datetime) -> datetime:
    """The moment as a calendar can say it.

    A local time that the clock shows twice means the first (RFC 5545, 3.3.5); the second has no
    local notation and is written in UTC.
    """
    second = moment.utcoffset() != moment.replace(fold=0).utcoffset()
    return moment.astimezone(UTC) if second else moment


def _event(site: Site, talk: Talk) -> icalendar.Event:
    language = site.languages[0]
    event = icalendar.Event()
    event.add("uid", str(identifier(site, talk.ref)))
    event.add("dtstamp", talk.revised)
    event.add("dtstart", _written(talk.start))
    event.add("dtend", _written(talk.end))
    event.add("summary", _summary(talk, language))
    event.add("description", "\n\n".join(_description(site, talk, language)))
    event.add("url", _address(site, f"talks/{talk.ref}/"))
    event.add("status", STATUS[talk.status])
    if place := talk.place or talk.series.place:
        event.add("location", in_language(place, language))
    return event


def _summary(talk: Talk, language: str) -> str:
    # Some calendars drop or ignore STATUS, so the title says it as well.
    title = titled(talk, language)
    who = ", ".join(in_language(person.name, language) for person in talk.speakers)
    return f"{title} ({who})" if who else title


def _description(site: Site, talk: Talk, language: str) -> Iterator[str]:
    """The words of the event. Only public addresses: a calendar is read by whoever has its own."""
    for person in talk.speakers:
        name = in_language(person.name, language)
        where = in_language(person.affiliation, language) if person.affiliation else ""
        yield f"{name}, {where}" if where else name
    if talk.abstract:
        yield to_plain(in_language(talk.abstract, language))
    if talk.links.registration:
        label = "报名" if language == "zh" else "Registration"
        yield f"{label}: {talk.links.registration}"
    yield _address(site, f"talks/{talk.ref}/")


def _address(site: Site, path: str) -> str:
    return site.url.rstrip("/") + "/" + path
