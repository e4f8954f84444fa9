"""Builds the site again and again in one process: what was imported and compiled once stays.

`rostra serve` starts it in the project's folder and writes a line of JSON for each build, the
paths of the sources that changed. Each is answered by lines of JSON: first the page of an edited
talk by itself, where that is possible, then the whole. It ends when nobody writes any more.
"""

import gc
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from rostra.sitegen import press
from rostra.sitegen.edition import UnfitError
from rostra.sitegen.faults import EntryError
from rostra.sitegen.plugin import RostraPlugin
from rostra.sitegen.proof import Proof
from rostra.sitegen.render import TemplateError
from rostra.sitegen.times import clock

LANGUAGES = ("en", "zh")
ONE = 1  # so many talks' pages are proofed; where more changed, they wait for the edition


class Heard(logging.Handler):
    """What MkDocs says: warnings go to the terminal, errors are kept for the answer."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take one message."""
        if record.levelno >= logging.ERROR:
            self.errors.append(record.getMessage())
        else:
            sys.stderr.write(f"{record.levelname:7} -  {record.getMessage()}\n")


class Builder:
    """One project, built as often as it is asked for.

    Args:
        site: the folder to build into.
    """

    def __init__(self, site: Path) -> None:
        self.site = site
        self.heard = Heard()
        self.proof: Proof | None = None
        self.now = ""
        log = logging.getLogger("mkdocs")
        log.addHandler(self.heard)
        log.propagate = False

    def answers(self, changed: list[str]) -> Iterator[dict[str, Any]]:
        """Build, and yield what there is to see on the way.

        Args:
            changed: the sources that did, from the project's folder; none where that is not known.
        """
        began = time.perf_counter()
        self.heard.errors.clear()
        early: dict[str, bytes] = {}
        try:
            early = self.proofed(changed)
            if early:
                yield _answer("page", began, changed=[*early])
            yield _answer("site", began, changed=self.build(early))
        except (MkDocsException, EntryError, UnfitError, TemplateError, ValueError) as error:
            yield _answer("site", began, faults=_faults(error, self.heard.errors))

    def proofed(self, changed: list[str]) -> dict[str, bytes]:
        """Write the page of the one talk that was edited, before all else is looked at."""
        if self.proof is None or len(changed) != ONE:
            return {}
        pages = self.proof.pages(Path(changed[0]).resolve(), clock(self.now))
        for name, content in pages.items():
            press.write(f"{self.site}/{name}", content)
        return pages

    def build(self, early: dict[str, bytes]) -> list[str]:
        """Build the whole; return which files are not what they were, or what was shown early."""
        config = load_config("mkdocs.yml", site_dir=str(self.site))
        config.plugins.on_startup(command="build", dirty=False)
        last, self.proof = self.proof, None
        try:
            build(config)
        except MkDocsException as error:
            if _entry_error(error):  # found before anything was touched
                self.proof = last
            raise
        plugins = [one for one in config.plugins.values() if isinstance(one, RostraPlugin)]
        if not plugins:
            return []
        made = plugins[0]
        self.proof = Proof(made.edition, made.frames, made.site)
        self.now = str(made.config.now)
        return [name for name in made.press.changed if not _same(self.site / name, early.get(name))]


def _same(file: Path, content: bytes | None) -> bool:
    return content is not None and file.read_bytes() == content


def _answer(shown: str, began: float, **more: Any) -> dict[str, Any]:
    seconds = round(time.perf_counter() - began, 3)
    return {"shown": shown, "seconds": seconds, "changed": [], "faults": [], **more}


def _faults(error: BaseException, logged: list[str]) -> list[dict[str, str]]:
    """What is wrong, in each language: entries' faults one by one, else what MkDocs said of it."""
    if found := _entry_error(error):
        return [{one: fault.told(one) for one in LANGUAGES} for fault in found.faults]
    said = [error.format_message() if isinstance(error, MkDocsException) else str(error)]
    return [dict.fromkeys(LANGUAGES, text) for text in logged or said]


def _entry_error(error: BaseException | None) -> EntryError | None:
    """Find what an abortion began with."""
    while error is not None and not isinstance(error, EntryError):
        error = error.__context__
    return error


def main(site: str, lines: TextIO, answers: TextIO) -> None:
    """Answer until nobody asks.

    Args:
        site: the folder to build into.
        lines: one list of changed sources a line.
        answers: where to.
    """
    builder = Builder(Path(site))
    for line in lines:
        for answer in builder.answers(json.loads(line)):
            answers.write(json.dumps(answer) + "\n")
            answers.flush()
        gc.collect()  # a build seldom looks for cycles itself, and the last edition stood in some


if __name__ == "__main__":
    # What anyone prints goes to the terminal; answers have a way of their own.
    aside = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with suppress(KeyboardInterrupt, BrokenPipeError):
        main(sys.argv[1], sys.stdin, aside)
