"""The ledger: what subscribers were last told of each event, one JSON file each.

`seminars/.ledger/<series>/<slug>.json` is written by `rostra release` and committed. It holds what
a build cannot know from the entries alone: since when, and how often, an event has been as it is,
and the event itself where its entry is gone.
"""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationError,
)

from rostra.sitegen import reading
from rostra.sitegen.faults import EntryError, Fault
from rostra.sitegen.fields import Entry, refuse
from rostra.sitegen.messages import say
from rostra.sitegen.series import Ref
from rostra.sitegen.validation import validate

FOLDER = ".ledger"
WITHDRAWN = "withdrawn"

Records: TypeAlias = Mapping[str, "Record"]
"""All records under `series/slug`."""


def _text(value: object) -> object:
    # Numbers would pass as seconds since 1970.
    if not isinstance(value, str):
        refuse("time-format", say("not an instant"), expected="2022-03-06T10:00:00+08:00")
    return value


def _clock(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(value))
    except (KeyError, ValueError, OSError):
        refuse("zone", say("'{value}' is no time zone", value=value), expected="Asia/Hong_Kong")


def _of_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Stamp: TypeAlias = Annotated[AwareDatetime, BeforeValidator(_text), AfterValidator(_of_utc)]
Digest: TypeAlias = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Record(Entry):
    """What subscribers were told of one event at its last release."""

    ref: Ref
    site: str = ""  # under whose address it was published; older records do not say
    uid: Annotated[str, AfterValidator(lambda text: str(UUID(text)))]
    sequence: Annotated[int, Field(ge=0, lt=2**31)]
    created: Stamp
    last_modified: Stamp
    zone: Annotated[ZoneInfo, PlainValidator(_clock)]
    start: Stamp
    end: Stamp
    status: str
    recurrence: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()
    schedule: Digest
    words: Digest

    @property
    def withdrawn(self) -> bool:
        """Whether the entry is gone, and only this tombstone is left of it."""
        return self.status == WITHDRAWN

    def local(self, moment: datetime) -> datetime:
        """An instant by the clock of the event's zone."""
        return moment.astimezone(self.zone)


def path_of(seminars: Path, ref: str) -> Path:
    """Where the record of an event lies."""
    return seminars / FOLDER / f"{ref}.json"


def read(seminars: Path) -> dict[str, Record]:
    """Read the ledger of a folder of entries; none is an empty one.

    Raises:
        EntryError: with every fault of every file.
    """
    records: dict[str, Record] = {}
    faults: list[Fault] = []
    for path in sorted((seminars / FOLDER).glob("*/*.json")):
        name = path.relative_to(seminars.parent).as_posix()
        found = _fast(path) or _slow(path, name, faults)
        if found is not None:
            records[found.ref] = found
            if path_of(seminars, found.ref) != path:
                faults.extend(_misplaced(found, path, name))
    faults.extend(_twice(records))
    if faults:
        raise EntryError(faults)
    return records


def _fast(path: Path) -> Record | None:
    if _link(path) or not path.is_file():
        return None  # what this is, the other reader says; a pipe would never end
    try:
        return Record.model_validate(json.loads(path.read_bytes()))
    except (ValueError, ValidationError, OSError):
        return None


def _link(path: Path) -> Path | None:
    """The link on the way to a record, if there is one: the record, its folder or the ledger."""
    return next((one for one in (path, *path.parents[:2]) if one.is_symlink()), None)


def _slow(path: Path, name: str, faults: list[Fault]) -> Record | None:
    """Read a file that is damaged again, as YAML, whose reader knows lines and columns."""
    document = reading.read(_link(path) or path, name)
    found = None if document.faults else validate(Record, document)
    if found is None and not document.faults:
        document.report_at(0, "ledger", say("this is no record of a release"))
    faults.extend(document.faults)
    return found


def _misplaced(record: Record, path: Path, name: str) -> list[Fault]:
    document = reading.read(path, name)
    message = say("this is the record of {ref}", ref=record.ref)
    hint = say("take the file back as it was released: git checkout")
    document.report(("ref",), "ledger", message, suggestion=hint)
    return document.faults


def _twice(records: Records) -> Iterator[Fault]:
    known: dict[str, str] = {}
    for ref, record in records.items():
        if (other := known.setdefault(record.uid, ref)) != ref:
            message = say("{ref} has the identifier of {other}", ref=ref, other=other)
            yield Fault(f"{FOLDER}/{ref}.json", 1, 1, "ledger", message)


def text_of(record: Record) -> str:
    """Write a record: the same order of keys always, and one newline at the end."""
    told = {
        "ref": record.ref,
        "site": record.site,
        "uid": record.uid,
        "sequence": record.sequence,
        "created": _stamp(record.created),
        "last_modified": _stamp(record.last_modified),
        "zone": record.zone.key,
        "start": record.local(record.start).isoformat(),
        "end": record.local(record.end).isoformat(),
        "status": record.status,
        "recurrence": list(record.recurrence),
        "calendars": list(record.calendars),
        "schedule": record.schedule,
        "words": record.words,
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def write(seminars: Path, record: Record) -> Path:
    """Write a record whole or not at all."""
    path = path_of(seminars, record.ref)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text_of(record), encoding="utf-8", newline="\n")
    beside.replace(path)
    return path


def remove(seminars: Path, ref: str) -> None:
    """Take a record away whose event goes on under another address, and its empty folder."""
    path = path_of(seminars, ref)
    path.unlink(missing_ok=True)
    if path.parent.is_dir() and not any(path.parent.iterdir()):
        path.parent.rmdir()
