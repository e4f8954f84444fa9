"""Builds the site while it is served: the process that builds, and who looks for edits."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

from rostra.live import freshness
from rostra.live.freshness import BuildError, Seen

log = logging.getLogger("rostra.live")

POLL = 0.3  # seconds between two looks at the sources
PATIENCE = 2.0  # seconds that the process that builds has to end
UNBUILT = {
    "en": "The site could not be built; the next edit tries again.",
    "zh": "网站未能生成；下次修改时再试。",
}


@dataclass(frozen=True)
class Built:
    """What came of a build, or of its beginning: the page of the one talk that was edited.

    Args:
        shown: "page", and the rest follows; or "site", the end.
        seconds: since it was asked for.
        changed: files of the site that are not what they were.
        faults: why there is none, each by language; the site is what it was.
    """

    shown: Literal["page", "site"]
    seconds: float
    changed: tuple[str, ...] = ()
    faults: tuple[dict[str, str], ...] = ()


class GoneError(RuntimeError):
    """The process that builds has ended."""


class Builder:
    """A process that builds one project, and stays for the next time.

    Args:
        project: Folder of mkdocs.yml.
        url: Where the site is served.
    """

    def __init__(self, project: Path, url: str) -> None:
        self.project = project
        self.url = url
        self.closed = False
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def build(self, changed: tuple[str, ...] = ()) -> Iterator[Built]:
        """Build, and yield what there is to see on the way; the last is the whole.

        Args:
            changed: Sources that did, from the project's folder, where that is known.

        Raises:
            GoneError: The process ended before it answered; the next call starts another.
        """
        process = self._running()
        asking, answers = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
        with suppress(BrokenPipeError):
            asking.write(json.dumps([*changed]) + "\n")
            asking.flush()
        for line in answers:
            told = json.loads(line)
            faults, changed = tuple(told["faults"]), tuple(told["changed"])
            yield (built := Built(told["shown"], told["seconds"], changed, faults))
            if built.shown == "site":
                return
        self._forget()
        raise GoneError(f"the process that builds the site ended with {process.wait()}")

    def _running(self) -> subprocess.Popen[str]:
        with self._lock:
            if self.closed:
                raise GoneError("no more is built")
            if self._process is None:
                self._process = self._start()
            return self._process

    def _start(self) -> subprocess.Popen[str]:
        site = freshness.site_of(self.project).resolve()
        return subprocess.Popen(
            [sys.executable, "-m", "rostra.sitegen.builder", str(site)],
            cwd=self.project,
            env=os.environ | freshness.told(self.url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for us, who then end it
        )

    def _forget(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            _end(process)

    def close(self) -> None:
        """End the process, in the middle of a build if need be: no file is ever written by half."""
        self.closed = True
        self._forget()


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError, ValueError):  # what was not sent goes with it
            cast("IO[str]", pipe).close()


class Watch:
    """Looks for edits in a thread of its own, builds, and says what came of it.

    Args:
        builder: Builds.
        tell: Is told of each step, in the thread.
        seen: The sources that the site was made of; None, and it is built at once.
    """

    def __init__(
        self, builder: Builder, tell: Callable[[Built], None], seen: Seen | None = None
    ) -> None:
        self.builder = builder
        self.tell = tell
        self.seen = seen
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rostra-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and with it the process that builds."""
        self._stop.set()
        self.builder.close()
        self._thread.join()

    def _run(self) -> None:
        self._catch_up()  # also where nothing changed: the next build finds all at hand
        log.info("Edits show from now on, on pages that are open on this machine.")
        while not self._stop.wait(POLL):
            if freshness.seen(self.builder.project) != self.seen:
                self._catch_up()

    def _catch_up(self) -> None:
        """Build from the sources as they are; an edit meanwhile is seen by the next look."""
        now = freshness.seen(self.builder.project)
        changed = freshness.changes(self.seen or {}, now) if self.seen else ()
        self.seen = now
        for again in (True, False):
            try:
                self._build(changed)
            except GoneError as error:
                if self._stop.is_set():
                    return
                log.error("%s%s", error, "; starting another" if again else "")
            else:
                return
        message = "The site could not be built; the next edit tries again."
        self.tell(
            Built("site", 0.0, faults=({"en": message, "zh": "网站未能生成；下次修改时再试。"},))
        )

    def _build(self, changed: tuple[str, ...]) -> None:
        project = self.builder.project
        print_ = freshness.fingerprint(project, self.builder.url)
        freshness.forget(project)
        for built in self.builder.build(changed):
            if built.shown == "site" and not built.faults:
                freshness.remember(project, print_)
            _log(built)
            self.tell(built)


def _log(built: Built) -> None:
    for fault in built.faults:
        log.error("%s", fault["en"])
    if built.faults:
        log.error("Faults: %d. The site stays as it was until they are mended.", len(built.faults))
    elif built.changed:
        what = (
            built.changed[0]
            if built.shown == "page"
            else f"the site ({len(built.changed)} files anew)"
        )
        log.info("Built %s in %.1f s", what, built.seconds)


def first(builder: Builder) -> Callable[[Path, Path, str], None]:
    """Let a process that stays build the site for the first time.

    Args:
        builder: The process.

    Returns:
        What `freshness.built_site` calls where the site is not that of its sources.
    """

    def build(*_: object) -> None:
        try:
            faults = [fault for built in builder.build() for fault in built.faults]
        except GoneError as error:
            raise BuildError(str(error)) from None
        if faults:
            raise BuildError(
                "\n".join(["the site does not build:", *(one["en"] for one in faults)])
            )

    return build
