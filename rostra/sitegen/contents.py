"""What was read from `seminars/` and from what lies beside it, and how one file of it is read."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from rostra.sitegen.faults import Fault
from rostra.sitegen.fields import SLUG, Named
from rostra.sitegen.library import Library
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.messages import say
from rostra.sitegen.opening import Opening
from rostra.sitegen.person import Person
from rostra.sitegen.privacy import private
from rostra.sitegen.reading import Document
from rostra.sitegen.recall import Recall
from rostra.sitegen.scalars import texts
from rostra.sitegen.series import Series, Setting
from rostra.sitegen.site import Site
from rostra.sitegen.talk import Talk
from rostra.sitegen.validation import validate

OPENINGS = "openings"  # the one folder that is no series
TAKEN = re.compile(rf"{OPENINGS}|all|[0-9]+")  # beside the series lie talks/all.ics, talks/2024/
DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")  # Windows opens no file of these names
N = TypeVar("N", bound=Named)


@dataclass
class Contents:
    """What was read from a folder, and what is wrong with it."""

    folder: Path
    now: datetime
    site: Site | None = None
    contact: str = ""
    people: dict[str, Person] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    talks: list[Talk] = field(default_factory=list)
    meetups: list[Meetup] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    library: Library = field(default_factory=Library)
    # What was read, by the name that faults call it; the checks point into it.
    documents: dict[str, Document] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    recall: Recall = field(default_factory=Recall)

    def of(self, name: str) -> Document:
        """The document of an entry, by its file without `.yaml`: `people`, `series/slug`."""
        return self.documents[f"{self.folder.name}/{name}.yaml"]

    def name(self, path: Path) -> str:
        """What a fault calls a file: its path from the project's folder."""
        return path.relative_to(self.folder.parent).as_posix()

    def document(self, path: Path) -> Document:
        """Read a file of YAML."""
        return self.keep(self.recall.read(path, self.name(path)))

    def keep(self, document: Document) -> Document:
        """Remember a document, and all that will be found in it."""
        self.documents[document.file] = document
        return document

    def check_privacy(self, document: Document) -> None:
        """Report what looks private in a file, comments included; the contact is public."""
        if document.recalled:
            return  # it was looked at before, and held nothing of the kind
        for kind, position, text in private(document.text):
            self.recall.forget(document)
            if text != self.contact:
                _report_private(document, position, kind)
        # A value that escapes in quotes hide from the text.
        for at, value in texts(document.data):
            for kind, _, text in private(value):
                self.recall.forget(document)
                if text != self.contact and text not in document.text:
                    _report_private(document, document.place(at).start, kind)

    def named(self, file: str, kind: type[N], setting: Setting) -> dict[str, N]:
        """Read a file of entries under their keys; a faulty one is still known, by its key."""
        document = self.document(self.folder / file)
        entries: dict[str, N] = {}
        data = document.data if isinstance(document.data, dict) else {}
        if document.data is not None and not isinstance(document.data, dict):
            expected = say("keys with values")
            document.report((), "type", say("the wrong kind of value"), expected=expected)
        for key in data:
            if not SLUG.fullmatch(key):
                expected = say("a-z, 0-9 and single -")
                message = say("'{key}' is no key", key=key)
                document.report((key,), "slug", message, on="key", expected=expected)
            elif kind is Series and (TAKEN.fullmatch(key) or DEVICE.fullmatch(key)):
                message = say("'{key}' already means something else: choose another name", key=key)
                document.report((key,), "slug", message, on="key")
            found = validate(kind, document, (key,), replace(setting, key=key))
            entries[key] = found or _placeholder(kind, key, setting)
        self.check_privacy(document)
        return entries


def _placeholder(kind: type[N], key: str, setting: Setting) -> N:
    """Stand in for a faulty entry, so that its mistakes are reported only where they are."""
    values: dict[str, Any] = {"name": key, "zone": setting.zone}
    return cast("N", kind.model_construct(**values))


def _report_private(document: Document, position: int, kind: str) -> None:
    hint = say("leave it out; for the way in, write `join: !secret NAME`")
    message = say("{kind} in a public file", kind=kind)
    document.report_at(position, "private", message, suggestion=hint)
