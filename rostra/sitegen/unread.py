"""Talks that are as they were: what lists are made of is at hand, the rest is read where asked for.

Of a large archive a build after an edit shows a few talks whole, and counts all the others.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ConfigDict

from rostra.sitegen.event import Links
from rostra.sitegen.fields import Bilingual, Text
from rostra.sitegen.recall import Columns
from rostra.sitegen.series import Setting
from rostra.sitegen.talk import ROLES, Talk

PLAIN = ("status", "language", "format", "do_not_record")
UNSAID = {"demo": None, "links": Links(), "join": None}  # what most talks leave out
SLOTS = ("__pydantic_fields_set__", "__pydantic_extra__")
# What is read of a model past its attributes.
WHOLE = (
    *("__eq__", "__hash__", "__repr__", "__str__", "__iter__"),
    *("__copy__", "__deepcopy__", "__getstate__", "model_copy", "model_dump", "model_dump_json"),
)


class Unread(Talk):
    """A talk of which only the columns are known; asked for more, it becomes the talk itself."""

    model_config = ConfigDict(defer_build=True)

    def __getattr__(self, name: str) -> Any:
        """Read the entry where somebody asks for what is not at hand."""
        if name in Talk.model_fields or name in SLOTS:
            whole(self)
            return getattr(self, name)
        return super().__getattr__(name)  # type: ignore[misc]  # hidden from type checkers there


def _reading_first(name: str) -> Callable[..., Any]:
    def read(self: Talk, *given: Any, **named: Any) -> Any:
        for one in (self, *given):  # what it is compared with may be unread as well
            whole(one)
        return getattr(self, name)(*given, **named)

    return read


for _name in WHOLE:
    setattr(Unread, _name, _reading_first(_name))


def whole(talk: object) -> None:
    """Make a talk itself of one that was not read; all else stays as it is."""
    if not isinstance(talk, Unread):
        return
    found: Talk = vars(talk)["_read"]()
    # Models are frozen, and this is no change: all that is known of it already says the same.
    object.__setattr__(talk, "__class__", Talk)
    object.__setattr__(talk, "__dict__", vars(found))
    for slot in SLOTS:
        object.__setattr__(talk, slot, getattr(found, slot))


def columns(talk: Talk) -> Columns | None:
    """Write down what lists are made of; of a talk that the clock changes, nothing."""
    if talk.embargo or talk.moved_from or talk.withheld or talk.start.tzinfo is not talk.zone:
        return None
    return {
        "zone": talk.zone.key,
        "start": [talk.start.isoformat(), talk.start.fold, *_offsets(talk.start)],
        "minutes": talk.duration and talk.duration / timedelta(minutes=1),
        "plain": [getattr(talk, name) for name in PLAIN],
        "formerly": talk.formerly,
        "texts": [*map(_told, (talk.title, *talk.topics))],
        "people": [[one.id for one in getattr(talk, role)] for role in ROLES],
        "unsaid": [name for name, usual in UNSAID.items() if getattr(talk, name) == usual],
    }


def _told(text: Text) -> object:
    return text if isinstance(text, str) else (text.en, text.zh)


def _offsets(moment: datetime) -> list[float]:
    """What the zone's clock is ahead by, at both times that it may show this hour."""
    both = (moment.replace(fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    return [one.total_seconds() for one in both]


def unread(known: Columns, setting: Setting, read: Callable[[], Talk]) -> Talk | None:
    """Make a talk of its columns; none where they no longer hold.

    Args:
        known: the columns, as `columns` wrote them.
        setting: in which it was read, and would be again.
        read: reads the talk itself.
    """
    try:
        found = _values(known, setting.people or {})
    except (KeyError, ValueError, TypeError, AttributeError):
        return None  # a zone that is gone, or a memory that is not ours: the entry itself is read
    if found is None or setting.series is None:
        return None
    series, key = setting.series, setting.key
    own = {"slug": key, "id": key, "series": series, "ref": f"{series.id}/{key}", "_read": read}
    private = {"_key": key, "_series": series, "_captions": (), "_withheld": frozenset()}
    talk = Unread.__new__(Unread)
    object.__setattr__(talk, "__dict__", found | own)
    object.__setattr__(talk, "__pydantic_private__", private)
    return talk


def _values(known: Any, people: Mapping[str, Any]) -> dict[str, Any] | None:
    zone = ZoneInfo(known["zone"])
    written, fold, *offsets = known["start"]
    start = datetime.fromisoformat(written).replace(tzinfo=zone, fold=fold)
    if _offsets(start) != offsets:
        return None  # zones change their rules: an hour may be skipped now, or come twice
    parts = [tuple(people[key] for key in keys) for keys in known["people"]]
    title, *topics = (one if isinstance(one, str) else _both(*one) for one in known["texts"])
    minutes = known["minutes"]
    return {
        "title": title,
        "zone": zone,
        "start": start,
        "duration": None if minutes is None else timedelta(minutes=minutes),
        "formerly": tuple(known["formerly"]),
        "topics": tuple(topics),
        "embargo": None,
        "moved_from": None,
        **dict(zip(PLAIN, known["plain"], strict=True)),
        **dict(zip(ROLES, parts, strict=True)),
        **{name: UNSAID[name] for name in known["unsaid"]},
    }


@cache
def _both(en: str | None, zh: str | None) -> Text:
    return Bilingual(en=en, zh=zh)
