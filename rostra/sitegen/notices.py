"""Notices: all that calendars say of an event in one language, whatever its revision.

Calendars write notices and releases compare them, so nothing that subscribers can see changes
without a release knowing it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from rostra.sitegen.fields import Text, in_language
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.person import Person
from rostra.sitegen.prose import absolute, to_html, to_plain
from rostra.sitegen.recurrence import with_instant
from rostra.sitegen.spoken import spoken_date
from rostra.sitegen.talk import Talk, titled
from rostra.sitegen.topics import slug_of

Occasion: TypeAlias = Talk | Meetup

STATUS = {
    "confirmed": "CONFIRMED",
    "moved": "CONFIRMED",
    "tentative": "TENTATIVE",
    "postponed": "TENTATIVE",
    "cancelled": "CANCELLED",
    "withdrawn": "CANCELLED",
}
CANCELLED = {"en": "Cancelled", "zh": "已取消"}
MARK = {"en": "Cancelled: ", "zh": "【取消】"}
LABELS = {
    "registration": {"en": "Registration", "zh": "报名"},
    "stream": {"en": "Live stream", "zh": "直播"},
    "slides": {"en": "Slides", "zh": "幻灯片"},
    "recording": {"en": "Recording", "zh": "录像"},
    "paper": {"en": "Paper", "zh": "论文"},
    "code": {"en": "Code", "zh": "代码"},
    "notes": {"en": "Notes", "zh": "笔记"},
}
AFTERWARDS = ("slides", "recording", "paper", "code", "notes")
ON_STAGE = ("speakers", "panellists", "discussants")


@dataclass(frozen=True)
class Link:
    """A public address and what it is called."""

    kind: str
    address: str
    label: str


@dataclass(frozen=True)
class Part:
    """Somebody who takes part: RFC 9073 calls speakers SPEAKER and others ACTIVE."""

    key: str
    role: str
    name: str
    affiliation: str = ""
    homepage: str = ""


@dataclass(frozen=True)
class Notice:
    """What is said of an event in one language."""

    language: str
    summary: str
    description: tuple[str, ...] = ()
    html: str = ""
    location: str = ""
    topics: tuple[str, ...] = ()
    ways: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    parts: tuple[Part, ...] = ()


def notice(event: Occasion, language: str, home: str = "") -> Notice:
    """Say in a language what is public about an event.

    Args:
        event: which.
        language: which.
        home: the address of the site, where its words are read elsewhere.
    """
    talk = event if isinstance(event, Talk) else None
    about = talk.abstract if talk else event.about if isinstance(event, Meetup) else None
    return Notice(
        language,
        _talk_summary(talk, language) if talk else _meetup_summary(event, language),
        tuple(_description(event, about, language, home)),
        absolute(to_html(in_language(about, language)), home) if about else "",
        in_language(event.venue, language) if event.venue else "",
        tuple(to_plain(in_language(topic, language)) for topic in talk.topics) if talk else (),
        tuple(_ways(event, language)),
        tuple(_links(event, AFTERWARDS, language)),
        tuple(_parts(talk, language)) if talk else (),
    )


def tombstone(language: str) -> Notice:
    """Say that an event whose entry is gone does not take place, and nothing else."""
    return Notice(language, CANCELLED[language])


def calendars_of(event: Occasion) -> frozenset[str]:
    """The calendars that an event belongs to, as they lie below the site."""
    found = {"talks/all"}
    for ref in (event.ref, *event.formerly):
        found |= {f"talks/{ref}", f"talks/{ref.split('/')[0]}"}
    if isinstance(event, Talk):
        found |= {f"people/{one.id}" for role in ON_STAGE for one in event.roles.get(role, ())}
        found |= {f"topics/{slug_of(topic)}" for topic in event.topics}
    return frozenset(found)


def _talk_summary(talk: Talk, language: str) -> str:
    # Some calendars drop or ignore STATUS, so the title says it as well.
    title = titled(talk, language)
    who = ", ".join(in_language(person.name, language) for person in talk.speakers)
    return f"{title} ({who})" if who else title


def _meetup_summary(event: Occasion, language: str) -> str:
    mark = MARK[language] if event.status == "cancelled" else ""
    return mark + to_plain(in_language(event.title, language))


def _description(event: Occasion, about: Text | None, language: str, home: str) -> Iterator[str]:
    """The words of the event. Only public addresses: a calendar is read by whoever has its own."""
    comma = "，" if language == "zh" else ", "
    if isinstance(event, Talk):
        if event.moved_from is not None:
            yield _moved(event.moved_from, language)
        for person in event.speakers:
            name, where = in_language(person.name, language), _affiliation(person, language)
            yield f"{name}{comma}{where}" if where else name
    if about:
        yield to_plain(in_language(about, language), home)
    for link in _links(event, ("registration", "stream", *AFTERWARDS), language):
        yield f"{link.label}: {link.address}"


def _moved(moment: datetime, language: str) -> str:
    before = spoken_date(moment, language)
    return f"时间有变，原定于 {before}。" if language == "zh" else f"Moved from {before}."


def _links(event: Occasion, kinds: Iterable[str], language: str) -> Iterator[Link]:
    inherited = {"registration": event.registration, "stream": event.stream}
    for kind in kinds:
        if address := inherited.get(kind) or getattr(event.links, kind):
            yield Link(kind, address, LABELS[kind][language])


def _ways(event: Occasion, language: str) -> Iterator[Link]:
    """The public ways in: the stream and, where one meets online, the registration."""
    if event.status in ("cancelled", "postponed"):
        return
    kinds = ("stream",) if event.mode == "in-person" else ("stream", "registration")
    yield from _links(event, kinds, language)


def _parts(talk: Talk, language: str) -> Iterator[Part]:
    for role, people in talk.roles.items():
        kind = "SPEAKER" if role in ("speakers", "panellists") else "ACTIVE"
        for person in people:
            name, where = in_language(person.name, language), _affiliation(person, language)
            yield Part(f"{role}/{person.id}", kind, name, where, person.homepage or "")


def _affiliation(person: Person, language: str) -> str:
    return in_language(person.affiliation, language) if person.affiliation else ""


def written(moment: datetime) -> datetime:
    """The moment as a calendar can say it.

    A local time that the clock shows twice means the first (RFC 5545, 3.3.5); the second has no
    local notation, and programs differ (ical.js takes the second), so both are written in UTC.
    """
    twice = moment.replace(fold=1).utcoffset() != moment.replace(fold=0).utcoffset()
    return moment.astimezone(UTC) if twice else moment


def recurrence(event: Occasion) -> tuple[str, ...]:
    """The lines that say when a meet-up comes again: RRULE, EXDATE, RDATE (RFC 5545, 3.8.5)."""
    if not isinstance(event, Meetup):
        return ()
    without, added = {*event.not_on}, [*event.also_on]
    first = event.start.replace(fold=0)
    if event.start.astimezone(UTC) > first.astimezone(UTC):
        # DTSTART cannot say that it is the second of two: the first is left out, this one added.
        added += [] if first.date() in without else [event.start]
        without.add(first.date())
    days = [datetime.combine(day, first.timetz()) for day in sorted(without)]
    more = [written(moment) for moment in sorted(added, key=_instant)]
    return (
        f"RRULE:{with_instant(event.repeat, event.zone)}",
        *(moment_line("EXDATE", moment) for moment in days),
        *(moment_line("RDATE", moment) for moment in more),
    )


def _instant(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def moment_line(name: str, moment: datetime) -> str:
    """Write a time by the clock of its zone, as a line of a calendar."""
    key = getattr(moment.tzinfo, "key", "UTC")
    if key == "UTC":
        return f"{name}:{moment:%Y%m%dT%H%M%SZ}"
    return f"{name};TZID={key}:{moment:%Y%m%dT%H%M%S}"
