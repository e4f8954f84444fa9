"""Entries: one YAML file a talk, and the series, people and site that they belong to.

The folder `seminars/` holds `site.yaml`, `people.yaml`, `series.yaml` and `<series>/<slug>.yaml`.
The file's name is the talk's address and never changes; the only date of a talk is its `start:`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator, PrivateAttr, ValidationInfo, WithJsonSchema
from pydantic.json_schema import models_json_schema

from rostra.sitegen.faults import nearest
from rostra.sitegen.fields import (
    Entry,
    InkOnPaper,
    InkOnSlate,
    Language,
    Length,
    Once,
    Page,
    Private,
    Settings,
    Slug,
    Start,
    Text,
    Url,
    Zone,
    in_language,
    refuse,
)
from rostra.sitegen.prose import to_plain

# A talk whose length is not stated takes this long in calendars and until it counts as past.
USUAL_LENGTH = timedelta(hours=1)
# Until a ledger of releases says when an entry was last revised, it counts as revised this long
# before it starts: a date that comes from the content, so that two builds are equal.
ANNOUNCED_BEFORE = timedelta(days=14)


@dataclass(frozen=True)
class Setting:
    """What an entry is read in: who is known (None: not asked), and what it inherits."""

    key: str = ""
    zone: ZoneInfo | None = None
    series: "Series | None" = None
    people: Mapping[str, "Person"] | None = None
    demos: frozenset[str] | None = None


class Named(Entry):
    """An entry that is known by its key or its file's name."""

    _key: str = PrivateAttr("")

    def model_post_init(self, context: Any) -> None:
        """Take the key from the setting that the entry was read in."""
        self._key = getattr(context, "key", "")

    @property
    def id(self) -> str:
        """The key under which others refer to this entry."""
        return self._key


class Colours(Entry):
    """The accent of links, primary button and focus ring, readable on the paper of its scheme."""

    accent: InkOnPaper = "#0a6c8f"
    accent_dark: InkOnSlate = "#57bfe0"


class Theme(Entry):
    """One line of research and, where there is one, its page on this site."""

    title: Text
    about: Text | None = None
    page: Page | None = None


class Group(Entry):
    """Who the themes belong to: a laboratory, the authors of papers, a seminar."""

    name: Text
    about: Text | None = None
    homepage: Url | None = None
    themes: tuple[Theme, ...] = ()


class Site(Entry):
    """`site.yaml`: what the site is called, where and when it lives."""

    id: Annotated[Slug, Field(description="Never changes: calendars' identifiers are made of it.")]
    name: Text
    full_name: Text | None = None
    about: Text | None = None
    url: Annotated[Url, Field(description="Where the site is published.")]
    zone: Zone
    languages: tuple[Language, ...] = ("en",)
    colours: Colours = Colours()
    contact: Annotated[str | None, Field(description="Public by intent: an address or a mail.")] = (
        None
    )
    groups: tuple[Group, ...] = ()


class Person(Named):
    """One person of `people.yaml`. No mail address: this file is public."""

    name: Text
    title: Annotated[Text | None, Field(description="Prof., Dr.")] = None
    affiliation: Text | None = None
    homepage: Url | None = None
    bio: Text | None = None
    photo: Annotated[Page | None, Field(description="A picture below docs/.")] = None
    alt: Annotated[Text | None, Field(description="The photo in words, for who cannot see it.")] = (
        None
    )

    def model_post_init(self, context: Any) -> None:
        """Ask for the photo's description: without it the picture is a hole for some readers."""
        super().model_post_init(context)
        if self.photo and not self.alt:
            refuse("alt", "the photo has no description", expected="alt: what it shows")


def _person(value: object, info: ValidationInfo) -> Person:
    if isinstance(value, Person):
        return value
    known: Mapping[str, Person] | None = getattr(info.context, "people", None)
    if known is None:
        return Person.model_construct(name=str(value))
    if str(value) not in known:
        hint = nearest(str(value), known) or "add the person to people.yaml"
        refuse("unknown-person", f"nobody is called '{value}' in people.yaml", suggestion=hint)
    return known[str(value)]


Someone: TypeAlias = Annotated[
    Person,
    PlainValidator(_person),
    WithJsonSchema({"type": "string", "description": "A key of people.yaml."}),
]

People: TypeAlias = Annotated[tuple[Someone, ...], Once]


class Way(Entry):
    """A way in: a channel, a group, a list."""

    name: Text
    url: Url | None = None
    about: Text | None = None


