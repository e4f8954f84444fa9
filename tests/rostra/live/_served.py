"""A small site that `rostra serve` serves, in a process of its own, as one would start it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from rostra.live.server import listen
from rostra.sitegen.starter import Start, new_site

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PATIENCE = 60.0


def small_site(place: Path) -> Path:
    """A project with one talk."""
    return new_site(place, Start("Small", languages=("en", "zh")), NOW)


def talk(project: Path) -> Path:
    """The file of its talk."""
    found = [path for path in project.glob("seminars/*/*.yaml") if path.parent.name != "openings"]
    assert len(found) == 1
    return found[0]


def until(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait until something holds, which it must before long."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.02)


class Served:
    """A server, its address, and what it says."""

    def __init__(self, process: "subprocess.Popen[str]", url: str, said: Path) -> None:
        self.process, self.url, self.said = process, url, said

    def page(self, path: str) -> str:
        """A page, as a browser gets it."""
        return httpx.get(self.url + path).text

    def has_said(self, text: str) -> bool:
        """Whether it stands on the terminal."""
        return text in self.said.read_text(encoding="utf-8")

    def children(self) -> list[int]:
        """The processes that it has started."""
        own = self.process.pid
        found = Path(f"/proc/{own}/task").glob("*/children")
        return [int(pid) for path in found for pid in path.read_text().split()]


@contextmanager
def served(project: Path, said: Path, *more: str) -> Iterator[Served]:
    """Serve a project until the block ends."""
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from rostra.cli import app; app()", "serve", *more]
    told = os.environ | {"ROSTRA_NOW": "2026-11-21T08:00:00Z", "ROSTRA_REFERENCE": "false"}
    with said.open("w") as heard:
        process = subprocess.Popen(
            [*command, "--port", str(port)], cwd=project, env=told, stdout=heard, stderr=heard,
            text=True, start_new_session=True,
        )  # fmt: skip
    here = Served(process, f"http://127.0.0.1:{port}/", said)
    try:
        until(lambda: process.poll() is not None or here.has_said("Serving at"))
        assert process.poll() is None, said.read_text(encoding="utf-8")
        until(lambda: _answers(here.url))
        yield here
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(20)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False
