"""A history replayed: published by the real producer, polled by clients of every kind."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import get_args

from rostra.sitegen.calendars import CalendarFile, Calendars
from rostra.sitegen.ledger import Record, text_of
from rostra.sitegen.linters.ics import lint
from rostra.sitegen.release import Comparison, identifier, kept, withdrawn
from tests.rostra.sitegen.subscribers._clients import Event, Subscriber, events
from tests.rostra.sitegen.subscribers._histories import SITE, World, history
from tests.rostra.sitegen.subscribers._visible import (
    Cancellation,
    Client,
    Keeping,
    Publication,
    Shown,
    visible,
)

KINDS = [*product(get_args(Cancellation), get_args(Keeping), (False, True))]


@dataclass
class Producer:
    """The real one: entries and ledger in, calendars out. Only the disk is left out."""

    ledger: dict[str, Record] = field(default_factory=dict)
    released: int = 0

    def publish(self, world: World, release: bool) -> Calendars:
        programme = world.programme()
        comparison = Comparison(programme, self.ledger, world.now)
        if release:
            for lost in comparison.vanished:
                self.ledger[lost.ref] = withdrawn(lost, world.now)
            comparison = Comparison(programme, self.ledger, world.now)
            for ref, record in kept(comparison.changes):
                if record is None:
                    self.ledger.pop(ref, None)
                else:
                    self.ledger[ref] = written(record)
            comparison = Comparison(programme, self.ledger, world.now)
            assert comparison.changes == ()
        return Calendars(programme, world.now, comparison)


def written(record: Record) -> Record:
    """The record as the next release will read it."""
    return Record.model_validate_json(text_of(record))


@dataclass
class Replay:
    """One history as it was published, and what its calendars said each time."""

    publications: list[Publication] = field(default_factory=list)
    files: list[Mapping[str, CalendarFile]] = field(default_factory=list)
    read: dict[tuple[int, str], dict[str, Event]] = field(default_factory=dict)

    def fetch(self, number: int, path: str) -> dict[str, Event]:
        """Read a calendar as it was; one that was not there yet is empty."""
        if (number, path) not in self.read:
            file = self.files[number].get(path)
            text = file.text if file else ""
            assert not text or lint(text.encode(), path) == []
            self.read[number, path] = events(text)
        return self.read[number, path]


def replay(seed: int) -> Replay:
    producer, found = Producer(), Replay()
    for world, release in history(seed):
        shelf = producer.publish(world, release)
        found.publications.append(Publication(world.now, release, world.truth()))
        found.files.append({file.path: file for file in shelf.calendars})
        if release:
            world.remember()
    return found


def clients(seed: int, found: Replay) -> Iterator[Client]:
    """One of each kind, with a calendar and habits of its own."""
    dice = random.Random(-seed - 1)
    several = {key for one in found.publications for talk in one.talks for key in talk.calendars}
    chosen = dice.sample(sorted(several), min(3, len(several)))
    for cancellation, keeping, current in KINDS:
        key = dice.choice(chosen)
        sure = [i for i, one in enumerate(found.publications) if one.released]
        able = sure if keeping != "replaces" else range(len(found.publications))
        often = dice.choice((0.3, 0.7, 1.0))
        polls = tuple(number for number in able if dice.random() < often)
        yield Client(cancellation, keeping, key, current and key.count("/") == 1, polls)


def shown(client: Client, found: Replay) -> Mapping[str, Shown]:
    """What a client shows that has lived through a history."""
    path = f"{client.calendar}{'.current' if client.current else ''}.ics"
    subscriber = Subscriber(client)
    for number in client.polls:
        subscriber.poll(found.fetch(number, path))
    return subscriber.week()


def under_uids(told: Mapping[str, Shown]) -> Mapping[str, Shown]:
    return {str(identifier(SITE, key)): one for key, one in told.items()}


def revisions(found: Replay) -> Iterator[tuple[bool, Mapping[str, Event]]]:
    for number, publication in enumerate(found.publications):
        yield publication.released, found.fetch(number, "talks/all.ics")


def live_through(seed: int) -> None:
    """Replay a history and hold what every client shows against the truth."""
    found = replay(seed)
    for client in clients(seed, found):
        truth = under_uids(visible(client, found.publications))
        assert shown(client, found) == truth, (seed, client)
    _no_time_changes_under_an_old_sequence(found)


def _no_time_changes_under_an_old_sequence(found: Replay) -> None:
    """Nor is SEQUENCE or DTSTAMP ever lower than what was released, or shown before it was."""
    last: dict[str, Event] = {}
    newest: dict[str, datetime] = {}
    for released, told in revisions(found):
        for uid, event in told.items():
            old = last.get(uid, event)
            assert (event.sequence, event.stamp) >= (old.sequence, old.stamp)
            if uid not in last:  # it was never released
                newest[uid] = max(event.stamp, newest.get(uid, event.stamp))
                assert not released or event.stamp == newest[uid]
            times = [(one.start, one.end, one.cancelled) for one in (event, old)]
            assert event.sequence > old.sequence or times[0] == times[1]
        last |= told if released else {}
