"""Series: what its talks and meet-ups inherit, and the setting that an entry is read in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PlainValidator, ValidationInfo, WithJsonSchema

from rostra.sitegen.faults import nearest
from rostra.sitegen.fields import (
    LANGUAGES,
    SLUG,
    Entry,
    Format,
    Length,
    Named,
    Private,
    Spoken,
    Text,
    Url,
    Zone,
    in_language,
    refuse,
)
from rostra.sitegen.messages import say
from rostra.sitegen.person import People, Person

NO_PLACE = re.compile(
    r"(online|virtual|remote|zoom|webinar|teams|线上|在线|网络|腾讯会议|飞书)(\s+(meeting|only|会议))?",
    re.IGNORECASE,
)


def _venue(place: Text) -> Text:
    """Refuse a place that names only a way to take part: its talks would be in person there."""
    for text in (in_language(place, language).strip() for language in LANGUAGES):
        if NO_PLACE.fullmatch(text):
            hint = say("leave the place out, and write `format: online`")
            message = say("'{place}' is no place where one can meet", place=text)
            refuse("format", message, needle=text, suggestion=hint)
    return place


Venue: TypeAlias = Annotated[Text, AfterValidator(_venue)]


def _ref(text: str) -> str:
    parts = text.split("/")
    if len(parts) != 2 or not all(SLUG.fullmatch(part) for part in parts):
        refuse("slug", say("'{text}' names no talk", text=text), expected=say("series/slug"))
    return text


Ref: TypeAlias = Annotated[str, AfterValidator(_ref)]
"""What an entry is called from outside its series: `series/slug`."""


class Way(Entry):
    """A way in: a channel, a group, a list."""

    name: Text
    url: Url | None = None
    about: Text | None = None


class Series(Named):
    """One series of `series.yaml`; its talks inherit all from `zone` to `do_not_record`."""

    name: Text
    about: Text | None = None
    organisers: People = ()
    cadence: Text | None = None
    zone: Zone = Field(default=None, validate_default=True)
    duration: Length | None = None
    place: Venue | None = None
    format: Format | None = None
    language: Spoken | None = None
    chairs: People = ()
    registration: Url | None = None
    stream: Url | None = None
    join: Private | None = None
    do_not_record: bool = False
    parallel: Annotated[
        bool, Field(description="Its talks may overlap, as those of a conference do.")
    ] = False
    ways: Annotated[tuple[Way, ...], Field(description="How to follow and to join.")] = ()


RULES = {
    "talks": "unknown-talk",
    "themes": "unknown-theme",
    "publications": "unknown-publication",
}
MISSING = {
    "talks": "there is no talk {key}",
    "themes": "no theme has the page research/{key}/",
    "publications": "there is no '{key}' in docs/publications.bib",
}


@dataclass(frozen=True)
class Known:
    """What else an entry may refer to: talks, themes (by their pages' last parts), publications."""

    talks: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    publications: frozenset[str] = frozenset()

    def lacks(self, kind: str, key: str) -> tuple[str, str, str] | None:
        """What to say of a reference to something of a kind that is not there.

        Returns:
            Rule, message and what was probably meant; None where it is there.
        """
        there: frozenset[str] = getattr(self, kind)
        if key in there:
            return None
        return RULES[kind], say(MISSING[kind], key=key), nearest(key, there)


@dataclass(frozen=True)
class Setting:
    """What an entry is read in: who is known (None: not asked), and what it inherits."""

    key: str = ""
    zone: ZoneInfo | None = None
    series: Series | None = None
    people: Mapping[str, Person] | None = None
    demos: frozenset[str] | None = None
    known: Known = Known()
    withheld: frozenset[str] = frozenset()


def _known(kind: str, value: object, info: ValidationInfo) -> str:
    """A reference to something of a kind, which must be there."""
    known: Known = getattr(info.context, "known", Known())
    if missing := known.lacks(kind, str(value)):
        rule, message, hint = missing
        refuse(rule, message, needle=str(value), suggestion=hint)
    return str(value)


def _referring(kind: str, description: str) -> Any:
    about = WithJsonSchema({"type": "string", "description": description})
    return PlainValidator(partial(_known, kind)), about


TalkRef: TypeAlias = Annotated[str, *_referring("talks", "series/slug of a talk.")]
ThemeKey: TypeAlias = Annotated[
    str, *_referring("themes", "The last part of the address of a research page.")
]
PublicationKey: TypeAlias = Annotated[
    str, *_referring("publications", "A key of docs/publications.bib.")
]
