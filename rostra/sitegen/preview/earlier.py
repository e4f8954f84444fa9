"""A talk as an earlier state of the entries has it: read from a commit, in a folder of its own."""

import io
import subprocess
import tarfile
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rostra.sitegen.faults import EntryError
from rostra.sitegen.programme import load
from rostra.sitegen.talk import Talk


class CommitError(ValueError):
    """A commit that cannot be read; says which, and what git says of it."""


def earlier(talk: Talk, project: Path, commit: str, now: datetime) -> Talk | None:
    """Read a talk as it was in a commit.

    Args:
        talk: the talk as it is now, with its earlier addresses.
        project: the folder that holds `seminars/`, inside a git repository.
        commit: what git calls it: a branch, a tag, a hash.
        now: the clock, which ends embargoes.

    Returns:
        The talk; None where that commit has none of its addresses, or none that can be read.

    Raises:
        CommitError: if there is no such commit.
    """
    name = _git(project, "rev-parse", "--verify", "--end-of-options", f"{commit}^{{commit}}")
    archive = _git(project, "archive", name.decode().strip(), "seminars")
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        for ref in (talk.ref, *talk.formerly):
            try:
                return load(Path(folder) / "seminars", now, about=ref).find(ref)
            except (LookupError, EntryError):
                continue
    return None


def _git(project: Path, *words: str) -> bytes:
    done = subprocess.run(["git", "-C", project, *words], capture_output=True, check=False)
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise CommitError(f"git {words[0]}: {' '.join(reason)}")
    return done.stdout
