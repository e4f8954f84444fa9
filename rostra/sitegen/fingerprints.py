"""Fingerprints of what a file is made of: where it is the same, the file is, and is left alone.

What a file may read is the ground, which all stand on (templates, pages, the site's entry), and
the entries that it is about: each talk with its people, its series, and how the clock sees it.
Where it is not known what a file reads there is no fingerprint, and it is written each time.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rostra.sitegen.archive import Archive
from rostra.sitegen.calendars import CalendarFile, Calendars
from rostra.sitegen.facts import Facts
from rostra.sitegen.feeds import FORMATS
from rostra.sitegen.ledger import Record
from rostra.sitegen.notices import Occasion
from rostra.sitegen.person import Person
from rostra.sitegen.programme import Programme, Year
from rostra.sitegen.series import Series
from rostra.sitegen.talk import Talk
from rostra.sitegen.topics import Topic

OURS = Path(__file__).parent
# What writes, besides ourselves.
WRITERS = ("mkdocs", "mkdocs-material", "jinja2", "babel", "icalendar", "markdown-it-py", "nh3")
MORE_WRITERS = ("latex2mathml", "pybtex", "tzdata")
DIRECTORY = "people.html.j2"  # of a large programme it tells how many talks there are, not which
DATED = (*FORMATS, "api")  # these say when a talk was last revised: at the latest now
UNREAD = (".pyc", ".safetensors")


def digest(*parts: str | bytes) -> str:
    """Hash texts, so that no two lists of them look the same.

    Examples:
        >>> digest("ab", "c") == digest("a", "bc")
        False
    """
    # How Python writes a tuple tells where each part ends, and what is text and what is bytes.
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def plainly(settings: Mapping[str, object]) -> str:
    """Write settings down, so that the same ones look the same: what is no data by its name.

    Examples:
        >>> plainly({"fence": digest, "since": date(2024, 5, 6), "strict": True})
        '{"fence": "digest", "since": "2024-05-06"}'
    """
    read = {name: value for name, value in settings.items() if name not in ("site_dir", "strict")}
    return json.dumps(read, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    told = isinstance(value, date)
    return str(value) if told else getattr(value, "__qualname__", type(value).__qualname__)


def ground(project: Path, programme: Programme, folders: Iterable[str], *more: object) -> str:
    """Hash what every file may read.

    Args:
        project: the folder of `mkdocs.yml`.
        programme: the entries; its talks, people and series are left to each file.
        folders: what else is read below the project.
        *more: whatever the build was told.
    """
    own = [programme.folder / f"{one.ref}.yaml" for one in programme.talks]
    own += [programme.folder / name for name in ("people.yaml", "series.yaml")]
    beside = programme.folder.parent / "docs"  # what the library is read from
    places = [OURS, project / "mkdocs.yml", programme.folder, beside]
    tops = dict.fromkeys((*places, *(project / one for one in folders)))
    told = [f"{name}={value}" for name, value in os.environ.items() if name.startswith("ROSTRA_")]
    versions = [f"{name} {version(name)}" for name in (*WRITERS, *MORE_WRITERS)]
    files = (f"{path.as_posix()} {_content(path)}" for path in _files(tops, frozenset(own)))
    return digest(sys.version, *versions, *sorted(told), *map(repr, more), *files)


def _content(path: Path) -> str:
    """Hash a file as it is: written as Python writes bytes it would be several times as long."""
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


def _files(tops: Iterable[Path], without: frozenset[Path]) -> Iterator[Path]:
    for top in tops:
        for path in sorted(top.rglob("[!.]*")) if top.is_dir() else [top]:
            read = path.suffix not in UNREAD and path not in without
            if read and path.is_file():  # also by a link: secrets are often kept elsewhere
                yield path


class Fingerprints:
    """The fingerprints of one edition.

    Args:
        programme: the entries.
        now: the clock of this build.
        ground: what every file may read; empty, and nothing has a fingerprint.
        dates: when a talk was announced and revised: the ledger knows that, and no entry.
        texts: digests of the entries' texts, by the names of their files.
    """

    def __init__(
        self,
        programme: Programme,
        now: datetime,
        ground: str,
        dates: Callable[[Talk], tuple[datetime, datetime]],
        texts: Mapping[str, str] | None = None,
    ) -> None:
        self.programme, self.now, self.ground = programme, now, ground
        self.texts = texts or {}
        self.talk = cache(self._talk)
        self.dates = cache(lambda ref: repr(dates(programme.known[ref])))
        self._people = {one.id: one for one in programme.people}
        self.person = cache(lambda key: digest(repr(self._people[key])))
        self._listings: dict[tuple[str, str], str] = {}
        self._records: dict[str, str] = {}
        self._all_series = {one.id: one for one in programme.series}
        self.series = cache(lambda key: digest(repr(self._all_series[key])))
        self.meets = cache(self._meets)
        self.archive = Archive(programme, now)

    def of(self, about: object) -> str:
        """Return the fingerprint of what a file is about, or nothing where that is not known."""
        parts = self._parts(about) if self.ground else None
        return "" if parts is None else digest(self.ground, *parts)

    def of_bundle(self, about: Talk | Person | Topic, calendars: Calendars) -> str:
        """Return the fingerprint of all files together that are about something, if it is known."""
        parts = self._parts(about) if self.ground else None
        held = self._held(about.bundle, calendars)
        if parts is None or held is None:
            return ""
        return digest(self.ground, *parts, *map(self.dates, self._refs(about)), *held)

    def _refs(self, about: Talk | Person | Topic) -> Iterator[str]:
        if isinstance(about, Talk):
            yield about.ref
        elif isinstance(about, Person):
            yield from (talk.ref for talk, _ in self.programme.with_person(about))
        else:
            yield from (talk.ref for talk in about.talks)

    def _held(self, key: str, calendars: Calendars) -> list[str] | None:
        """What a thing's calendars are made of: with everything, and with what is current."""
        held = calendars.holdings.get(key, [])
        if not self.programme.known.keys() >= {one.ref for one in held}:
            return None  # meet-ups, and what is withdrawn
        # It is named after a series, a person or a topic that no talk in it need tell of.
        current = [one.ref for one in held if one.ref in calendars.recents]
        told = repr((calendars.names.get(key), current))
        return [told, *(self._record(one, calendars.stamp) for one in held)]

    def _parts(self, about: object) -> list[str] | None:
        if isinstance(about, tuple):  # a template, a language, and the item it is written for
            name, language, item = about
            parts = [*self._directory()] if self._counts(name) else self._parts(item)
            dates = self._dates(item) if name in DATED else ()
            return None if parts is None else [name, language, *parts, *dates]
        if isinstance(about, Talk):
            return [self.talk(about.ref)]
        if isinstance(about, Person | Series):
            key = type(about).__name__, about.id
            if key not in self._listings:  # it has a page, feeds and more
                self._listings[key] = digest(*self._listed(about))
            return [self._listings[key]]
        if isinstance(about, CalendarFile):
            held = self._held(about.key, about.shelf)
            return None if held is None else [about.path, *held]
        talks = getattr(about, "talks", None)
        return self._plain(about, talks) if isinstance(talks, tuple) else None

    def _counts(self, name: str) -> bool:
        return name == DIRECTORY and self.programme.large

    def _directory(self) -> Iterator[str]:
        """What a list of all people tells of them."""
        programme = self.programme
        yield from (self.series(one.id) for one in programme.series)
        for one in programme.people:
            yield f"{self.person(one.id)} {len(programme.with_person(one))}"

    def _talk(self, ref: str) -> str:
        talk = self.programme.known[ref]
        people = {one.id for part in talk.roles.values() for one in part}
        people |= {one.id for one in talk.organisers}
        moments = talk.start, talk.end
        seen = [(one.timestamp(), one <= self.now) for one in moments]  # zones change their rules
        return digest(
            self.texts[f"{self.programme.folder.name}/{ref}.yaml"],
            self.series(talk.series.id),
            *map(self.person, sorted(people)),
            repr((talk.captions, sorted(talk.withheld), seen)),
        )

    def _dates(self, about: object) -> Iterator[str]:
        talks = [about] if isinstance(about, Talk) else getattr(about, "talks", ())
        yield from (self.dates(one.ref) for one in talks)

    def _listed(self, about: Person | Series) -> list[str]:
        programme = self.programme
        if isinstance(about, Series):
            talks = programme.of_series(about)
            own = [
                self.series(about.id),
                self.meets(about.id),
                repr([one.year for one in self.archive.recent]),
            ]
        else:
            talks = [talk for talk, _ in programme.with_person(about)]
            led = [self.series(one.id) for one in programme.organised_by(about)]
            own = [self.person(about.id), *led, *self._papers(about)]
        return [type(about).__name__, *own, "talks", *(self.talk(one.ref) for one in talks)]

    def _meets(self, key: str) -> str:
        """When the meet-ups of a series meet next."""
        programme = self.programme
        own = (one for one in programme.meetups if one.series.id == key)
        return repr([programme.meetings(one, self.now, programme.MEETINGS) for one in own])

    def _papers(self, person: Person) -> Iterator[str]:
        """What a list of somebody's papers tells of others: its authors, and titles of talks."""
        for paper in self.programme.library.publications_of(person):
            yield repr(paper.authors)
            yield from (self.talk(ref) for ref in paper.talks if ref in self.programme.known)

    def _record(self, record: Record, stamp: Callable[[Record], datetime]) -> str:
        if record.ref not in self._records:  # it stands in many calendars
            told = repr((record.uid, record.sequence, stamp(record)))
            self._records[record.ref] = digest(told, self.talk(record.ref))
        return self._records[record.ref]

    def _plain(self, about: object, talks: tuple[Talk, ...]) -> list[str]:
        own = [repr(value) for name, value in vars(about).items() if name != "talks"]
        if isinstance(about, Year):  # the page of each names all others
            own += [f"{one.year}" for one in self.programme.years]
        return [type(about).__name__, *own, "talks", *(self.talk(one.ref) for one in talks)]


