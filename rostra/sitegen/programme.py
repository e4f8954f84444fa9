"""The programme: all entries of a site, resolved, and the questions that pages ask about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import ClassVar, TypeVar

from rostra.sitegen import folder as folders
from rostra.sitegen import topics
from rostra.sitegen.contents import Contents
from rostra.sitegen.faults import EntryError, Fault, nearest
from rostra.sitegen.library import Library
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.opening import Opening
from rostra.sitegen.person import Person
from rostra.sitegen.recall import Recall
from rostra.sitegen.series import Series
from rostra.sitegen.site import Site
from rostra.sitegen.talk import Talk
from rostra.sitegen.topics import Topic

Found = TypeVar("Found")

MANY = 300  # talks; of more a page cannot name all of somebody's beside everybody else's
LISTED = ("publications", "notes", "projects", "news")  # each kind with a page of its own


@dataclass(frozen=True)
class Year:
    """The talks of a year, the newest first."""

    year: int
    talks: tuple[Talk, ...]


@dataclass(frozen=True)
class Programme:
    """A site with its people, series and talks, the newest first.

    What depends on the time takes it as `now`: a build is a function of its inputs.
    """

    folder: Path
    site: Site
    people: tuple[Person, ...]
    series: tuple[Series, ...]
    talks: tuple[Talk, ...]
    meetups: tuple[Meetup, ...] = ()
    openings: tuple[Opening, ...] = ()
    drafts: tuple[Talk, ...] = ()
    library: Library = field(default_factory=Library)
    sealed: tuple[Path, ...] = ()  # the entries that name a secret
    # Meetings that a page holds, though it shows few: it is right by the visitor's clock for long.
    MEETINGS: ClassVar[int] = 40

    @property
    def large(self) -> bool:
        """Whether there are too many talks to name them all on one page."""
        return len(self.talks) > MANY

    def upcoming(self, now: datetime) -> list[Talk]:
        """Talks that have not ended, the next one first."""
        return [talk for talk in reversed(self.talks) if talk.end > now]

    def past(self, now: datetime) -> list[Talk]:
        """Talks that have ended, the latest first."""
        return [talk for talk in self.talks if talk.end <= now]

    def coming(self, now: datetime) -> list[Talk]:
        """Talks that take place and have not ended, the next one first."""
        return [talk for talk in self.upcoming(now) if talk.held]

    def to_watch(self, now: datetime) -> Talk | None:
        """The latest talk that has a recording; where there is none, the latest that was held."""
        held = [talk for talk in self.past(now) if talk.held]
        return next((talk for talk in held if talk.links.recording), next(iter(held), None))

    def announced(self, now: datetime) -> Talk | None:
        """The talk that the home page is about: the next one, or else one to watch."""
        return next(iter(self.coming(now)), self.to_watch(now))

    def newest(self, now: datetime, most: int) -> list[Talk]:
        """Talks that have not ended, and so many that have; the newest first."""
        return self.upcoming(now)[::-1] + self.past(now)[:most]

    def of_series(self, series: Series) -> list[Talk]:
        """The talks of a series, the newest first."""
        return self._by_series.get(series.id, [])

    @cached_property
    def _by_series(self) -> Mapping[str, list[Talk]]:
        found: dict[str, list[Talk]] = {}
        for talk in self.talks:
            found.setdefault(talk.series.id, []).append(talk)
        return found

    def with_person(self, person: Person) -> list[tuple[Talk, str]]:
        """The talks that a person has any part in, the newest first, each with the first role."""
        return self._by_person.get(person.id, [])

    def is_heard(self, person: Person) -> bool:
        """Whether a person says something in any talk; who only chairs has no calendar or feed."""
        return any(role != "chairs" for _, role in self.with_person(person))

    @cached_property
    def _by_person(self) -> Mapping[str, list[tuple[Talk, str]]]:
        found: dict[str, list[tuple[Talk, str]]] = {}
        for talk in self.talks:
            first: dict[str, str] = {}
            for role, people in talk.roles.items():
                for person in people:
                    first.setdefault(person.id, role)
            for key, role in first.items():
                found.setdefault(key, []).append((talk, role))
        return found

    def organised_by(self, person: Person) -> list[Series]:
        """The series that a person organises."""
        return self._by_organiser.get(person.id, [])

    @cached_property
    def _by_organiser(self) -> Mapping[str, list[Series]]:
        found: dict[str, list[Series]] = {}
        for one in self.series:
            for key in dict.fromkeys(who.id for who in one.organisers):
                found.setdefault(key, []).append(one)
        return found

    def of_demo(self, name: str) -> list[Talk]:
        """The talks that a demo belongs to, the newest first."""
        return [talk for talk in self.talks if talk.demo and talk.demo.name == name]

    @cached_property
    def years(self) -> tuple[Year, ...]:
        """All talks under the year they start in, by their own clocks; the newest first."""
        years: dict[int, list[Talk]] = {}
        for talk in self.talks:
            years.setdefault(talk.start.year, []).append(talk)
        return tuple(Year(year, tuple(years[year])) for year in sorted(years, reverse=True))

    def meetings(self, meetup: Meetup, now: datetime, most: int = 6) -> list[datetime]:
        """The next meetings of a meet-up: so many at most, and none where it is called off."""
        return meetup.coming(now, most) if meetup.status == "confirmed" else []

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """What the talks are about, each topic with its talks, the newest first."""
        return topics.topics(self.talks)

    @cached_property
    def known(self) -> Mapping[str, Talk]:
        """The talks by `series/slug`."""
        return {talk.ref: talk for talk in self.talks}

    @property
    def offers(self) -> tuple[str, ...]:
        """The pages of a kind of entry that hold one: the others nobody is sent to."""
        kinds = {kind: getattr(self.library, kind) for kind in LISTED}
        return tuple(kind for kind, some in {**kinds, "openings": self.openings}.items() if some)

    def find(self, ref: str) -> Talk:
        """Find a talk by `series/slug`, or by its slug where only one talk has it.

        Raises:
            LookupError: if there is none, or several; the message names what was probably meant.
        """
        return _found(ref, {one.ref: one for one in (*self.talks, *self.drafts)}, "talk")

    def entry(self, ref: str) -> Talk | Meetup | Opening:
        """Find a talk, a meet-up or an opening, which is `openings/slug`, as `find` does a talk.

        Raises:
            LookupError: if there is none, or several.
        """
        known: list[Talk | Meetup | Opening] = [*self.talks, *self.drafts, *self.meetups]
        known += self.openings
        return _found(ref, {one.ref: one for one in known}, "talk, meet-up or opening")


def _found(ref: str, known: Mapping[str, Found], kind: str) -> Found:
    """Find what has an address, or has it for its last part; `kind` is what was sought."""
    found = [one for one in known if ref in (one, one.rpartition("/")[2])]
    if len(found) == 1:
        return known[found[0]]
    if found:
        raise LookupError(f"'{ref}' is one of {', '.join(found)}")
    names = [name for one in known for name in (one, one.rpartition("/")[2])]
    raise LookupError(f"no {kind} is called '{ref}'; {nearest(ref, names)}".removesuffix("; "))


def load(
    folder: Path, now: datetime | None = None, about: str = "", recall: Recall | None = None
) -> Programme:
    """Read `seminars/` as it may be read now.

    Args:
        folder: the folder of entries.
        now: the clock, which ends embargoes; this machine's by default.
        about: the one entry that is asked for; then others may be at fault, and are left out.
        recall: what files said when they were last read.

    Raises:
        EntryError: with every fault of every file; what is only probably wrong is no hindrance.
    """
    contents = folders.read(folder, now, recall)
    errors = [fault for fault in contents.faults if fault.severity == "error"]
    if about:
        errors = [fault for fault in errors if _concerns(fault, folder, about)]
    if errors or contents.site is None:
        raise EntryError(errors)
    return of(contents)


def of(contents: Contents) -> Programme:
    """Order what was read, of a site that is known; entries at fault are not in it."""
    assert contents.site is not None
    talks = sorted(contents.talks, key=lambda talk: (talk.start, talk.ref), reverse=True)
    project = contents.folder.parent
    return Programme(
        contents.folder,
        contents.site,
        tuple(contents.people.values()),
        tuple(contents.series.values()),
        tuple(talk for talk in talks if talk.status != "draft"),
        tuple(sorted(contents.meetups, key=lambda one: one.ref)),
        tuple(sorted(contents.openings, key=lambda one: (one.posted, one.id), reverse=True)),
        tuple(talk for talk in talks if talk.status == "draft"),
        contents.library,
        tuple(project / one.file for one in contents.documents.values() if one.sealed),
    )


def _concerns(fault: Fault, folder: Path, ref: str) -> bool:
    """Whether a fault is in the file of an entry, or in one that all share."""
    path = Path(fault.file)
    return path.parent.name in (folder.name, "") or path.stem == ref.split("/")[-1]
