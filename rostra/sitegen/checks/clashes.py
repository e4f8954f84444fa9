"""Clashes: what cannot happen at once, and what should not.

One speaker in two talks, one room for two events, two events of one series; and two events of any
series, which ask the same people to be in two places. Events are talks and the meetings of
meet-ups.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from rostra.sitegen.contents import Contents
from rostra.sitegen.fields import Bilingual, Text, in_language
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.messages import say
from rostra.sitegen.person import People
from rostra.sitegen.prose import to_plain
from rostra.sitegen.reading import At, Document
from rostra.sitegen.talk import Talk

AHEAD = timedelta(days=366)  # how far meet-ups are compared with each other

Occasion: TypeAlias = Talk | Meetup


@dataclass(frozen=True)
class Slot:
    """What an event takes: a talk the whole of its time, a meet-up that of one meeting."""

    start: datetime
    end: datetime
    event: Occasion

    @property
    def order(self) -> tuple[datetime, str]:
        """By start and address."""
        return self.start, self.event.ref


def check(contents: Contents) -> None:
    """Report each clash at the talk that comes second in the order of start and address.

    Of a talk and a meeting it is told at the talk, of two meet-ups once.
    """
    told: set[frozenset[str]] = set()
    for first, second in _pairs(contents):
        names = frozenset((first.event.ref, second.event.ref))
        if isinstance(second.event, Meetup):
            if names in told or second.start < contents.now:
                continue
            told.add(names)
        _compare(contents.of(second.event.ref), first, second)


def _compare(document: Document, first: Slot, second: Slot) -> None:
    found = [report for report in RULES if report(document, first, second)]
    if not found and not (first.event.series.parallel or second.event.series.parallel):
        message = say("at the same time as {other}", other=first.event.ref)
        document.warn(("start",), "clash-time", message, suggestion=_instead(first))


def _pairs(contents: Contents) -> Iterator[tuple[Slot, Slot]]:
    """Pairs that share an instant; where one is a talk and one a meeting, the talk is second."""
    talks = [Slot(_utc(one.start), _utc(one.end), one) for one in contents.talks if one.held]
    for one, other in _overlapping([*talks, *_meetings(contents, talks)]):
        if one.event.ref == other.event.ref:
            continue  # a meeting that takes longer than until the next
        turned = isinstance(one.event, Talk) and isinstance(other.event, Meetup)
        yield (other, one) if turned else (one, other)


def _meetings(contents: Contents, talks: list[Slot]) -> Iterator[Slot]:
    """The meetings while there are talks, and those to come."""
    since = min([contents.now, *(one.start for one in talks)])
    until = max([contents.now + AHEAD, *(one.end for one in talks)])
    for meetup in contents.meetups:
        if meetup.status == "confirmed":
            for moment in map(_utc, meetup.meetings(since - meetup.length, until)):
                yield Slot(moment, moment + meetup.length, meetup)


def _overlapping(slots: list[Slot]) -> Iterator[tuple[Slot, Slot]]:
    """Pairs that share an instant; each slot is compared with those still going on."""
    running: list[Slot] = []
    for slot in sorted(slots, key=lambda slot: slot.order):
        running = [one for one in running if one.end > slot.start]
        yield from ((one, slot) for one in running)
        running.append(slot)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _instead(slot: Slot) -> str:
    """How a meeting makes room for another event; of a talk nothing can be said."""
    event = slot.event
    if not isinstance(event, Meetup):
        return ""
    day = slot.start.astimezone(event.zone).date()
    if _utc(event.on(day)) != slot.start:
        return say("take that day out of `also_on:` in {other}", other=event.ref)
    hint = "if it is instead of that meeting, write `not_on: [{day}]` into {other}"
    return say(hint, day=day, other=event.ref)


def _speaker(document: Document, first: Slot, second: Slot) -> bool:
    busy = {person.id for _, people in _roles(first.event) for person in people}
    twice = [
        (role, position, person)
        for role, people in _roles(second.event)
        for position, person in enumerate(people)
        if person.id in busy
    ]
    for role, position, person in twice:
        name = in_language(person.name, "en")
        message = say("{name} is in {other} at the same time", name=name, other=first.event.ref)
        document.report((role, position), "clash-speaker", message)
    return bool(twice)


def _roles(event: Occasion) -> list[tuple[str, People]]:
    """Who does what; nobody does anything in a meet-up."""
    return [*event.roles.items()] if isinstance(event, Talk) else []


def _room(document: Document, first: Slot, second: Slot) -> bool:
    one, other = first.event.venue, second.event.venue
    if one is None or other is None or not _same_room(one, other):
        return False
    at: At = ("place",) if second.event.place else ("start",)
    room = to_plain(in_language(other, "en")).casefold()
    message = say("{room} is taken by {other} at the same time", room=room, other=first.event.ref)
    document.report(at, "clash-room", message, suggestion=_instead(first))
    return True


def _same_room(one: Text, other: Text) -> bool:
    """Whether two places are one: in English where both say it, else by any of their names."""
    names, others = _names(one), _names(other)
    if "en" in names and "en" in others:
        return names["en"] == others["en"]
    return bool({*names.values()} & {*others.values()})


def _names(place: Text) -> dict[str, str]:
    """What a place is called by languages; a text that is for all of them is of none."""
    told = vars(place) if isinstance(place, Bilingual) else {"": place}
    return {one: " ".join(to_plain(text).casefold().split()) for one, text in told.items() if text}


def _series(document: Document, first: Slot, second: Slot) -> bool:
    if first.event.series.id != second.event.series.id or first.event.series.parallel:
        return False
    hint = _instead(first) or say(
        "if its talks may overlap, write `parallel: true` into series.yaml"
    )
    message = say("{other} of the same series is at the same time", other=first.event.ref)
    document.report(("start",), "clash-series", message, suggestion=hint)
    return True


RULES = (_speaker, _room, _series)