class KnownFacts(Facts):
    """The facts, remembered of talks that are as they were when they were found out.

    Args:
        prints: the fingerprints of this edition.
        before: what the last build remembered: the ground, and each talk's fingerprint with what
            was asked of it.
    """

    def __init__(self, prints: Fingerprints, before: object) -> None:
        self.prints = prints
        match before:
            case [ground, dict(known)] if ground == prints.ground:
                self.before = known
            case _:
                self.before = {}
        self.known: dict[str, dict[str, Any]] = {}

    @property
    def note(self) -> object:
        """What the next build is to know."""
        return [self.prints.ground, self.known]

    def calendars(self, event: Occasion) -> tuple[str, ...]:
        """The calendars that it belongs to."""
        return self._found("calendars", event, super().calendars)

    def digests(self, event: Occasion) -> tuple[str, ...]:
        """What subscribers schedule by, and all that is said."""
        return self._found("digests", event, super().digests)

    def _found(
        self, kind: str, event: Occasion, find: Callable[[Occasion], tuple[str, ...]]
    ) -> tuple[str, ...]:
        if not isinstance(event, Talk) or not self.prints.ground:
            return find(event)
        row = self._row(event.ref)
        if kind not in row:
            row[kind] = find(event)
        return tuple(row[kind])

    def _row(self, ref: str) -> dict[str, Any]:
        if ref not in self.known:
            made_of, before = self.prints.talk(ref), self.before.get(ref, {})
            same = before.get("made_of") == made_of
            self.known[ref] = before if same else {"made_of": made_of}
        return self.known[ref]
