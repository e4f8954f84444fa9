"""The press: writes the files of a site, and touches none that stays as it was."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, KeysView, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from rostra.sitegen.turn import Turn

# As `open(…, "wb")` opens a file, without the file object around it: there are many to write.
NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
CACHE = ".cache/rostra"  # below a project: what builds remember, and what is not yet published

Seen: TypeAlias = list[int]
"""What one sees of a file without reading it: its size, and its time of change."""

Print: TypeAlias = tuple[str, Seen, str]
"""What is known of a file: the digest of its content, what is seen of it, and the fingerprint of
what it was made of."""


@dataclass
class Bundle:
    """Files that are about one thing: they stand, or are written, together.

    Args:
        made_of: the fingerprint of what all of them were made of.
        files: what is seen of each, by its path.
        digests: those of their contents, in the same order.
    """

    made_of: str
    files: dict[str, Seen] = field(default_factory=dict)
    digests: list[str] = field(default_factory=list)

    def of(self, path: str) -> Print | None:
        """What is known of a file."""
        known = dict(zip(self.files, self.digests, strict=False))
        return (known[path], self.files[path], self.made_of) if path in known else None


class Press:
    """Writes files below a folder, each whole or not at all, and only where they changed.

    Args:
        folder: the site's.
        memory: the file that remembers what was written; one that is damaged or gone costs time,
            and nothing else.

    `note` is remembered too, for who has more to know than what was written. Another process that
    would write there waits until this one remembers, or its `turn` is over.
    """

    def __init__(self, folder: Path, memory: Path) -> None:
        self.folder = folder
        self.memory = memory
        self.turn = Turn(memory.with_suffix(".lock"))
        self.note_before, self.before, self.bundles_before = _remembered(memory)
        self.note: object = None
        self.single: dict[str, Print] = {}
        self.bundles: dict[str, Bundle] = {}
        self.changed: list[str] = []
        self._written: dict[str, object] = {}
        # Looked at once, all together: one by one they cost several times as much.
        self._seen, self._empty = _look(folder)

    @property
    def written(self) -> KeysView[str]:
        """The files of this build, those that stay as they were among them."""
        return self._written.keys()

    def stands(self, bundle: str, made_of: str) -> bool:
        """Whether all files of a bundle are there, and were made of the same."""
        known = self.bundles_before.get(bundle)
        if known is None or not made_of or known.made_of != made_of:
            return False
        return known.files.items() <= self._seen.items()

    def files_of(self, bundle: str) -> Iterable[str]:
        """The files of a bundle, as the last build wrote it."""
        return self.bundles_before[bundle].files

    def leave(self, bundle: str) -> None:
        """Leave the files of a bundle that stands as they are."""
        known = self.bundles[bundle] = self.bundles_before[bundle]
        for path in known.files.keys() & self.written:
            self._once(path)
        self._written.update(known.files)

    def keep(self, path: str, made_of: str) -> bool:
        """Leave a file as it is, if it is there and was made of the same; else say no."""
        known = self._known(path, made_of)
        if known is None:
            return False
        self._once(path)
        self.single[path] = known
        return True

    def kept(self, path: str, made_of: str) -> bytes | None:
        """Read a file, if it is there and was made of the same: whoever writes it has it done."""
        return None if self._known(path, made_of) is None else self._read(path)

    def as_left(self, path: str) -> bytes | None:
        """Read a file, if it is there as the last build left it, whatever it was made of."""
        known = self.before.get(path)
        there = known is not None and known[1] == self._seen.get(path)
        return self._read(path) if there else None

    def _read(self, path: str) -> bytes:
        return Path(self.folder, path).read_bytes()

    def _known(self, path: str, made_of: str) -> Print | None:
        known = self.before.get(path)
        if known is None or not made_of or known[2] != made_of:
            return None
        return known if self._seen.get(path) == known[1] else None

    def put(self, path: str, content: bytes, made_of: str = "", bundle: str = "") -> None:
        """Write a file, unless it is there with this content.

        Args:
            path: where, below the site.
            content: what.
            made_of: the fingerprint of what it was made of; empty where nobody knows.
            bundle: what it belongs to, if anything; then `made_of` is that of the whole.

        Raises:
            ValueError: where this build has written another file there.
        """
        self._once(path)
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        known, seen = self._before(path, bundle), self._seen.get(path)
        if known is None or known[0] != digest or known[1] != seen or seen is None:
            seen = write(f"{self.folder}/{path}", content)
            self.changed.append(path)
        if bundle:
            part = self.bundles.setdefault(bundle, Bundle(made_of))
            part.files[path] = seen
            part.digests.append(digest)
        else:
            self.single[path] = digest, seen, made_of

    def _before(self, path: str, bundle: str) -> Print | None:
        if not bundle:
            return self.before.get(path)
        known = self.bundles_before.get(bundle)
        return known.of(path) if known else None

    def _once(self, path: str) -> None:
        if path in self._written:
            raise ValueError(f"{path} is written twice")
        self._written[path] = None

    def finish(self) -> None:
        """Take away what is not of this build."""
        emptied = set(self._empty)
        for path in self._seen.keys() - self.written:
            target = f"{self.folder}/{path}"
            with suppress(FileNotFoundError):
                os.remove(target)
            emptied.add(os.path.dirname(target))
        for folder in sorted(emptied, reverse=True):
            with suppress(OSError):  # not empty, or gone with one below it
                os.removedirs(folder)

    def remember(self) -> None:
        """Remember what was written, once it may stay."""
        bundles = {key: (one.made_of, one.files, one.digests) for key, one in self.bundles.items()}
        told = json.dumps([self.note, self.single, bundles], separators=(",", ":")).encode()
        write(str(self.memory), summed(told))
        self.turn.over()


def below(site: Path) -> Iterator[str]:
    """Yield the files of a finished site, by their paths below it."""
    for folder, _, files in os.walk(site):
        at = _at(folder, site)
        yield from (at + name for name in files)


def _at(folder: str, site: Path) -> str:
    """What goes before the names of a folder's files: nothing in the site's own folder."""
    rest = folder[len(str(site)) :].strip("/")
    return f"{rest}/" if rest else ""


def _look(site: Path) -> tuple[dict[str, Seen], list[str]]:
    """What is seen of all files of a site, by their paths, and its folders that hold nothing.

    What is hidden at its top is the host's, such as `.git`.
    """
    seen: dict[str, Seen] = {}
    empty: list[str] = []
    left = [("", str(site))]
    while left:
        at, folder = left.pop()
        found: list[os.DirEntry[str]] = []
        with suppress(OSError):  # it is not there, or nobody may look into it: it is the host's
            found = [*os.scandir(folder)]
            if not found and at:
                empty.append(folder)
        for one in found:
            if not at and one.name.startswith("."):
                continue
            if one.is_dir():
                if not one.is_symlink():  # a link to a folder is the host's, too
                    left.append((f"{at}{one.name}/", one.path))
            else:
                with suppress(FileNotFoundError):  # somebody takes it away meanwhile
                    there = one.stat(follow_symlinks=False)
                    seen[at + one.name] = [there.st_size, there.st_mtime_ns]
    return seen, empty


def _remembered(memory: Path) -> tuple[object, Mapping[str, Print], Mapping[str, Bundle]]:
    try:
        # A bundle that lacks a file would never get it again.
        note, single, bundles = json.loads(checked(memory.read_bytes()))
        prints = {path: _print(*row) for path, row in single.items()}
        return note, prints, {key: _bundle(*row) for key, row in bundles.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None, {}, {}


def summed(told: bytes) -> bytes:
    """Put before what is remembered its digest: who reads it sees whether it is whole."""
    return _sum(told) + b"\n" + told


def checked(content: bytes) -> bytes:
    """Take away the digest again.

    Raises:
        ValueError: where it is that of something else.

    Examples:
        >>> checked(summed(b"known"))
        b'known'
    """
    known, _, told = content.partition(b"\n")
    if known != _sum(told):
        raise ValueError("this is damaged")
    return told


def _sum(told: bytes) -> bytes:
    return hashlib.blake2b(told, digest_size=16).hexdigest().encode()


def _print(digest: str, seen: Seen, made_of: str) -> Print:
    return str(digest), list(seen), str(made_of)


def _bundle(made_of: str, files: dict[str, Seen], digests: list[str]) -> Bundle:
    return Bundle(str(made_of), dict(files), list(digests))


def write(target: str, content: bytes) -> Seen:
    """Write beside the place, then move there: nobody reads half a file.

    Returns:
        What is seen of it then.
    """
    return write_all(target, (content,))


def write_all(target: str, parts: Iterable[bytes]) -> Seen:
    """Write parts one after the other, as `write` writes a whole."""
    aside = f"{target}.{os.getpid()}.part"  # others may write the same now
    try:
        file = os.open(aside, NEW, 0o666)
    except FileNotFoundError:  # most folders are there
        os.makedirs(os.path.dirname(target), exist_ok=True)
        file = os.open(aside, NEW, 0o666)
    try:
        for part in parts:
            left = memoryview(part)
            while left:
                left = left[os.write(file, left) :]
        there = os.fstat(file)
    finally:
        os.close(file)
    os.replace(aside, target)
    return [there.st_size, there.st_mtime_ns]
