"""Embargo: what is `!secret` in a talk's texts is read by nobody before its time.

The text itself stands outside the public tree, where passwords stand as well. Until the talk's
`embargo:` it is to be announced; from then on the build reads it, and the check asks the author to
write it into the entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rostra.sitegen import times
from rostra.sitegen.fields import zones
from rostra.sitegen.messages import say
from rostra.sitegen.privacy import withheld
from rostra.sitegen.reading import Document, Secret

TEXTS = ("title", "abstract", "bio")
TO_COME = {"title": "tba"}


@dataclass(frozen=True)
class Veil:
    """What decides whether a text may be read: the clock, and where it is kept."""

    now: datetime
    folder: Path
    zone: ZoneInfo | None


def lift(document: Document, veil: Veil) -> frozenset[str]:
    """Put the texts that may be read into the data, and leave out the others.

    Returns:
        The keys that are left out.
    """
    data = document.data
    if not isinstance(data, dict):
        return frozenset()
    hidden = {key: list(_secrets(data.get(key))) for key in TEXTS}
    keys = [key for key in TEXTS if hidden[key]]
    over = _over(document, data, veil, bool(keys))
    if over:
        _warn(document, keys)
    values = {key: _read(data[key], veil.folder) if over else None for key in keys}
    shown = {key: TO_COME.get(key) if values[key] is None else values[key] for key in keys}
    document.data = {**data, **shown}
    return frozenset(key for key in keys if values[key] is None)


def _secrets(value: object) -> Iterator[Secret]:
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, dict):
        yield from (inner for inner in value.values() if isinstance(inner, Secret))


def _over(document: Document, data: dict[str, object], veil: Veil, hidden: bool) -> bool:
    """Whether its time has come; an embargo on nothing, and a secret without one, are faults."""
    if "embargo" not in data:
        for key in TEXTS:
            if any(_secrets(data.get(key))):
                hint = say("add `embargo:` with the time from which it may be read")
                message = say("a text is secret, and nobody knows until when")
                document.report((key,), "embargo", message, suggestion=hint)
        return False
    try:
        until = times.instant(str(data["embargo"]), _zone(data, veil))
    except times.TimeError:
        return False  # which is reported where the entry is read
    if not hidden and veil.now < until:
        hint = say("put the text into the ignored seminars/secrets.yaml: `abstract: !secret NAME`")
        message = say("nothing is withheld: what is under embargo stands in a public file")
        document.report(("embargo",), "embargo", message, suggestion=hint)
    return veil.now >= until


def _zone(data: dict[str, object], veil: Veil) -> ZoneInfo:
    named = data.get("zone")
    known = isinstance(named, str) and named in zones()
    return ZoneInfo(str(named)) if known else veil.zone or ZoneInfo("UTC")


def _warn(document: Document, keys: list[str]) -> None:
    for key in keys:
        message = say("the embargo is over")
        document.warn((key,), "embargo-over", message, suggestion=say("write the text here"))


def _read(value: object, folder: Path) -> object:
    """The text that a secret stands for; None where any part of it is not known here."""
    if isinstance(value, Secret):
        return withheld(value.name, folder)
    if not isinstance(value, dict):
        return value
    parts = {language: _read(inner, folder) for language, inner in value.items()}
    return None if None in parts.values() else parts
