"""An entry as an earlier state of all entries has it: read from a commit, in its own folder."""

import io
import subprocess
import tarfile
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from rostra.sitegen.faults import EntryError
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.opening import Opening
from rostra.sitegen.programme import load
from rostra.sitegen.talk import Talk

Entry: TypeAlias = Talk | Meetup | Opening


class CommitError(ValueError):
    """A commit that cannot be read; says which, and what git says of it."""


def earlier(entry: Entry, project: Path, commit: str, now: datetime) -> Entry | None:
    """Read an entry as it was in a commit.

    Args:
        entry: the entry as it is now; talks and meet-ups know their earlier addresses.
        project: the folder that holds `seminars/`, inside a git repository.
        commit: what git calls it: a branch, a tag, a hash.
        now: the clock, which ends embargoes.

    Returns:
        The entry; None where that commit has none of its addresses, or none that can be read.

    Raises:
        CommitError: if there is no such commit.
    """
    name = _git(project, "rev-parse", "--verify", "--end-of-options", f"{commit}^{{commit}}")
    archive = _git(project, "archive", name.decode().strip(), "seminars")
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        for ref in (entry.ref, *getattr(entry, "formerly", ())):
            try:
                return load(Path(folder) / "seminars", now, about=ref).entry(ref)
            except (LookupError, EntryError):
                continue
    return None


def _git(project: Path, *words: str) -> bytes:
    done = subprocess.run(["git", "-C", project, *words], capture_output=True, check=False)
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise CommitError(f"git {words[0]}: {' '.join(reason)}")
    return done.stdout
