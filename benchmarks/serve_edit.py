"""`rostra serve`: seconds from an edit to the page that shows it, and to the whole site."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks._archive import edit, of_each, project
from benchmarks._table import publish
from benchmarks.serve import fetch, free_port

SIZES = tuple(map(int, os.environ.get("ROSTRA_SIZES", "200 2000").split()))
EDITS = 5
PATIENCE = 1800.0
NOTES = (
    "Talks are those of `site_scale`. An edit changes the title of one talk, the site in one "
    "language; seconds are medians of 5 edits, each made once the site of the one before is whole.",
    "`page` is the talk's own page over HTTP, asked for every 10 ms: up to 0.3 s until the look at "
    "the sources, then `page built` in the process that builds. `site` is when the server has told "
    "that lists, calendars, feeds and the search follow it.",
)


def until(condition: Callable[[], bool]) -> float:
    """The time at which the condition holds."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(f"not after {PATIENCE:.0f} s")
        time.sleep(0.01)
    return time.monotonic()


def one_edit(place: Path, url: str, said: Path, title: str) -> dict[str, float]:
    """Make an edit, and wait for all that follows."""
    before = len(said.read_text(encoding="utf-8"))
    path = edit(place, title)
    page = f"{url}talks/{path.parent.name}/{path.stem}/"
    began = time.monotonic()
    shown = until(lambda: title.encode() in (fetch(page) or b""))

    def told() -> list[str]:
        return re.findall(r"Built .* in ([\d.]+) s", said.read_text(encoding="utf-8")[before:])

    whole = until(lambda: len(told()) > 1)
    first, site = map(float, told()[:2])
    return {
        "page s": shown - began,
        "page built s": first,
        "site s": whole - began,
        "site built s": site,
    }


def row(folder: Path, talks: int) -> dict[str, float | int]:
    """Measure one size."""
    place = project(folder / f"talks-{talks}", talks)
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    said = folder / f"said-{talks}"
    command = "from rostra.cli import app; app()"
    with said.open("w") as heard:
        server = subprocess.Popen(
            [sys.executable, "-c", command, "serve", "--port", str(port)],
            cwd=place, stdout=heard, stderr=heard, env={**os.environ, "ROSTRA_NOW": "2026-11-21"},
        )  # fmt: skip
    try:
        until(lambda: fetch(url) is not None)
        until(lambda: "Edits show from now on" in said.read_text(encoding="utf-8"))
        edits = [one_edit(place, url, said, f"Edited {n} at {talks}") for n in range(EDITS)]
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
    found = {name: round(median(one[name] for one in edits), 2) for name in edits[0]}
    return {"talks": talks, **found, "slowest page s": round(max(e["page s"] for e in edits), 2)}


def main() -> None:
    """Measure and publish."""
    if rows := of_each(SIZES, row):
        publish("serve_edit", "`rostra serve`: from an edit to the page", rows, NOTES)