class Series(Named):
    """One series of `series.yaml`; talks inherit its zone, place, language and duration."""

    name: Text
    about: Text | None = None
    organisers: People = ()
    zone: Zone = Field(default=None, validate_default=True)
    cadence: Text | None = None
    place: Text | None = None
    language: Language | None = None
    duration: Length | None = None
    ways: Annotated[tuple[Way, ...], Field(description="How to follow and to join.")] = ()


class Links(Entry):
    """Public addresses of a talk. The way into the meeting is not public: see `join`."""

    registration: Url | None = None
    stream: Url | None = None
    recording: Url | None = None
    slides: Url | None = None
    paper: Url | None = None
    code: Url | None = None
    notes: Url | None = None


def _demo(value: object, info: ValidationInfo) -> str:
    known = getattr(info.context, "demos", None)
    if not isinstance(value, str) or (known is not None and value not in known):
        hint = nearest(str(value), known or ())
        refuse("unknown-demo", f"there is no demos/{value}.py", suggestion=hint)
    return value


class Demo(Entry):
    """A demo of ours that shows what the talk is about, and the settings it opens with."""

    name: Annotated[str, PlainValidator(_demo), WithJsonSchema({"type": "string"})]
    settings: Settings = Field(default_factory=dict)


class Talk(Named):
    """One talk: `<series>/<slug>.yaml`."""

    title: Text
    zone: Zone = Field(default=None, validate_default=True)
    start: Annotated[Start, Field(description="By the clock of the talk's zone.")]
    duration: Length | None = None
    speakers: Annotated[People, Field(description="None: to be announced.")] = ()
    abstract: Text | None = None
    bio: Annotated[Text | None, Field(description="Instead of the speaker's own bio.")] = None
    place: Text | None = None
    language: Language | None = None
    topics: tuple[Text, ...] = ()
    status: Literal["confirmed", "tentative", "cancelled", "postponed"] = "confirmed"
    links: Links = Links()
    demo: Demo | None = None
    join: Private | None = None

    _series: Series = PrivateAttr()

    def model_post_init(self, context: Any) -> None:
        """Take name and series from the place of the file."""
        super().model_post_init(context)
        series = getattr(context, "series", None)
        if series is not None:
            self._series = series

    @property
    def slug(self) -> str:
        """The last part of the talk's address: its file's name."""
        return self._key

    @property
    def series(self) -> Series:
        """The series whose folder the file stands in."""
        return self._series

    @property
    def ref(self) -> str:
        """What the talk is called on the command line: `series/slug`."""
        return f"{self._series.id}/{self._key}"

    @property
    def end(self) -> datetime:
        """When it ends, or after the usual length where none is stated."""
        length = self.duration or self._series.duration or USUAL_LENGTH
        return (self.start.astimezone(UTC) + length).astimezone(self.start.tzinfo)

    @property
    def held(self) -> bool:
        """Whether it takes place at the time it states, as far as anybody knows."""
        return self.status in ("confirmed", "tentative")

    @property
    def revised(self) -> datetime:
        """The instant of the last revision, as far as the content alone can say."""
        return self.start.astimezone(UTC) - ANNOUNCED_BEFORE

    @property
    def organisers(self) -> tuple[Person, ...]:
        """Those of the series."""
        return self._series.organisers


# What became of a talk stands before its title, wherever only the title may be read.
_BECAME = {
    ("cancelled", "en"): "Cancelled: ",
    ("cancelled", "zh"): "【取消】",
    ("postponed", "en"): "Postponed: ",
    ("postponed", "zh"): "【延期】",
    ("tentative", "en"): "Tentative: ",
    ("tentative", "zh"): "【暂定】",
}


def titled(talk: Talk, language: str) -> str:
    """Write a talk's title as plain text, with what became of the talk where it may not be held."""
    return _BECAME.get((talk.status, language), "") + to_plain(in_language(talk.title, language))


def schema() -> str:
    """Write the JSON schema that editors complete and check entries with.

    A talk is at the top; `#/$defs/Site`, `SeriesFile` and `PeopleFile` are the other files.
    """
    kinds: tuple[type[Entry], ...] = (Talk, Series, Person, Site)
    _, found = models_json_schema([(kind, "validation") for kind in kinds])
    definitions = found["$defs"]
    for name, kind in (("SeriesFile", "Series"), ("PeopleFile", "Person")):
        inner = {"$ref": f"#/$defs/{kind}"}
        definitions[name] = {"type": "object", "additionalProperties": inner}
    top = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An entry of a Rostra seminar",
        "$ref": "#/$defs/Talk",
        "$defs": definitions,
    }
    return json.dumps(top, indent=2, ensure_ascii=False) + "\n"
