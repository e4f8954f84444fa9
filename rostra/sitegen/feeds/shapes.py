"""The contract of the interface for programs: the files are written through these classes.

`schema.json` is made of them. A version's keys only grow; what would break a reader gets a new
version. Nothing private can be written: the way into a meeting has no key.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from rostra.sitegen.fields import Format

SCHEMA = "https://json-schema.org/draft/2020-12/schema"

Words: TypeAlias = Annotated[
    Mapping[Literal["en", "zh"], str],
    Field(description="A plain text in the languages in which it was written."),
]
Html: TypeAlias = Annotated[
    Mapping[Literal["en", "zh"], str],
    Field(description="Safe HTML, formulas as MathML, in the languages in which it was written."),
]
Instant: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$",
        description="An instant with its offset (RFC 3339).",
    ),
]
Day: TypeAlias = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Key: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Ref: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]
Address: TypeAlias = Annotated[str, Field(pattern=r"^https?://")]
Minutes: TypeAlias = Annotated[int, Field(ge=0, description="Minutes.")]
Status: TypeAlias = Literal["tentative", "confirmed", "moved", "postponed", "cancelled"]


class Data(BaseModel):
    """What all parts share: no key that the schema does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LinkData(Data):
    """Public addresses of an event; never the way into the meeting."""

    registration: Address | None = None
    stream: Address | None = None
    recording: Address | None = None
    slides: Address | None = None
    paper: Address | None = None
    code: Address | None = None
    notes: Address | None = None


class EventData(Data):
    """What talks and meet-ups share."""

    ref: Ref
    series: Key
    title: Words
    status: Status
    start: Instant
    end: Instant
    zone: Annotated[str, Field(description="The IANA zone by whose clock it is announced.")]
    mode: Annotated[
        Format | None, Field(description="Not said: nobody wrote down how one took part.")
    ] = None
    place: Words | None = None
    language: str | None = None
    url: Address
    links: LinkData


class CaptionData(Data):
    """The words of a recording in a language (WebVTT)."""

    language: str
    url: Address


class TalkData(EventData):
    """One talk. `to_come` names what is not announced yet."""

    uid: Annotated[str, Field(description="Its identifier in calendars; it never changes.")]
    moved_from: Instant | None = None
    updated: Instant
    speakers: tuple[Key, ...] = ()
    panellists: tuple[Key, ...] = ()
    discussants: tuple[Key, ...] = ()
    chairs: tuple[Key, ...] = ()
    abstract: Words | None = None
    abstract_html: Html | None = None
    topics: tuple[Key, ...] = ()
    captions: tuple[CaptionData, ...] = ()
    to_come: tuple[Literal["title", "abstract", "speakers"], ...] = ()
    recorded: Annotated[bool, Field(description="False: nobody may record it.")] = True
    formerly: tuple[Ref, ...] = ()


class MeetupData(EventData):
    """A meeting that comes again; `start` and `end` are those of the first."""

    about: Words | None = None
    rule: Annotated[str, Field(description="RRULE of RFC 5545, 3.3.10, without its name.")]
    not_on: tuple[Day, ...] = ()
    also_on: tuple[Instant, ...] = ()
    formerly: tuple[Ref, ...] = ()


class SeriesData(Data):
    """One series; `talks` are its talks, the newest first."""

    id: Key
    name: Words
    about: Words | None = None
    organisers: tuple[Key, ...] = ()
    zone: str
    duration: Minutes | None = None
    talks: tuple[Ref, ...] = ()
    feed: Address


class PersonData(Data):
    """One person; `talks` are those that they say something in, the newest first."""

    id: Key
    name: Words
    affiliation: Words | None = None
    orcid: str | None = None
    homepage: Address | None = None
    photo: Address | None = None
    organises: tuple[Key, ...] = ()
    talks: tuple[Ref, ...] = ()
    url: Address
    feed: Address | None = None


class TopicData(Data):
    """One topic; `talks` are those about it, the newest first."""

    id: Key
    name: Words
    talks: tuple[Ref, ...]
    url: Address
    feed: Address


class OpeningData(Data):
    """A position to fill. It closes by itself when its last day has ended in its zone."""

    id: Key
    title: Words
    about: Words
    status: Literal["open", "filled"]
    posted: Day
    deadline: Day | None = None
    zone: str
    place: Words | None = None
    link: Address | None = None


class _File(Data):
    """What every file says first: which definition describes it, and as of when it holds."""

    schema_: Annotated[Address, Field(alias="$schema")]
    site: Words
    url: Address


class TalksFile(_File):
    """All talks, the newest first: `talks.json`."""

    talks: tuple[TalkData, ...]


class TalkFile(_File):
    """One talk: `talks/<series>/<slug>.json`."""

    talk: TalkData


class SeriesFile(_File):
    """All series: `series.json`."""

    series: tuple[SeriesData, ...]


class PeopleFile(_File):
    """Everybody who is named: `people.json`."""

    people: tuple[PersonData, ...]


class TopicsFile(_File):
    """All topics: `topics.json`."""

    topics: tuple[TopicData, ...]


class MeetupsFile(_File):
    """All meetings that come again: `meetups.json`."""

    meetups: tuple[MeetupData, ...]


class OpeningsFile(_File):
    """All positions: `openings.json`."""

    openings: tuple[OpeningData, ...]


FILES = (TalksFile, TalkFile, SeriesFile, PeopleFile, TopicsFile, MeetupsFile, OpeningsFile)


def schema(url: str) -> str:
    """Write the JSON Schema of all files; a file says in `$schema` which definition is its own.

    Args:
        url: the schema's own address.
    """
    _, found = models_json_schema([(kind, "serialization") for kind in FILES])
    top = {
        "$schema": SCHEMA,
        "$id": url,
        "title": "The data of a Rostra site, version 1",
        "oneOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in FILES],
        **found,
    }
    return json.dumps(top, indent=1, ensure_ascii=False) + "\n"
