"""One event of a calendar: a notice with its revision, written by `icalendar`.

The plain profile is RFC 5545 and 7986; the rich one adds who takes part, formatted words and
structured data (RFC 9073), and links to what is left of a talk (RFC 9253).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import icalendar
from icalendar.prop import vRecur, vText

from rostra.sitegen.ledger import Record
from rostra.sitegen.notices import STATUS, Notice, written

LONGEST = 75  # octets in a line
SCHEMA = "https://schema.org/Event"
MODES = {
    "CONFIRMED": "https://schema.org/EventScheduled",
    "TENTATIVE": "https://schema.org/EventScheduled",
    "CANCELLED": "https://schema.org/EventCancelled",
}


@dataclass(frozen=True)
class Telling:
    """What makes an event: its record, what is said of it, when it was revised, where it is read.

    `created` is unknown until it is released; a withdrawn event is read nowhere.
    """

    record: Record
    notice: Notice
    stamp: datetime
    created: datetime | None
    address: str

    @property
    def times(self) -> tuple[datetime, datetime]:
        """Start and end as they are written; what comes again keeps to the clock of its zone."""
        start, end = map(self.record.local, (self.record.start, self.record.end))
        if self.record.recurrence or (written(start), written(end)) == (start, end):
            return start, end
        return start.astimezone(UTC), end.astimezone(UTC)


class _Participant(icalendar.Component):
    """RFC 9073, 7.1, which the library does not know."""

    name = "PARTICIPANT"


@lru_cache(maxsize=2**16)  # also from one build of a running server to the next
def event_text(telling: Telling, *, rich: bool = False) -> bytes:
    """Write an event: lines ended by CRLF and folded at 75 octets."""
    event = _plain(telling)
    if rich:
        _enrich(event, telling)
    return written_out(event)


def written_out(component: icalendar.Component) -> bytes:
    """Write a component, folded so that no line cuts an escape, as those of the library may.

    A program that takes folds out after escapes would read another text.
    """
    lines = component.to_ical(sorted=False).replace(b"\r\n ", b"").split(b"\r\n")
    return b"\r\n".join(map(_folded, lines))


def _folded(line: bytes) -> bytes:
    parts, room = [], LONGEST
    while len(line) > room:
        cut = room
        while line[cut] & 0xC0 == 0x80 or _open_escape(line[:cut]):
            cut -= 1
        parts.append(line[:cut])
        line, room = line[cut:], LONGEST - 1  # a blank goes before what is folded
    return b"\r\n ".join([*parts, line])


def _open_escape(text: bytes) -> bool:
    return (len(text) - len(text.rstrip(b"\\"))) % 2 == 1


def _plain(telling: Telling) -> icalendar.Event:
    record, notice = telling.record, telling.notice
    event = icalendar.Event()
    event.add("uid", record.uid)
    event.add("dtstamp", telling.stamp)
    if telling.created is not None:
        event.add("created", telling.created)
    event.add("last-modified", telling.stamp)
    event.add("sequence", record.sequence)
    for name, moment in zip(("dtstart", "dtend"), telling.times, strict=True):
        event.add(name, moment)
    for line in record.recurrence:
        _recur(event, line)
    event.add("status", STATUS[record.status])
    event.add("summary", notice.summary)
    _words(event, telling)
    return event


def _words(event: icalendar.Event, telling: Telling) -> None:
    notice, address = telling.notice, [telling.address] if telling.address else []
    if words := [*notice.description, *address]:
        event.add("description", "\n\n".join(words))
    if notice.location:
        event.add("location", notice.location)
    if notice.topics:
        event.add("categories", [*notice.topics])
    if address:
        event.add("url", telling.address)
    for way in notice.ways:
        feature = {"FEATURE": "VIDEO"} if way.kind == "stream" else {}
        event.add("conference", uri(way.address), {"VALUE": "URI", **feature, "LABEL": way.label})


def uri(address: str) -> str:
    """Write what RFC 3986 has no letters for by its octets: people copy addresses from anywhere.

    Examples:
        >>> uri("https://a.example/信任?a=1&b={2}")
        'https://a.example/%E4%BF%A1%E4%BB%BB?a=1&b=%7B2%7D'
    """
    return quote(address, safe="%:/?#[]@!$&'()*+,;=~")


def _recur(event: icalendar.Event, line: str) -> None:
    left, _, value = line.partition(":")
    name, _, zone = left.partition(";TZID=")
    if name == "RRULE":
        event.add(name, vRecur.from_ical(value))
        return
    form = "%Y%m%dT%H%M%S" if zone else "%Y%m%dT%H%M%SZ"
    clock = ZoneInfo(zone) if zone else UTC
    event.add(name, datetime.strptime(value, form).replace(tzinfo=clock))


def _enrich(event: icalendar.Event, telling: Telling) -> None:
    notice = telling.notice
    if notice.html:
        given = {"VALUE": "TEXT", "FMTTYPE": "text/html", "LANGUAGE": notice.language}
        event.add("styled-description", vText(notice.html), given)
    for link in notice.links:
        event.add(
            "link", uri(link.address), {"LINKREL": "related", "LABEL": link.label, "VALUE": "URI"}
        )
    for component in _participants(telling):
        event.add_component(component)
    if telling.address:
        given = {"VALUE": "TEXT", "FMTTYPE": "application/ld+json", "SCHEMA": SCHEMA}
        event.add("structured-data", vText(_structured(telling)), given)


def _participants(telling: Telling) -> Iterator[icalendar.Component]:
    for part in telling.notice.parts:
        found = _Participant()
        found.add("uid", str(uuid5(NAMESPACE_URL, f"urn:uuid:{telling.record.uid}/{part.key}")))
        found.add("participant-type", vText(part.role))
        found.add("summary", vText(part.name))
        if part.affiliation:
            found.add("description", vText(part.affiliation))
        if part.homepage:
            found.add("url", uri(part.homepage))
        yield found


def _structured(telling: Telling) -> str:
    """The event as search engines read it (schema.org)."""
    record, notice = telling.record, telling.notice
    people = [{"@type": "Person", "name": part.name} for part in notice.parts]
    facts = {
        "@context": "https://schema.org",
        "@type": "Event",
        "identifier": f"urn:uuid:{record.uid}",
        "name": notice.summary,
        "url": telling.address,
        "startDate": record.local(record.start).isoformat(),
        "endDate": record.local(record.end).isoformat(),
        "eventStatus": MODES[STATUS[record.status]],
        "inLanguage": notice.language,
        "dateModified": telling.stamp.astimezone(UTC).isoformat(),
        **({"location": {"@type": "Place", "name": notice.location}} if notice.location else {}),
        **({"performer": people} if people else {}),
    }
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
