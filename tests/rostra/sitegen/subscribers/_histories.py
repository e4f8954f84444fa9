"""Random histories of a seminar: what its organiser does to the entries, and how it is published.

A world knows both sides: the entries, which the producer reads, and the truth, which it does not.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from rostra.sitegen.meetup import Meetup
from rostra.sitegen.person import Person
from rostra.sitegen.programme import Programme
from rostra.sitegen.series import Series, Setting
from rostra.sitegen.site import Site
from rostra.sitegen.talk import Talk
from tests.rostra.sitegen.subscribers._entries import PEOPLE, TITLES, Entry, Gathering
from tests.rostra.sitegen.subscribers._visible import Truth

FOLDER = Path("seminars")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Hong_Kong", "Australia/Lord_Howe", "UTC")
SERIES = ("weekly", "guests", "split")
PLACES = ("Room 1; second floor", "Aula", "礼堂，三楼", None)
TOPICS = ("trust", "doubt", "隐私")
STEPS = (5, 9)  # how many publications a history has


@dataclass
class World:
    """A site in the hands of its organiser."""

    dice: random.Random
    now: datetime
    entries: dict[str, Entry] = field(default_factory=dict)
    withdrawn: dict[str, Truth] = field(default_factory=dict)
    released: dict[str, Truth] = field(default_factory=dict)
    count: int = 0

    def truth(self) -> tuple[Truth, ...]:
        living = [entry.truth() for entry in self.entries.values()]
        return (*living, *self.withdrawn.values())

    def programme(self) -> Programme:
        events = [_read(one) for one in self.entries.values()]
        talks = [one for one in events if isinstance(one, Talk)]
        talks.sort(key=lambda talk: (talk.start, talk.ref), reverse=True)
        meetups = tuple(one for one in events if isinstance(one, Meetup))
        people, series = tuple(PERSONS.values()), tuple(ALL_SERIES.values())
        return Programme(FOLDER, SITE, people, series, tuple(talks), meetups)

    def remember(self) -> None:
        """Note what a release has told everybody."""
        self.released = {talk.key: talk for talk in self.truth()}

    def edit(self) -> None:
        """Do something that organisers do."""
        entry = self.dice.choice([*self.entries.values()] or [None])
        acts = MEETUP_ACTS if isinstance(entry, Gathering) else ACTS
        (self.dice.choice(acts) if entry else add)(self, entry)


def _person(key: str, name: str) -> Person:
    return Person.model_validate({"name": name}, context=Setting(key=key))


def _series(key: str) -> Series:
    setting = Setting(key=key, zone=SITE.zone)
    return Series.model_validate({"name": key.title()}, context=setting)


SITE = Site.model_validate(
    {"id": "lab", "name": "The lab", "url": "https://lab.example/", "zone": "Europe/Berlin"}
)

PERSONS = {key: _person(key, name) for key, name in PEOPLE.items()}
ALL_SERIES = {key: _series(key) for key in SERIES}

Act = Callable[[World, Any], None]


@lru_cache(maxsize=1024)
def _read(entry: Entry) -> Talk | Meetup:
    """The entry as the producer reads it: once, and again after an edit."""
    kind = Meetup if isinstance(entry, Gathering) else Talk
    series = ALL_SERIES[entry.series]
    setting = Setting(key=entry.slug, zone=SITE.zone, series=series, people=PERSONS)
    return kind.model_validate(entry.data(), context=setting)


def add(world: World, entry: Entry | None) -> None:
    world.count += 1
    series, slug = world.dice.choice(SERIES[:2]), f"talk-{world.count}"
    wall = _wall(world, world.dice.choice((-200, -100, 1, 10, 60)))
    key = f"{series}/{slug}"
    world.entries[key] = Entry(key, series, slug, wall, "Europe/Berlin")


def gather(world: World, entry: Entry | None) -> None:
    """Begin to meet again and again."""
    world.count += 1
    key = f"weekly/meetup-{world.count}"
    wall = _wall(world, world.dice.choice((-200, -30, 1, 10)))
    found = Gathering(key, "weekly", f"meetup-{world.count}", wall, "Europe/Berlin")
    world.entries[key] = replace(found, **_rhythm(world))


def _rhythm(world: World) -> dict[str, Any]:
    many = world.dice.randrange(2, 9)
    end = world.dice.choice(({}, {"count": many}, {"last": many}))
    weeks = world.dice.choice((1, 1, 2))
    return {"weeks": weeks, "count": None, "last": None, "skipped": frozenset(), **end}


def change_rhythm(world: World, entry: Gathering) -> None:
    _put(world, entry, **_rhythm(world))


def skip(world: World, entry: Gathering) -> None:
    """Leave a meeting out, or hold it after all; the last one left is held."""
    there = entry.count or (entry.last or 8) // entry.weeks + 1
    skipped = entry.skipped ^ {world.dice.randrange(there)}
    if len(skipped) < there:
        _put(world, entry, skipped=skipped)


def meet_besides(world: World, entry: Gathering) -> None:
    _put(world, entry, added=entry.added ^ {world.dice.choice((2, 16, 45))})


def _wall(world: World, days: int) -> datetime:
    """Some hour between 8 and 19, which every clock shows once; now and then beside a change."""
    day = (world.now + timedelta(days=days)).date()
    if world.dice.random() < 0.2:
        day = world.dice.choice((datetime(2026, 3, 29), datetime(2026, 11, 1))).date()
    return datetime(day.year, day.month, day.day, world.dice.randrange(8, 20), 30)


def _put(world: World, entry: Entry, **changes: Any) -> None:
    world.entries[entry.key] = replace(entry, **changes)


def move(world: World, entry: Entry) -> None:
    _put(world, entry, wall=_wall(world, world.dice.choice((-150, -3, 2, 30))))


def lengthen(world: World, entry: Entry) -> None:
    _put(world, entry, minutes=world.dice.choice((30, 60, 90)))


def rename(world: World, entry: Entry) -> None:
    _put(world, entry, title=world.dice.choice(TITLES))


def rewrite(world: World, entry: Entry) -> None:
    _put(world, entry, abstract=f"Words of {world.now:%H:%M:%S}.")


def change_status(world: World, entry: Entry) -> None:
    statuses = ("confirmed", "cancelled", "cancelled", "postponed", "tentative")
    _put(world, entry, status=world.dice.choice(statuses))


def cancel(world: World, entry: Entry) -> None:
    """Cancel it, or revive it."""
    _put(world, entry, status="confirmed" if entry.status == "cancelled" else "cancelled")


def change_zone(world: World, entry: Entry) -> None:
    _put(world, entry, zone=world.dice.choice(ZONES))


def change_room(world: World, entry: Entry) -> None:
    _put(world, entry, place=world.dice.choice(PLACES))


def swap_speakers(world: World, entry: Entry) -> None:
    found = world.dice.sample([*PEOPLE], world.dice.randrange(3))
    _put(world, entry, speakers=tuple(found))


def change_topics(world: World, entry: Entry) -> None:
    found = world.dice.sample(TOPICS, world.dice.randrange(3))
    _put(world, entry, topics=tuple(found))


def move_file(world: World, entry: Entry, series: str = "") -> None:
    """Give its file another name, or another series; `formerly:` says what it was."""
    world.count += 1
    _put(
        world,
        entry,
        series=series or entry.series,
        slug=f"moved-{world.count}",
        formerly=(*entry.formerly, entry.ref),
    )


def split_series(world: World, entry: Entry) -> None:
    """Move half of a series into another one."""
    for one in [*world.entries.values()]:
        staying = one.series != entry.series or isinstance(one, Gathering)
        if not staying and world.dice.random() < 0.5:
            move_file(world, one, "split")


def withdraw(world: World, entry: Entry) -> None:
    """Remove its file. What was never released was never anybody's."""
    del world.entries[entry.key]
    if (told := world.released.get(entry.key)) is not None:
        known = frozenset[str]()
        title, words = "Cancelled", "withdrawn"
        gone = replace(told, title=title, place="", words=words, cancelled=True, calendars=known)
        world.withdrawn[entry.key] = gone


ACTS: tuple[Act, ...] = (
    add, gather, move, move, lengthen, rename, rewrite, change_status, cancel, cancel, change_zone,
    change_room, swap_speakers, swap_speakers, change_topics, move_file, split_series, withdraw,
)  # fmt: skip
MEETUP_ACTS: tuple[Act, ...] = (
    add, move, lengthen, rename, rewrite, cancel, cancel, change_zone, change_room, change_rhythm,
    skip, skip, meet_besides, withdraw,
)  # fmt: skip


def history(seed: int) -> Iterator[tuple[World, bool]]:
    """Yield a world at each of its publications, and whether its organiser releases it first."""
    dice = random.Random(seed)
    world = World(dice, datetime(2026, 2, 1, 9, tzinfo=UTC))
    for _ in range(dice.randrange(1, 4)):
        add(world, None)
    if dice.random() < 0.5:
        gather(world, None)
    for _ in range(dice.randrange(*STEPS)):
        yield world, dice.random() < 0.85
        world.now += timedelta(days=dice.randrange(20), seconds=dice.randrange(1, 90_000))
        for _ in range(dice.choice((0, 1, 1, 2, 4))):
            world.edit()
