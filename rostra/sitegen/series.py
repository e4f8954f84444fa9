"""Series: what its talks and meet-ups inherit, and the setting that an entry is read in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from rostra.sitegen.fields import (
    Entry,
    Format,
    Length,
    Named,
    Private,
    Spoken,
    Text,
    Url,
    Zone,
)
from rostra.sitegen.person import People, Person


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
    place: Text | None = None
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


@dataclass(frozen=True)
class Setting:
    """What an entry is read in: who is known (None: not asked), and what it inherits."""

    key: str = ""
    zone: ZoneInfo | None = None
    series: Series | None = None
    people: Mapping[str, Person] | None = None
    demos: frozenset[str] | None = None
    withheld: frozenset[str] = frozenset()
