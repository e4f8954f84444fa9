"""Findings in a file, one after another, so that a long run goes on where it was stopped."""

import functools
import hashlib
import importlib.metadata
import json
from pathlib import Path
from typing import Any

from robustlib.card import write_aside
from robustlib.conformance._base import Finding, Subject

PACKAGES = {
    "robustlib": "rostra",
    "art": "adversarial-robustness-toolbox",
    "adv_lib": "adv-lib",
}
"""Names on the package index, where they are others."""

_HERE = Path(__file__).parent
Found = dict[str, dict[str, Finding | None]]


class Kept:
    """What was found of each subject in each case, with what it was found by.

    Args:
        path: The file; None: nothing is kept.
        resume: Whether findings that are there already are taken from it, where the library, its
            version, the suite and, of ours, the library's code are the same.
    """

    def __init__(self, path: Path | None, *, resume: bool = False) -> None:
        self._path = path
        there = resume and path is not None and path.exists()
        self._held: dict[str, Any] = json.loads(path.read_text("utf-8")) if path and there else {}

    def known(self, subject: Subject, case: str) -> tuple[Finding | None] | None:
        """The finding in a tuple, for it may be none; None if it is not known."""
        there = self._held.get(str(subject), {})
        if there.get("by") != stamp(subject.library) or case not in there["cases"]:
            return None
        one = there["cases"][case]
        return (Finding(one["kept"], one["told"]) if one else None,)

    def seconds(self, subject: Subject) -> float:
        """How long its cases have taken in all, as far as that was noted."""
        return float(sum(self._held.get(str(subject), {}).get("seconds", {}).values()))

    def keep(
        self, subject: Subject, case: str, finding: Finding | None, seconds: float = 0.0
    ) -> None:
        """Writes it, at once."""
        by = stamp(subject.library)
        there = self._held.get(str(subject), {})
        if there.get("by") != by:
            there = {"norm": subject.norm.__name__, "by": by, "cases": {}}
            self._held[str(subject)] = there
        there["cases"][case] = vars(finding) if finding else None
        there.setdefault("seconds", {})[case] = round(seconds, 2)
        if self._path:
            text = json.dumps(self._held, indent=1, ensure_ascii=False) + "\n"
            write_aside(self._path, text.encode())


@functools.cache
def stamp(library: str) -> str:
    """A library's version, and the code that its findings depend on.

    Examples:
        >>> stamp("robustlib") == stamp("robustlib")
        True
    """
    package = PACKAGES.get(library, library)
    folder = _HERE.parent if library == "robustlib" else _HERE
    return f"{version(package)}, suite {digest(folder)}"


def version(package: str) -> str:
    """What is installed; a checkout that is not installed has none."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def digest(folder: Path) -> str:
    """Of all code in a folder."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        whole.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return whole.hexdigest()[:12]
