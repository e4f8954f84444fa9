"""One event of a calendar: a notice with its revision; `icalendar` escapes its words.

The plain profile is RFC 5545 and 7986; the rich one adds who takes part, formatted words and
structured data (RFC 9073), and links to what is left of a talk (RFC 9253).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from icalendar.parser import Parameters
from icalendar.prop import vRecur, vText

from rostra.sitegen.ledger import Record
from rostra.sitegen.notices import STATUS, Notice, Part, moment_line, written

END = b"END:VEVENT\r\n"
LONGEST = 75  # octets in a line
MINUTE = timedelta(minutes=1)  # entries know nothing shorter
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


def times(record: Record) -> tuple[datetime, ...]:
    """Start and end as they are written; what comes again keeps to the clock of its zone."""
    start, end = map(record.local, (record.start, record.end))
    if record.recurrence or (written(start), written(end)) == (start, end):
        return start, end
    return start.astimezone(UTC), end.astimezone(UTC)


def event_texts(telling: Telling) -> tuple[bytes, bytes]:
    """Write an event, plain and rich: lines ended by CRLF and folded at 75 octets."""
    plain = component("VEVENT", _plain(telling), end=False)
    return plain + END, plain + folded(_enriching(telling)) + END


def component(name: str, lines: Iterable[bytes], end: bool = True) -> bytes:
    """Write a component of finished lines; without its end, where others follow inside it."""
    last = [b"END:" + name.encode()] if end else []
    return folded((b"BEGIN:" + name.encode(), *lines, *last))


def folded(lines: Iterable[bytes]) -> bytes:
    """End lines by CRLF, and fold those of more than 75 octets."""
    return b"".join((line if len(line) <= LONGEST else _folded(line)) + b"\r\n" for line in lines)


def line(name: str, value: str | int, **given: str) -> bytes:
    """Write a content line whose value needs no escapes. The library knows how parameters are told.

    Examples:
        >>> line("LINK", "https://a.example/", LABEL="Slides; notes")
        b'LINK;LABEL="Slides; notes":https://a.example/'
    """
    told = b";" + Parameters(given).to_ical(sorted=False) if given else b""
    return name.encode() + told + b":" + str(value).encode()


def text(name: str, value: str, **given: str) -> bytes:
    """Write a content line of words, escaped as the library does it."""
    return line(name, vText(value).to_ical().decode(), **given)


def instant(name: str, moment: datetime) -> bytes:
    """Write an instant, in UTC."""
    return line(name, f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}")


def _folded(line: bytes) -> bytes:
    """Fold a line so that no fold cuts an escape, as those of the library may.

    A program that takes folds out after escapes would read another text.
    """
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


def _plain(telling: Telling) -> Iterator[bytes]:
    record, notice = telling.record, telling.notice
    yield line("UID", record.uid)
    yield instant("DTSTAMP", telling.stamp)
    if telling.created is not None:
        yield instant("CREATED", telling.created)
    yield instant("LAST-MODIFIED", telling.stamp)
    yield line("SEQUENCE", record.sequence)
    yield from _span(record)
    yield from map(_recurring, record.recurrence)
    yield line("STATUS", STATUS[record.status])
    yield text("SUMMARY", notice.summary)
    yield from _words(telling)


def _span(record: Record) -> Iterator[bytes]:
    """From when to when; for how long, where what comes again meets an hour that comes twice."""
    start, end = times(record)
    yield moment_line("DTSTART", start).encode()
    if record.recurrence and (written(start), written(end)) != (start, end):
        yield line("DURATION", f"PT{(record.end - record.start) // MINUTE}M")
    else:
        yield moment_line("DTEND", end).encode()


def _recurring(told: str) -> bytes:
    """A line of the record, its rule in the order that programs expect."""
    name, _, value = told.partition(":")
    return (
        line(name, vRecur.from_ical(value).to_ical().decode()) if name == "RRULE" else told.encode()
    )


def _words(telling: Telling) -> Iterator[bytes]:
    notice, address = telling.notice, [telling.address] if telling.address else []
    if words := [*notice.description, *address]:
        yield text("DESCRIPTION", "\n\n".join(words))
    if notice.location:
        yield text("LOCATION", notice.location)
    if notice.topics:
        yield b"CATEGORIES:" + b",".join(vText(topic).to_ical() for topic in notice.topics)
    if address:
        yield line("URL", telling.address)
    for way in notice.ways:
        feature = {"FEATURE": "VIDEO"} if way.kind == "stream" else {}
        given = {"VALUE": "URI", **feature, "LABEL": way.label}
        yield line("CONFERENCE", uri(way.address), **given)


def uri(address: str) -> str:
    """Write what RFC 3986 has no letters for by its octets: people copy addresses from anywhere.

    Examples:
        >>> uri("https://a.example/信任?a=1&b={2}")
        'https://a.example/%E4%BF%A1%E4%BB%BB?a=1&b=%7B2%7D'
    """
    return quote(address, safe="%:/?#[]@!$&'()*+,;=~")


def _enriching(telling: Telling) -> Iterator[bytes]:
    notice = telling.notice
    if notice.html:
        given = {"VALUE": "TEXT", "FMTTYPE": "text/html", "LANGUAGE": notice.language}
        yield text("STYLED-DESCRIPTION", notice.html, **given)
    for link in notice.links:
        given = {"LINKREL": "related", "LABEL": link.label, "VALUE": "URI"}
        yield line("LINK", uri(link.address), **given)
    if telling.address:
        given = {"VALUE": "TEXT", "FMTTYPE": "application/ld+json", "SCHEMA": SCHEMA}
        yield text("STRUCTURED-DATA", _structured(telling), **given)
    for part in telling.notice.parts:
        yield from _participant(part, telling.record.uid)


def _participant(part: Part, event: str) -> Iterator[bytes]:
    """Yield the lines of a PARTICIPANT (RFC 9073, 7.1)."""
    yield b"BEGIN:PARTICIPANT"
    yield line("UID", str(uuid5(NAMESPACE_URL, f"urn:uuid:{event}/{part.key}")))
    yield text("PARTICIPANT-TYPE", part.role)
    yield text("SUMMARY", part.name)
    if part.affiliation:
        yield text("DESCRIPTION", part.affiliation)
    if part.homepage:
        yield line("URL", uri(part.homepage))
    yield b"END:PARTICIPANT"


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
