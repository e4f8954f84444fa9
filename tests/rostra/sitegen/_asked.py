"""A process that builds, asked as `rostra serve` asks it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Answer = dict[str, Any]


class Asked:
    """The process, and how to ask it."""

    def __init__(self, process: "subprocess.Popen[str]", project: Path, site: Path) -> None:
        self.process, self.project, self.site = process, project, site

    def answers(self, *changed: Path) -> Iterator[Answer]:
        """Say what was edited, and hear what becomes of it, to the end."""
        assert self.process.stdin
        assert self.process.stdout
        names = [one.relative_to(self.project).as_posix() for one in changed]
        self.process.stdin.write(json.dumps(names) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            answer: Answer = json.loads(line)
            yield answer
            if answer["shown"] == "site":
                return
        raise AssertionError("it ended")


@contextmanager
def asked(project: Path, **environment: str) -> Iterator[Asked]:
    """Start the process for a project until the block ends."""
    site = project / ".cache" / "site"
    told = {"ROSTRA_NOW": "2026-11-21T08:00:00Z", "NO_MKDOCS_2_WARNING": "1", **environment}
    process = subprocess.Popen(
        [sys.executable, "-m", "rostra.sitegen.builder", str(site)],
        cwd=project, env=os.environ | told, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Asked(process, project, site)
    finally:
        process.communicate(timeout=30)  # nobody asks any more, and it ends
        assert process.returncode == 0
