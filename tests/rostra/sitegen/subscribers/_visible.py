"""What a subscriber's calendar must show, from the text of the standards; no producer is asked.

A publication is one state of the site as anybody can fetch it. Nothing here has read a calendar:
`visible` knows the entries' truth, the instants at which a client polls, and what RFC 5545 and
5546 let that client do with what it fetches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

CURRENT = timedelta(days=90)  # how long what has ended, or has changed, stays in `current`

Cancellation = Literal["honours", "drops", "ignores"]
Keeping = Literal["replaces", "orders", "keys"]


@dataclass(frozen=True)
class Truth:
    """One talk or meet-up in one publication, as its organiser means it."""

    key: str  # who it is, whatever file it stands in
    start: datetime  # instants, in UTC
    end: datetime
    title: str  # with its speakers and what became of it, as all who read only titles read it
    place: str
    words: str  # what is said besides, which no week shows
    cancelled: bool
    calendars: frozenset[str]  # those that it belongs to now
    again: tuple[datetime, ...] = ()  # a meet-up: when all its meetings start

    @property
    def over(self) -> datetime:
        """When it ends, or its last meeting does."""
        return max((self.start, *self.again)[bool(self.again) :]) + (self.end - self.start)


@dataclass(frozen=True)
class Publication:
    """The truth about all talks at the instant of a build; released: the ledger knows it."""

    at: datetime
    released: bool
    talks: tuple[Truth, ...]


@dataclass(frozen=True)
class Client:
    """A way to read calendars, and the publications at which it polls one of them."""

    cancellation: Cancellation
    keeping: Keeping
    calendar: str
    current: bool
    polls: tuple[int, ...]


@dataclass(frozen=True)
class Shown:
    """What stands in the subscriber's week."""

    start: datetime
    end: datetime
    title: str
    place: str
    struck: bool = False
    again: tuple[datetime, ...] = ()  # every start in the weeks of what comes again


@dataclass
class _Memory:
    """What has become public, and since when it is as it is."""

    calendars: dict[str, set[str]] = field(default_factory=dict)
    since: dict[str, datetime] = field(default_factory=dict)
    released: dict[str, Truth] = field(default_factory=dict)

    def learn(self, publication: Publication) -> None:
        for talk in publication.talks if publication.released else ():
            if self.released.get(talk.key) != talk:
                self.since[talk.key] = publication.at
            self.released[talk.key] = talk
            self.calendars.setdefault(talk.key, set()).update(talk.calendars)

    def carried(self, client: Client, publication: Publication) -> Mapping[str, Truth]:
        """What the client's calendar holds.

        RFC 5545 has no way to take back a component but to publish it again (3.8.7.4; 5546, 2.1.4
        and 3.2.5), so a calendar goes on carrying whatever it has once carried, as it is now.
        """
        return {
            talk.key: talk
            for talk in publication.talks
            if client.calendar in self.calendars.get(talk.key, set()) | talk.calendars
            and (not client.current or self._recent(talk, publication.at))
        }

    def _recent(self, talk: Truth, now: datetime) -> bool:
        revised = self.released.get(talk.key, talk) != talk
        return revised or max(talk.over, self.since.get(talk.key, talk.over)) > now - CURRENT


def visible(client: Client, publications: Sequence[Publication]) -> Mapping[str, Shown]:
    """What the client shows after its last poll.

    A client that replaces shows the calendar as it is (a subscription is the whole file). One that
    merges knows a component by its UID (5545, 3.8.4.7); a revision obsoletes what it holds if its
    SEQUENCE is greater, or, by 5546, 2.1.5, if SEQUENCE is equal and DTSTAMP is later. It never
    removes what a later file lacks. Since every revision that can be seen must raise SEQUENCE for
    the stricter of the two, both hold, of each talk, the truth of the last poll that carried it.
    """
    memory = _Memory()
    held: dict[str, Truth] = {}
    for number, publication in enumerate(publications):
        memory.learn(publication)
        if number in client.polls:
            fetched = memory.carried(client, publication)
            held = {**fetched} if client.keeping == "replaces" else {**held, **fetched}
    return {key: _shown(client, talk) for key, talk in held.items() if _stands(client, talk)}


def _stands(client: Client, talk: Truth) -> bool:
    """STATUS:CANCELLED (3.8.1.11) is dropped by some, and by others shown."""
    return not (talk.cancelled and client.cancellation == "drops")


def _shown(client: Client, talk: Truth) -> Shown:
    # Who ignores STATUS reads in the title what became of the talk; who honours it strikes it out.
    struck = talk.cancelled and client.cancellation == "honours"
    return Shown(talk.start, talk.end, talk.title, talk.place, struck, talk.again)
