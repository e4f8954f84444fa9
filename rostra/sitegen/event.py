"""Events: what talks and meet-ups share, that is a time, a place and ways in."""

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, PrivateAttr

from rostra.sitegen.fields import (
    Bilingual,
    Entry,
    Format,
    Length,
    Named,
    Private,
    Spoken,
    Start,
    Text,
    Url,
    Zone,
    refuse,
)
from rostra.sitegen.messages import say
from rostra.sitegen.person import Person
from rostra.sitegen.series import Ref, Series, Venue

# An event whose length is not stated takes this long in calendars and until it counts as past.
USUAL_LENGTH = timedelta(hours=1)


TO_BE_ANNOUNCED = (
    *("tba", "tbd", "tbc", "to be announced", "to be decided", "to be determined"),
    *("to be confirmed", "待定", "待公布", "待公佈", "待确定", "题目待定", "摘要待定"),
)
TITLE_TO_COME = Bilingual(en="Title to be announced", zh="题目待定")


def is_open(value: object) -> bool:
    """Whether a text says only that it will be announced.

    Examples:
        >>> [is_open(text) for text in ("TBA", "(tbd)", "待定。", "TBA: a history", None)]
        [True, True, True, False, False]
    """
    told = value.strip(" \t\n.…。()（）[]【】").lower() if isinstance(value, str) else ""
    return told in TO_BE_ANNOUNCED


def _to_come(value: object) -> object:
    """The text without what is open of it: of both languages one may be known."""
    if not isinstance(value, dict):
        return None if is_open(value) else value
    known = {language: text for language, text in value.items() if not is_open(text)}
    alone = len(known) < len(value) and not any(text is not None for text in known.values())
    return None if alone else known


def _title(value: object) -> object:
    known = _to_come(value)
    return TITLE_TO_COME if known is None and value is not None else known


_UNKNOWN = Field(description="`tba`: not known yet.")
Title: TypeAlias = Annotated[Text, BeforeValidator(_title), _UNKNOWN]
ToCome: TypeAlias = Annotated[Text | None, BeforeValidator(_to_come), _UNKNOWN]


class Links(Entry):
    """Public addresses. The way into the meeting is not public: see `join`."""

    registration: Url | None = None
    stream: Url | None = None
    recording: Url | None = None
    slides: Url | None = None
    paper: Url | None = None
    code: Url | None = None
    notes: Url | None = None


class Event(Named):
    """Something that people come together for: `<series>/<slug>.yaml`."""

    title: Title
    zone: Zone = Field(default=None, validate_default=True)
    start: Annotated[Start, Field(description="By the clock of the entry's zone.")]
    duration: Length | None = None
    place: Venue | None = None
    format: Annotated[
        Format | None, Field(description="If not said: what place and ways in amount to.")
    ] = None
    language: Spoken | None = None
    links: Links = Links()
    join: Private | None = None
    formerly: Annotated[
        tuple[Ref, ...], Field(description="Earlier addresses: series/slug, each leads here.")
    ] = ()

    _series: Series = PrivateAttr()

    def model_post_init(self, context: Any) -> None:
        """Take name and series from the place of the file; a meeting in a room needs the room."""
        super().model_post_init(context)
        series = getattr(context, "series", None)
        if series is None:
            return
        self._series = series
        if self.format in ("in-person", "hybrid") and self.venue is None:
            hint = say("add `place:`, or write `format: online`")
            message = say("it is {format}, and nobody knows where", format=self.format)
            refuse("format", message, at="format", suggestion=hint)

    @cached_property
    def slug(self) -> str:
        """The last part of its address: its file's name."""
        return self._key

    @cached_property
    def series(self) -> Series:
        """The series whose folder the file stands in."""
        return self._series

    @cached_property
    def ref(self) -> str:
        """What it is called on the command line: `series/slug`."""
        return f"{self._series.id}/{self._key}"

    @property
    def length(self) -> timedelta:
        """How long it takes: its own length, its series', or the usual one."""
        return self.duration or self.series.duration or USUAL_LENGTH

    @cached_property
    def instant(self) -> datetime:
        """When it starts, in UTC."""
        return self.start.astimezone(UTC)

    @cached_property
    def end(self) -> datetime:
        """When it ends."""
        return (self.instant + self.length).astimezone(self.start.tzinfo)

    @property
    def organisers(self) -> tuple[Person, ...]:
        """Those of the series."""
        return self.series.organisers

    @property
    def venue(self) -> Text | None:
        """The room where people meet; None where they only meet online."""
        return None if self.format == "online" else self.place or self.series.place

    @property
    def way_in(self) -> Private | None:
        """The private way into the meeting: its own, or that of the series."""
        return self.join or (None if self.format == "in-person" else self.series.join)

    @property
    def registration(self) -> Url | None:
        """Where one registers: its own address, or that of the series."""
        return self.links.registration or self.series.registration

    @property
    def stream(self) -> Url | None:
        """Where it is shown live: its own address, or that of the series."""
        return self.links.stream or self.series.stream

    @property
    def mode(self) -> Format | None:
        """How people take part: as it says, as its series says, or as its ways in show.

        None where nothing shows it, as in an archive of talks whose place nobody wrote down.
        """
        if stated := self.format or self.series.format:
            return stated
        online = bool(self.way_in or self.stream)
        if self.venue is not None:
            return "hybrid" if online else "in-person"
        return "online" if online or self.registration else None
