"""What entries say, recalled from the last build: none is read twice that had no slip.

A file that looks as it did is not opened. One whose text is the same is not parsed, and not
looked at again for what is private; of a talk the columns that lists are made of are at hand.
"""

import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple, TypeAlias

from rostra.sitegen import reading
from rostra.sitegen.press import checked, summed, write
from rostra.sitegen.reading import Document

OURS = Path(__file__).parent
SETTLED = 2_000_000_000  # ns; clocks of files may be as coarse as that
# What decides, besides ourselves, whether an entry is fit: its notation, its formulas, its markup.
READERS = ("pyyaml", "pydantic", "babel", "latex2mathml", "markdown-it-py", "nh3")

Columns: TypeAlias = Mapping[str, object]
"""What lists are made of, in the shapes of JSON."""


class Row(NamedTuple):
    """What is known of a file.

    Args:
        seen: its size and its times of change; none where it changed as it was read.
        digest: that of its text.
        told: its data, as JSON.
        columns: those of the talk in it, if any.
    """

    seen: list[int]
    digest: str
    told: str
    columns: Columns | None = None


class Recalled(Document):
    """A file that is as it was: its text and its data are read where somebody asks for them."""

    def __init__(self, file: str, path: Path, row: Row) -> None:
        self.file, self.path, self.row = file, path, row
        self.places, self.faults = {}, []
        self.recalled, self.sealed = True, False

    @cached_property
    def text(self) -> str:  # type: ignore[override]  # a field there, read late here
        """What stands in it."""
        return reading.read_text(self.path, self.file).text

    @cached_property
    def data(self) -> object:  # type: ignore[override]  # the same
        """What it says."""
        try:
            return json.loads(self.row.told)
        except (TypeError, ValueError):  # this is no memory of ours
            return reading.parse(self.text, self.file).data


class Recall:
    """What files said.

    Args:
        memory: the file that remembers it; one that is damaged or gone costs time alone.
    """

    def __init__(self, memory: Path | None = None) -> None:
        self.memory = memory
        self.code = _code() if memory else ""
        self.shared_before, self.before = _remembered(memory, self.code) if memory else ("", {})
        self.now: dict[str, Row] = {}
        self.texts: dict[str, str] = {}  # the digest of each file's text, by the file's name
        self.shared = ""

    def share(self, *what: str) -> None:
        """Say what all talks are read with besides: their columns follow from it as well."""
        self.shared = hashlib.blake2b(repr(what).encode()).hexdigest()

    def read(self, path: Path, name: str = "") -> Document:
        """Read a file as `reading.read` does; one that is known is neither opened nor parsed."""
        file = name or path.as_posix()
        seen, known = _seen(path) if self.memory else [], self.before.get(file)
        if known is not None and seen and known.seen == seen:
            return self._recalled(file, path, known)
        document = reading.read_text(path, name)
        if document.faults:
            return document
        digest = hashlib.blake2b(document.text.encode(), digest_size=16).hexdigest()
        if known is not None and known.digest == digest:
            return self._recalled(file, path, known._replace(seen=seen))
        document = reading.parse(document.text, file)
        self.texts[file] = digest
        # The name of a secret is no plain data, and what is at fault is told each time.
        if self.memory and not document.faults and not document.sealed:
            told = json.dumps(document.data, ensure_ascii=False)
            self.now[file] = Row(seen, digest, told)
        return document

    def _recalled(self, file: str, path: Path, row: Row) -> Document:
        self.texts[file], self.now[file] = row.digest, row
        return Recalled(file, path, row)

    def columns(self, document: Document) -> Columns | None:
        """What lists are made of, of the talk in a file, if it is read with the same as it was."""
        if not isinstance(document, Recalled) or self.shared != self.shared_before:
            return None
        return document.row.columns

    def sum_up(self, document: Document, columns: Columns | None) -> None:
        """Remember what lists are made of, of the talk in a file."""
        if document.file in self.now:
            self.now[document.file] = self.now[document.file]._replace(columns=columns)

    def forget(self, document: Document) -> None:
        """Read it again next time: what stands there must be looked at each time."""
        self.now.pop(document.file, None)

    def keep(self) -> None:
        """Remember what was read now, and nothing else."""
        same = self.now == self.before and self.shared == self.shared_before
        if self.memory and not same:
            told = json.dumps([self.code, self.shared, self.now], ensure_ascii=False)
            write(str(self.memory), summed(told.encode("utf-8", "surrogatepass")))


def _seen(path: Path) -> list[int]:
    """What is seen of a file without opening it; nothing of one that has just changed."""
    try:
        found = os.lstat(path)
    except OSError:
        return []
    # Who writes to it again within the same tick of its clock leaves no trace.
    changed = max(found.st_mtime_ns, found.st_ctime_ns)
    settled = S_ISREG(found.st_mode) and changed + SETTLED < time.time_ns()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino] if settled else []


def _code() -> str:
    """Fingerprint of what reads entries, and of what looks for private things."""
    own = [path.read_bytes() for path in sorted(OURS.glob("*.py"))]
    versions = [sys.version, *(f"{name} {version(name)}" for name in READERS)]
    return hashlib.blake2b(b"".join([*map(str.encode, versions), *own])).hexdigest()


def _remembered(memory: Path, code: str) -> tuple[str, Mapping[str, Row]]:
    try:
        by, shared, found = json.loads(checked(memory.read_bytes()))
        rows = {str(file): Row(*row) for file, row in found.items()} if by == code else {}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return "", {}
    return str(shared), rows
