"""The library: publications, notes, projects and news, and which of them belong to whom."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from rostra.sitegen.csl import csl, written
from rostra.sitegen.fields import Text
from rostra.sitegen.news import News
from rostra.sitegen.note import Note
from rostra.sitegen.person import Person
from rostra.sitegen.project import Project
from rostra.sitegen.publication import ALL, Publication
from rostra.sitegen.topics import gathered

T = TypeVar("T")


@dataclass(frozen=True)
class Tag:
    """What several notes are about, and those notes, the newest first."""

    slug: str
    name: Text
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class CitationFile:
    """A file for citation managers: where it lies below the site, and its text."""

    path: str
    text: str


@dataclass(frozen=True)
class Library:
    """All that is there to read, the newest first; projects in the order of their file."""

    publications: tuple[Publication, ...] = ()
    notes: tuple[Note, ...] = ()
    projects: tuple[Project, ...] = ()
    news: tuple[News, ...] = ()

    def publications_of(self, person: Person) -> tuple[Publication, ...]:
        """What somebody has written."""
        return self._by_author.get(person.id, ())

    def publications_on(self, theme: str) -> tuple[Publication, ...]:
        """What belongs to the theme whose page has this as the last part of its address."""
        return self._by_theme.get(theme, ())

    def publications_with(self, ref: str) -> tuple[Publication, ...]:
        """What a talk is about."""
        return self._by_talk.get(ref, ())

    def notes_by(self, person: Person) -> tuple[Note, ...]:
        """The notes that somebody has written."""
        return self._notes_by_author.get(person.id, ())

    def notes_with(self, ref: str) -> tuple[Note, ...]:
        """The notes about a talk."""
        return self._notes_by_talk.get(ref, ())

    def projects_of(self, person: Person) -> tuple[Project, ...]:
        """The projects that somebody takes part in."""
        return self._projects_by_person.get(person.id, ())

    def projects_on(self, theme: str) -> tuple[Project, ...]:
        """The projects that belong to a theme."""
        return self._projects_by_theme.get(theme, ())

    def publication(self, key: str) -> Publication:
        """Find a publication by its key."""
        return self._by_key[key]

    @cached_property
    def citation_files(self) -> tuple[CitationFile, ...]:
        """Each publication in both notations, and all of them together."""
        return tuple(self._citation_files())

    def _citation_files(self) -> Iterator[CitationFile]:
        for one in self.publications:
            yield CitationFile(f"publications/{one.id}.bib", f"{one.source.bibtex}\n")
            yield CitationFile(f"publications/{one.id}.json", one.csl)
        if self.publications:
            bibtex = "\n\n".join(one.source.bibtex for one in self.publications)
            yield CitationFile(f"publications/{ALL}.bib", f"{bibtex}\n")
            items = written(*(csl(one.source) for one in self.publications))
            yield CitationFile(f"publications/{ALL}.json", items)

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """What the notes are about, in the order of their addresses."""
        return tuple(Tag(*found) for found in gathered(self.notes, lambda note: note.head.tags))

    @cached_property
    def categories(self) -> tuple[Tag, ...]:
        """The kinds of notes, in the order of their addresses."""
        found = gathered(self.notes, lambda note: note.head.categories)
        return tuple(Tag(*one) for one in found)

    @cached_property
    def _by_key(self) -> Mapping[str, Publication]:
        return {one.id: one for one in self.publications}

    @cached_property
    def _by_author(self) -> Mapping[str, tuple[Publication, ...]]:
        return _by(self.publications, lambda one: [person.id for person in one.people])

    @cached_property
    def _by_theme(self) -> Mapping[str, tuple[Publication, ...]]:
        return _by(self.publications, lambda one: one.themes)

    @cached_property
    def _by_talk(self) -> Mapping[str, tuple[Publication, ...]]:
        return _by(self.publications, lambda one: one.talks)

    @cached_property
    def _notes_by_author(self) -> Mapping[str, tuple[Note, ...]]:
        return _by(self.notes, lambda one: [one.head.author.id])

    @cached_property
    def _notes_by_talk(self) -> Mapping[str, tuple[Note, ...]]:
        return _by(self.notes, lambda one: [one.head.talk] if one.head.talk else [])

    @cached_property
    def _projects_by_person(self) -> Mapping[str, tuple[Project, ...]]:
        return _by(self.projects, lambda one: [person.id for person in one.people])

    @cached_property
    def _projects_by_theme(self) -> Mapping[str, tuple[Project, ...]]:
        return _by(self.projects, lambda one: one.themes)


def _by(things: Iterable[T], keys: Callable[[T], Iterable[str]]) -> Mapping[str, tuple[T, ...]]:
    """Things under each of their keys, in their order."""
    found: dict[str, list[T]] = {}
    for thing in things:
        for key in dict.fromkeys(keys(thing)):
            found.setdefault(key, []).append(thing)
    return {key: tuple(some) for key, some in found.items()}
