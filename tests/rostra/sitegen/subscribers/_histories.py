"""Random histories of a seminar: what its organiser does to the entries, and how it is published.

A world knows both sides: the entries, which the producer reads, and the truth, which it does not.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rostra.sitegen.person import Person
from rostra.sitegen.programme import Programme
from rostra.sitegen.series import Series, Setting
from rostra.sitegen.site import Site
from rostra.sitegen.talk import Talk
from tests.rostra.sitegen.subscribers._visible import Truth

FOLDER = Path("seminars")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Hong_Kong", "Australia/Lord_Howe", "UTC")
SERIES = ("weekly", "guests", "split")
PEOPLE = {"ann": "Ann Lee", "wang": "王伟", "bo": "Bo, the second"}
PLACES = ("Room 1; second floor", "Aula", "礼堂，三楼", None)
TITLES = (
    "On trust; and, perhaps, doubt",
    "远方来客：一个足够长的标题，用来检验日历文件在七十五个字节处折行而不切断任何一个汉字",
    "BEGIN:VEVENT is no title",
    "Commas, commas, and more commas: what an escape may do at the end of a line of octets",
    "Short",
)
TOPICS = ("trust", "doubt", "隐私")
MARKS = {"cancelled": "Cancelled: ", "postponed": "Postponed: ", "tentative": "Tentative: "}
STEPS = (5, 9)  # how many publications a history has


@dataclass(frozen=True)
class Entry:
    """A talk as its organiser writes it; `key` is who it is, whatever becomes of its file."""

    key: str  # its first address
    series: str
    slug: str
    wall: datetime
    zone: str
    minutes: int = 60
    status: str = "confirmed"
    title: str = TITLES[0]
    speakers: tuple[str, ...] = ("ann",)
    topics: tuple[str, ...] = ("trust",)
    place: str | None = None
    abstract: str = "First words."
    formerly: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        return f"{self.series}/{self.slug}"

    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "title": self.title,
            "zone": ZoneInfo(self.zone),
            "start": f"{self.wall:%Y-%m-%d %H:%M}",
            "duration": self.minutes,
            "status": self.status,
            "speakers": [*self.speakers],
            "topics": [*self.topics],
            "abstract": self.abstract,
            "formerly": [*self.formerly],
        }
        return found | ({"place": self.place} if self.place else {})

    def truth(self) -> Truth:
        start = self.wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
        who = f" ({', '.join(PEOPLE[one] for one in self.speakers)})" if self.speakers else ""
        refs = (self.ref, *self.formerly)
        addresses = {address for ref in refs for address in (ref, ref.split("/")[0])}
        topics = {"u9690-u79c1" if topic == "隐私" else topic for topic in self.topics}
        calendars = {"talks/all", *(f"talks/{one}" for one in addresses)}
        calendars |= {f"people/{one}" for one in self.speakers}
        calendars |= {f"topics/{one}" for one in topics}
        return Truth(
            self.key,
            start,
            start + timedelta(minutes=self.minutes),
            MARKS.get(self.status, "") + self.title + who,
            self.place or "",
            f"{self.abstract} {self.status} {self.topics} {self.zone} {self.ref}",
            self.status == "cancelled",
            frozenset(calendars),
        )


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
        people = {key: _person(key, name) for key, name in PEOPLE.items()}
        series = {key: _series(key) for key in SERIES}
        talks = [_talk(one, people, series[one.series]) for one in self.entries.values()]
        talks.sort(key=lambda talk: (talk.start, talk.ref), reverse=True)
        return Programme(FOLDER, SITE, tuple(people.values()), tuple(series.values()), tuple(talks))

    def remember(self) -> None:
        """Note what a release has told everybody."""
        self.released = {talk.key: talk for talk in self.truth()}

    def edit(self) -> None:
        """Do something that organisers do."""
        act = self.dice.choice(ACTS) if self.entries else add
        act(self, self.dice.choice([*self.entries.values()] or [None]))


def _person(key: str, name: str) -> Person:
    return Person.model_validate({"name": name}, context=Setting(key=key))


def _series(key: str) -> Series:
    setting = Setting(key=key, zone=SITE.zone)
    return Series.model_validate({"name": key.title()}, context=setting)


def _talk(entry: Entry, people: dict[str, Person], series: Series) -> Talk:
    setting = Setting(key=entry.slug, zone=series.zone, series=series, people=people)
    return Talk.model_validate(entry.data(), context=setting)


SITE = Site.model_validate(
    {"id": "lab", "name": "The lab", "url": "https://lab.example/", "zone": "Europe/Berlin"}
)

Act = Callable[[World, Any], None]


def add(world: World, entry: Entry | None) -> None:
    world.count += 1
    series, slug = world.dice.choice(SERIES[:2]), f"talk-{world.count}"
    wall = _wall(world, world.dice.choice((-200, -100, 1, 10, 60)))
    key = f"{series}/{slug}"
    world.entries[key] = Entry(key, series, slug, wall, "Europe/Berlin")


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
        if one.series == entry.series and world.dice.random() < 0.5:
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
    add, move, move, lengthen, rename, rewrite, change_status, cancel, cancel, change_zone,
    change_room, swap_speakers, swap_speakers, change_topics, move_file, split_series, withdraw,
)  # fmt: skip


def history(seed: int) -> Iterator[tuple[World, bool]]:
    """Yield a world at each of its publications, and whether its organiser releases it first."""
    dice = random.Random(seed)
    world = World(dice, datetime(2026, 2, 1, 9, tzinfo=UTC))
    for _ in range(dice.randrange(1, 4)):
        add(world, None)
    for _ in range(dice.randrange(*STEPS)):
        yield world, dice.random() < 0.85
        world.now += timedelta(days=dice.randrange(20), seconds=dice.randrange(1, 90_000))
        for _ in range(dice.choice((0, 1, 1, 2, 4))):
            world.edit()
