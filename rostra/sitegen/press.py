"""The press: writes the files of a site, and touches none that stays as it was."""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

Print: TypeAlias = tuple[str, int, int]
"""What is known of a file: the digest of its content, its size and its time of change."""


class Press:
    """Writes files below a folder, each whole or not at all, and only where they changed.

    Args:
        folder: the site's.
        memory: the file that remembers what was written; one that is damaged or gone costs time,
            and nothing else.
    """

    def __init__(self, folder: Path, memory: Path) -> None:
        self.folder = folder
        self.memory = memory
        self.before: Mapping[str, Print] = _remembered(memory)
        self.written: dict[str, Print] = {}
        self.changed: list[str] = []

    def put(self, path: str, content: bytes) -> None:
        """Write a file, unless it is there with this content.

        Raises:
            ValueError: where this build has written another file there.
        """
        if path in self.written:
            raise ValueError(f"{path} is written twice")
        target = f"{self.folder}/{path}"
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        known = self.before.get(path)
        if known is None or known[0] != digest or _seen(target) != known[1:]:
            _write(target, content)
            self.changed.append(path)
        size, time = _seen(target)
        self.written[path] = digest, size, time

    def finish(self) -> None:
        """Take away what is not of this build, and remember what is."""
        emptied = []
        for folder, folders, files in os.walk(self.folder):
            below = os.path.relpath(folder, self.folder)
            at = "" if below == "." else f"{below}/"
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
        self.memory.parent.mkdir(parents=True, exist_ok=True)
        _write(str(self.memory), json.dumps(self.written).encode())


def _remembered(memory: Path) -> dict[str, Print]:
    try:
        found = json.loads(memory.read_bytes())
        return {path: (str(one), int(size), int(time)) for path, (one, size, time) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _seen(target: str) -> tuple[int, int]:
    try:
        found = os.lstat(target)
    except OSError:
        return -1, -1
    return found.st_size, found.st_mtime_ns


def _write(target: str, content: bytes) -> None:
    """Write beside the place, then move there: nobody reads half a file."""
    aside = f"{target}.part"
    try:
        file = open(aside, "wb")  # noqa: SIM115 - closed below; the folder is made only if it lacks
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        file = open(aside, "wb")  # noqa: SIM115
    with file:
        file.write(content)
    os.replace(aside, target)
