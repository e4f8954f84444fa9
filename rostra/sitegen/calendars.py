"""Calendars (RFC 5545 and 7986): what a subscriber's calendar shows is what the entry says.

Each event has a calendar of its own; all, each series, person and topic have one with everything
and one with what is current, each also in the rich profile and in every language of the site.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from rostra.sitegen.bundles import Bundles, of_talk
from rostra.sitegen.calendar_events import (
    Telling,
    component,
    event_texts,
    folded,
    instant,
    line,
    text,
    times,
)
from rostra.sitegen.fields import Text, in_language
from rostra.sitegen.ledger import Record
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.notices import Notice, notice, tombstone
from rostra.sitegen.programme import Programme
from rostra.sitegen.prose import to_plain
from rostra.sitegen.release import Comparison, compare, identifier
from rostra.sitegen.site import Site
from rostra.sitegen.timezones import described

__all__ = ["CURRENT", "Calendars", "identifier"]

EVERY = "PT12H"  # how often one should look
FIRST = (line("PRODID", "-//Rostra//Seminars//EN"), line("VERSION", "2.0"))
LAST = (line("REFRESH-INTERVAL", EVERY, VALUE="DURATION"), line("X-PUBLISHED-TTL", EVERY))
BEGIN = component("VCALENDAR", FIRST, end=False)
BEFORE_EVENTS = folded(LAST)
CURRENT = timedelta(days=90)  # how long what has ended, or has changed, stays in `current`
AHEAD = timedelta(days=3 * 366)  # how far zones are described for what comes again
PAGES = {"en": "", "zh": "zh/"}
# With the end of the line before it: a title may end in these words, but begins no line.
CRLF, EVENT, END = b"\r\n", b"BEGIN:VEVENT\r\n", b"END:VCALENDAR\r\n"
MANY = 50  # events; of as many it pays to look at them in the calendar as it was
NEVER = datetime(2020, 1, 1)  # what the clock of a calendar without events is described for


@dataclass(frozen=True)
class CalendarFile:
    """One calendar: where it lies below the site, and what it is made of."""

    path: str
    shelf: "Calendars"
    key: str
    language: str
    current: bool = False
    rich: bool = False

    @property
    def bundle(self) -> str:
        """What it is kept under, if that is a talk, a person or a topic."""
        return self.key

    @property
    def held(self) -> list[Record]:
        """The events in it, in the order of time."""
        return self.shelf.held(self.key, current=self.current)

    @property
    def said(self) -> bytes:
        """What it says, its lines ended by CRLF and folded at 75 octets."""
        return self.shelf.written(self)

    @property
    def text(self) -> str:
        """The same as text."""
        return self.said.decode()


class Calendars:
    """All calendars of a programme, as of an instant.

    Args:
        programme: the entries; the ledger lies in its folder.
        now: the clock of this build.
        comparison: of the programme with the ledger, where it is known already.
        bundles: what the last build wrote, and what of it stays.
    """

    def __init__(
        self,
        programme: Programme,
        now: datetime,
        comparison: Comparison | None = None,
        bundles: Bundles | None = None,
    ) -> None:
        self.programme = programme
        self.site: Site = programme.site
        self.now = now
        self._compared = comparison
        self._bundles = bundles or Bundles()
        # An event stands in many calendars.
        self._events: dict[tuple[str, str], tuple[bytes, bytes]] = {}
        self._moments_of: dict[str, Sequence[datetime]] = {}
        # Calendars that differ in their profile alone have these in common.
        self._named: dict[tuple[str, str], bytes] = {}
        self._zones: dict[tuple[str, bool], list[bytes]] = {}

    @cached_property
    def comparison(self) -> Comparison:
        """The programme beside the ledger."""
        return self._compared or compare(self.programme, self.now)

    @property  # not kept: each of them keeps us
    def calendars(self) -> tuple[CalendarFile, ...]:
        """Every calendar; those of the site's first language lie where they always lay."""
        return tuple(self.files())

    def files(self, without: Container[str] = ()) -> Iterator[CalendarFile]:
        """Yield every calendar but those that are kept under some names."""
        return (
            self._file(key, language, current=current, rich=rich)
            for language in self.site.languages
            for key in self.holdings
            if key not in without
            for current in ((False,) if _is_of_one(key) else (False, True))
            for rich in (False, True)
        )

    def _file(
        self, key: str, language: str, *, current: bool = False, rich: bool = False
    ) -> CalendarFile:
        folder = "" if language == self.site.languages[0] else f"{language}/"
        name = key + ".current" * current + ".rich" * rich
        return CalendarFile(f"{folder}{name}.ics", self, key, language, current, rich)

    @cached_property
    def holdings(self) -> Mapping[str, list[Record]]:
        """What each calendar holds, in the order of time; no address that was released is lost."""
        series = [f"talks/{one.id}" for one in self.programme.series]
        found: dict[str, list[Record]] = {key: [] for key in ["talks/all", *series]}
        for record in sorted(self.comparison.records.values(), key=_order):
            for key in record.calendars:
                found.setdefault(key, []).append(record)
        return found

    @cached_property
    def names(self) -> Mapping[str, Text]:
        """What calendars of many are called where an entry says it."""
        programme = self.programme
        return {
            "talks/all": self.site.name,
            **{f"talks/{one.id}": one.name for one in programme.series},
            **{f"people/{one.id}": one.name for one in programme.people},
            **{f"topics/{one.slug}": one.name for one in programme.topics},
        }

    def name(self, key: str) -> Text:
        """What a calendar is called: that of one event as the event is."""
        event = self.comparison.events.get(key.removeprefix("talks/")) if _is_of_one(key) else None
        # What a calendar was called whose series or person is gone, nobody says any more.
        return event.title if event else self.names.get(key, self.site.name)

    def held(self, key: str, *, current: bool) -> list[Record]:
        """The events in a calendar, in the order of time."""
        held = self.holdings[key]
        return [one for one in held if one.ref in self.recents] if current else held

    @cached_property
    def recents(self) -> frozenset[str]:
        """The addresses of events that are current."""
        return frozenset(one.ref for one in self.comparison.records.values() if self.recent(one))

    def written(self, file: CalendarFile) -> bytes:
        """Write a calendar: its head, its zones, its events."""
        held = file.held
        head = (BEGIN, self._name(file), folded(self._head(file, held)), BEFORE_EVENTS)
        told = self._told_before(file) if len(held) > MANY else {}
        events = (told.get(one.uid) or self._event(one, file.language, file.rich) for one in held)
        return b"".join([*head, *self._described(file, held), *events, END])

    def _described(self, file: CalendarFile, held: list[Record]) -> list[bytes]:
        key = file.key, file.current
        if key not in self._zones:
            self._zones[key] = described(self._moments(held))
        return self._zones[key]

    def forget(self) -> None:
        """Free what calendars have in common, once all are written: it is much."""
        for known in (self._events, self._moments_of, self._named, self._zones):
            known.clear()

    def _told_before(self, file: CalendarFile) -> Mapping[str, bytes]:
        """What the last build wrote of events that stay, under their UIDs, which come first."""
        stay = {one.uid for one in file.held if of_talk(one.ref) in self._bundles.standing}
        written = (self._bundles.left(file.path) or b"").removesuffix(END).removesuffix(CRLF)
        events = written.split(CRLF + EVENT)[1:]
        found = {one[4 : one.index(b"\r")].decode(): EVENT + one + CRLF for one in events}
        return {uid: told for uid, told in found.items() if uid in stay}

    def _event(self, record: Record, language: str, rich: bool) -> bytes:
        key = record.ref, language
        if key not in self._events:
            plain, full = (self._told_already(record, language, one) for one in (False, True))
            known = (plain, full) if plain and full else None
            self._events[key] = known or event_texts(self._telling(record, language))
        return self._events[key][rich]

    def _told_already(self, record: Record, language: str, rich: bool) -> bytes:
        """What an event's own calendar says of it, if that stays as it is."""
        own = self._file(f"talks/{record.ref}", language, rich=rich)
        if self.holdings.get(own.key) != [record]:
            return b""
        _, begun, said = (self._bundles.read(own.path, own) or b"").partition(CRLF + EVENT)
        return EVENT + said.removesuffix(END) if begun else b""

    def recent(self, record: Record) -> bool:
        """Whether it is to come, comes again, has just ended, or has just changed."""
        since = self.now - CURRENT
        changed = record.last_modified > since and self._released(record)
        event = self.comparison.events.get(record.ref)
        if isinstance(event, Meetup):
            coming = event.meetings(since - event.length, self.now + AHEAD)
            return changed or bool(coming)
        return changed or record.end > since

    def _head(self, file: CalendarFile, held: list[Record]) -> Iterator[bytes]:
        address = self._address(file.path)
        yield line("UID", str(identifier(self.site, "calendar", file.path)))
        yield line("URL", address)
        yield line("SOURCE;VALUE=URI", address)
        if held:
            yield instant("LAST-MODIFIED", max(map(self.stamp, held)))

    def _name(self, file: CalendarFile) -> bytes:
        key = file.key, file.language
        if key not in self._named:
            told = text("NAME", to_plain(in_language(self.name(file.key), file.language)))
            self._named[key] = folded((told, b"X-WR-CAL" + told))
        return self._named[key]

    def _moments(self, held: list[Record]) -> Iterator[datetime]:
        """The local times that are written, for the zones that they are in."""
        if not held:
            # A calendar has at least one component (3.6), and UTC is described nowhere.
            key = self.site.zone.key
            yield NEVER.replace(tzinfo=ZoneInfo("Etc/UTC" if key == "UTC" else key))
        for record in held:
            yield from self._times(record)

    def _times(self, record: Record) -> Sequence[datetime]:
        if record.ref not in self._moments_of:
            found = times(record)
            if record.recurrence:
                ahead = self.now.astimezone(record.zone) + AHEAD
                found = (*found, max(record.local(record.end), ahead))
            self._moments_of[record.ref] = found
        return self._moments_of[record.ref]

    def _telling(self, record: Record, language: str) -> Telling:
        created = record.created if self._released(record) else None
        page = "" if record.withdrawn else self._address(f"{PAGES[language]}talks/{record.ref}/")
        return Telling(record, self._notice(record, language), self.stamp(record), created, page)

    def _notice(self, record: Record, language: str) -> Notice:
        event = self.comparison.events.get(record.ref)
        return tombstone(language) if event is None else notice(event, language, self.site.address)

    def _released(self, record: Record) -> bool:
        return record.withdrawn or record.ref in self.comparison.before

    def stamp(self, record: Record) -> datetime:
        """When it was last revised."""
        return self.comparison.stamp(record.ref)

    def _address(self, path: str) -> str:
        return self.site.address + path


def _is_of_one(key: str) -> bool:
    """Whether it is the calendar of one event: `talks/series/slug`."""
    return key.count("/") == 2


def _order(record: Record) -> tuple[datetime, str]:
    return record.start, record.ref
