"""Clashes: what cannot happen at once, and what should not.

One speaker in two talks, one room for two talks, two talks of one series; and two talks of any
series, which ask the same people to be in two places.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from rostra.sitegen.contents import Contents
from rostra.sitegen.fields import in_language
from rostra.sitegen.messages import say
from rostra.sitegen.prose import to_plain
from rostra.sitegen.reading import At, Document
from rostra.sitegen.talk import Talk


def check(contents: Contents) -> None:
    """Report each clash at the talk that comes second in the order of start and address."""
    for first, second in _overlapping([talk for talk in contents.talks if talk.held]):
        document = contents.of(second.ref)
        found = [report for report in RULES if report(document, first, second)]
        if not found and not (first.series.parallel or second.series.parallel):
            message = say("at the same time as {other}", other=first.ref)
            document.warn(("start",), "clash-time", message)


def _overlapping(talks: list[Talk]) -> Iterator[tuple[Talk, Talk]]:
    """Pairs of talks that share an instant; each talk is compared with those still going on."""
    running: list[Talk] = []
    for talk in sorted(talks, key=lambda talk: (_utc(talk.start), talk.ref)):
        running = [one for one in running if _utc(one.end) > _utc(talk.start)]
        yield from ((one, talk) for one in running)
        running.append(talk)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _speaker(document: Document, first: Talk, second: Talk) -> bool:
    busy = {person.id for people in first.roles.values() for person in people}
    twice = [
        (role, position, person)
        for role, people in second.roles.items()
        for position, person in enumerate(people)
        if person.id in busy
    ]
    for role, position, person in twice:
        name = in_language(person.name, "en")
        message = say("{name} is in {other} at the same time", name=name, other=first.ref)
        document.report((role, position), "clash-speaker", message)
    return bool(twice)


def _room(document: Document, first: Talk, second: Talk) -> bool:
    rooms = [_plain(talk.venue) for talk in (first, second)]
    if not rooms[0] or rooms[0] != rooms[1]:
        return False
    at: At = ("place",) if second.place else ("start",)
    message = say("{room} is taken by {other} at the same time", room=rooms[1], other=first.ref)
    document.report(at, "clash-room", message)
    return True


def _plain(text: Any) -> str:
    return to_plain(in_language(text, "en")).casefold() if text else ""


def _series(document: Document, first: Talk, second: Talk) -> bool:
    if first.series.id != second.series.id or first.series.parallel:
        return False
    hint = say("if its talks may overlap, write `parallel: true` into series.yaml")
    message = say("{other} of the same series is at the same time", other=first.ref)
    document.report(("start",), "clash-series", message, suggestion=hint)
    return True


RULES = (_speaker, _room, _series)
