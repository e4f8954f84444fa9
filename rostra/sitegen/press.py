"""The press: writes the files of a site, and touches none that stays as it was."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

# As `open(…, "wb")` opens a file, without the file object around it: there are many to write.
NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
CACHE = ".cache/rostra"  # below a project: what builds remember, and what is not yet published

Print: TypeAlias = tuple[str, int, int, str]
"""What is known of a file: the digest of its content, its size, its time of change, and the
fingerprint of what it was made of."""


class Press:
    """Writes files below a folder, each whole or not at all, and only where they changed.

    Args:
        folder: the site's.
        memory: the file that remembers what was written; one that is damaged or gone costs time,
            and nothing else.

    `note` is remembered too, for who has more to know than what was written.
    """

    def __init__(self, folder: Path, memory: Path) -> None:
        self.folder = folder
        self.memory = memory
        self.before, self.note_before = _remembered(memory)
        self.note: object = None
        self.written: dict[str, Print] = {}
        self.changed: list[str] = []

    def keep(self, path: str, made_of: str) -> bool:
        """Leave a file as it is, if it is there and was made of the same; else say no."""
        known = self._known(path, made_of)
        if known is None:
            return False
        self._once(path)
        self.written[path] = known
        return True

    def kept(self, path: str, made_of: str) -> bytes | None:
        """Read a file, if it is there and was made of the same: whoever writes it has it done."""
        known = self._known(path, made_of)
        return None if known is None else Path(self.folder, path).read_bytes()

    def _known(self, path: str, made_of: str) -> Print | None:
        known = self.before.get(path)
        if known is None or not made_of or known[3] != made_of:
            return None
        return known if _seen(f"{self.folder}/{path}") == known[1:3] else None

    def put(self, path: str, content: bytes, made_of: str = "") -> None:
        """Write a file, unless it is there with this content.

        Raises:
            ValueError: where this build has written another file there.
        """
        self._once(path)
        target = f"{self.folder}/{path}"
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        known = self.before.get(path)
        if known is None or known[0] != digest or _seen(target) != known[1:3]:
            write(target, content)
            self.changed.append(path)
        self.written[path] = (digest, *_seen(target), made_of)

    def _once(self, path: str) -> None:
        if path in self.written:
            raise ValueError(f"{path} is written twice")

    def finish(self) -> None:
        """Take away what is not of this build."""
        emptied = []
        for folder, folders, files in os.walk(self.folder):
            at = _at(folder, self.folder)
            if not at:  # what is hidden there is the host's, such as `.git`
                folders[:] = [name for name in folders if not name.startswith(".")]
                files = [name for name in files if not name.startswith(".")]
            left = [name for name in files if f"{at}{name}" not in self.written]
            for name in left:
                os.remove(f"{folder}/{name}")
            if left or not (folders or files):
                emptied.append(folder)
        for folder in reversed(emptied):
            with suppress(OSError):  # not empty
                os.removedirs(folder)

    def remember(self) -> None:
        """Remember what was written, once it may stay."""
        write(str(self.memory), json.dumps([self.note, self.written]).encode())


def below(site: Path) -> Iterator[str]:
    """Yield the files of a finished site, by their paths below it."""
    for folder, _, files in os.walk(site):
        at = _at(folder, site)
        yield from (at + name for name in files)


def _at(folder: str, site: Path) -> str:
    """What goes before the names of a folder's files: nothing in the site's own folder."""
    rest = folder[len(str(site)) :].strip("/")
    return f"{rest}/" if rest else ""


def _remembered(memory: Path) -> tuple[Mapping[str, Print], object]:
    try:
        note, found = json.loads(memory.read_bytes())
        return {path: _print(*row) for path, row in found.items()}, note
    except (OSError, ValueError, TypeError, AttributeError):
        return {}, None


def _print(digest: str, size: int, time: int, made_of: str) -> Print:
    return str(digest), int(size), int(time), str(made_of)


def _seen(target: str) -> tuple[int, int]:
    try:
        found = os.lstat(target)
    except OSError:
        return -1, -1
    return found.st_size, found.st_mtime_ns


def write(target: str, content: bytes) -> None:
    """Write beside the place, then move there: nobody reads half a file."""
    aside = f"{target}.part"
    try:
        file = os.open(aside, NEW, 0o666)
    except FileNotFoundError:  # most folders are there
        os.makedirs(os.path.dirname(target), exist_ok=True)
        file = os.open(aside, NEW, 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)
    os.replace(aside, target)
