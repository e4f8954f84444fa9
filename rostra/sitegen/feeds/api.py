"""The interface for programs: what the site says, as JSON files that anybody may read."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property, partial
from typing import Any

from rostra.sitegen.bundles import Bundles, of_talk
from rostra.sitegen.feeds import shapes
from rostra.sitegen.feeds._base import History, Subject, absolute, address, on_stage, subjects
from rostra.sitegen.fields import LANGUAGES, Text, in_language, language_of
from rostra.sitegen.filters import iso_instant, rfc3339
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.notices import Occasion
from rostra.sitegen.opening import Opening
from rostra.sitegen.person import Person
from rostra.sitegen.programme import Programme
from rostra.sitegen.prose import to_html, to_plain
from rostra.sitegen.release import identifier
from rostra.sitegen.series import Series
from rostra.sitegen.talk import ROLES, Talk
from rostra.sitegen.topics import Topic, slug_of

FOLDER = "api/v1/"
FIRST, LAST = b"\n  {", b"\n ]"  # before each talk in the file of all, and after the last
REF = re.compile(rb'^\s*"ref": "([^"]+)"')
TALK, END = '\n "talk": ', "\n}\n"  # what stands before and after a talk in its own file


class Api:
    """The files of the interface, as of an instant.

    `bundles` know what the last build wrote, and what of it stays.
    """

    def __init__(
        self, programme: Programme, history: History, bundles: Bundles | None = None
    ) -> None:
        self.programme = programme
        self.site = programme.site
        self.history = history
        self.bundles = bundles or Bundles()
        self._alone: dict[str, str] = {}

    def files(
        self, talks: Iterable[Talk] | None = None
    ) -> Iterator[tuple[str, Callable[[], str | bytes], object]]:
        """Yield every file's path, how it is written, and what it is about alone.

        Of files about one talk only those of some talks, if it is said which.
        """
        yield f"{FOLDER}schema.json", partial(shapes.schema, self.address("schema.json")), None
        programme = self.programme
        lists: Mapping[str, tuple[Any, Callable[[Any], shapes.Data]]] = {
            "series": (programme.series, self.series),
            "people": (programme.people, self.person),
            "topics": (programme.topics, self.topic),
            "meetups": (programme.meetups, self.meetup),
            "openings": (programme.openings, self.opening),
        }
        yield f"{FOLDER}talks.json", self.talks, None
        for name, (entries, of) in lists.items():
            yield f"{FOLDER}{name}.json", partial(self.list, name, entries, of), None
        for talk in programme.talks if talks is None else talks:
            for ref in (talk.ref, *talk.formerly):
                yield _path(ref), partial(self.alone, talk), _about(talk)

    def list(self, name: str, entries: Any, of: Callable[[Any], shapes.Data]) -> str:
        """Write the file of all entries of a kind."""
        return self.file(f"{name.capitalize()}File", {name: [*map(of, entries)]})

    def talks(self) -> bytes:
        """Write the file of all talks from those of each: as data they would fill the memory."""
        before, bracket, after = self.file("TalksFile", {"talks": []}).rpartition("[")
        told = self._told_before()
        found = [told.get(talk.ref) or self._among(talk) for talk in self.programme.talks]
        head, foot = (before + bracket).encode(), ("\n " * bool(found) + after).encode()
        return b"".join((head, b",".join(found), foot))

    def _among(self, talk: Talk) -> bytes:
        """What the file of all says of a talk."""
        said = self.alone(talk).partition(TALK)[2].removesuffix(END)
        return FIRST + said.removeprefix("{").replace("\n", "\n ").encode()

    def _told_before(self) -> Mapping[str, bytes]:
        """What the file of all said of talks that stay as they are."""
        written = self.bundles.left(f"{FOLDER}talks.json") or b""
        _, *said = written.rpartition(LAST)[0].split(FIRST)
        found = {REF.findall(one)[0].decode(): FIRST + one.removesuffix(b",") for one in said}
        return {ref: one for ref, one in found.items() if of_talk(ref) in self.bundles.standing}

    def alone(self, talk: Talk) -> str:
        """Write the file of one talk."""
        if talk.ref not in self._alone:
            already = self.bundles.read(_path(talk.ref), talk)
            said = already.decode() if already else self.file("TalkFile", {"talk": self.talk(talk)})
            self._alone[talk.ref] = said
        return self._alone[talk.ref]

    def file(self, kind: str, values: Mapping[str, Any]) -> str:
        """Write one file through its class."""
        head = {
            "$schema": f"{self.address('schema.json')}#/$defs/{kind}",
            "site": words(self.site.name),
            "url": address(self.site, ""),
        }
        found: shapes.Data = getattr(shapes, kind)(**head, **values)
        return found.model_dump_json(by_alias=True, exclude_none=True, indent=1) + "\n"

    def address(self, path: str) -> str:
        """The absolute address of a file of the interface."""
        return address(self.site, FOLDER + path)

    @cached_property
    def feeds(self) -> Mapping[str, str]:
        """The Atom feed of each series, person and topic, under its place."""
        found: Iterator[Subject] = subjects(self.programme)
        return {one.key: address(self.site, f"{one.key}feed.xml") for one in found}

    @cached_property
    def heard(self) -> Mapping[str, Sequence[Talk]]:
        """The talks in which somebody says something, by their keys."""
        return on_stage(self.programme.talks)

    def talk(self, talk: Talk) -> shapes.TalkData:
        """Say what is public of a talk."""
        page = address(self.site, f"talks/{talk.ref}/")
        read = partial(absolute, page=page, site=self.site)
        return shapes.TalkData(
            **self.event(talk),
            uid=str(identifier(self.site, self.history.origin(talk))),
            moved_from=iso_instant(talk.moved_from) if talk.moved_from else None,
            updated=rfc3339(self.history.dates(talk)[1]),
            **{role: _keys(talk.roles.get(role, ())) for role in ROLES},
            abstract=words(talk.abstract),
            abstract_html=words(talk.abstract, lambda text: read(to_html(text))),
            topics=tuple(dict.fromkeys(map(slug_of, talk.topics))),
            captions=tuple(
                shapes.CaptionData(language=one.language, url=page + one.file)
                for one in talk.captions
            ),
            to_come=tuple(sorted(talk.to_come)),
            recorded=not talk.unrecorded,
            formerly=talk.formerly,
        )

    def meetup(self, meetup: Meetup) -> shapes.MeetupData:
        """Say what is public of a meeting that comes again."""
        return shapes.MeetupData(
            **self.event(meetup),
            about=words(meetup.about),
            rule=meetup.repeat,
            not_on=tuple(day.isoformat() for day in meetup.not_on),
            also_on=tuple(map(iso_instant, meetup.also_on)),
            formerly=meetup.formerly,
        )

    def event(self, event: Occasion) -> dict[str, Any]:
        """Say what talks and meet-ups share. `join` is not read here, nor anywhere in this room."""
        inherited = {"registration": event.registration, "stream": event.stream}
        return {
            "ref": event.ref,
            "series": event.series.id,
            "title": words(event.title),
            "status": event.status,
            "start": iso_instant(event.start),
            "end": iso_instant(event.end),
            "zone": event.zone.key,
            "mode": event.mode,
            "place": words(event.venue),
            "language": event.language or event.series.language,
            "url": address(self.site, f"talks/{event.ref}/"),
            "links": shapes.LinkData(**{**event.links.model_dump(), **inherited}),
        }

    def series(self, series: Series) -> shapes.SeriesData:
        """Say what a series is."""
        minutes = series.duration // timedelta(minutes=1) if series.duration else None
        return shapes.SeriesData(
            id=series.id,
            name=words(series.name),
            about=words(series.about),
            organisers=_keys(series.organisers),
            zone=series.zone.key,
            duration=minutes,
            talks=tuple(talk.ref for talk in self.programme.of_series(series)),
            feed=self.feeds[f"talks/{series.id}/"],
        )

    def person(self, person: Person) -> shapes.PersonData:
        """Say who somebody is."""
        talks = tuple(talk.ref for talk in self.heard.get(person.id, ()))
        return shapes.PersonData(
            id=person.id,
            name=words(person.name),
            affiliation=words(person.affiliation),
            orcid=person.orcid,
            homepage=person.homepage,
            photo=address(self.site, person.photo) if person.photo else None,
            organises=tuple(one.id for one in self.programme.organised_by(person)),
            talks=talks,
            url=address(self.site, f"people/{person.id}/"),
            feed=self.feeds.get(f"people/{person.id}/"),
        )

    def topic(self, topic: Topic) -> shapes.TopicData:
        """Say what a topic is, and which talks are about it."""
        here = f"topics/{topic.slug}/"
        return shapes.TopicData(
            id=topic.slug,
            name=words(topic.name),
            talks=tuple(talk.ref for talk in topic.talks),
            url=address(self.site, here),
            feed=self.feeds[here],
        )

    def opening(self, opening: Opening) -> shapes.OpeningData:
        """Say what a position is."""
        return shapes.OpeningData(
            id=opening.id,
            title=words(opening.title),
            about=words(opening.about),
            status=opening.status,
            posted=opening.posted.isoformat(),
            deadline=opening.deadline.isoformat() if opening.deadline else None,
            zone=opening.zone.key,
            place=words(opening.place),
            link=opening.link,
        )


def _path(ref: str) -> str:
    return f"{FOLDER}talks/{ref}.json"


def _about(talk: Talk) -> object:
    return "api", "", talk


def words(text: Text | None, write: Callable[[str], str] = to_plain) -> Any:
    """Say a text in the languages in which it was written.

    Examples:
        >>> words("*信任*"), words(None)
        ({'zh': '信任'}, None)
    """
    if text is None:
        return None
    there = {language_of(text, language): in_language(text, language) for language in LANGUAGES}
    return {language: write(said) for language, said in there.items()}


def _keys(people: tuple[Person, ...]) -> tuple[str, ...]:
    return tuple(person.id for person in people)
