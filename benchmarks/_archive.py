"""A site of so many talks: those of the archive again and again, each time on other days."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from rostra.sitegen import folder
from rostra.sitegen.importing import Import
from rostra.sitegen.starter import Start, new_site

SAMPLE = Path(os.environ.get("ROSTRA_DATA", "../shared/data")) / "talks-sample.jsonl"
START = Start("Scale", "Europe/Berlin", url="https://scale.example/")
NOW = datetime(2026, 11, 21, tzinfo=UTC)
LAST = date(2026, 12, 20)
DAYS = 5400  # some fifteen years
STEP = 7919  # a prime: neighbours in the archive are far apart in time
MEMORY = Path("/dev/shm")  # below it a folder of our own is made
SHARED = 3  # so many rounds of the archive have the same people; then come others
ROUNDS = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa")


def project(place: Path, talks: int) -> Path:
    """Write a project with so many talks, in one language."""
    new_site(place, START, NOW)
    seminars = place / "seminars"
    for path in seminars.glob("*/*.yaml"):
        path.unlink()
    made = Import(folder.read(seminars, NOW)).add(map(json.dumps, _rows(talks)))
    for name, text in made.files().items():
        path = seminars / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return place


def _rows(talks: int) -> Iterator[dict[str, Any]]:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    for number in range(talks):
        again = number // len(lines)
        row = json.loads(lines[number % len(lines)])
        day = LAST - timedelta(days=number * STEP % DAYS)
        row |= {"recorded": day.isoformat()}
        if again:
            row |= {"title": f"{row['title']} {again + 1}"}
        if again >= SHARED:
            name = ROUNDS[again // SHARED % len(ROUNDS)]
            row |= {"speakers": [f"{one} {name}" for one in row.get("speakers") or []]}
        yield row


def of_each(sizes: Sequence[int], row: Callable[[Path, int], Mapping[str, Any]]) -> list[Any]:
    """Measure sites of these sizes, one after the other; without the archive there is none."""
    if not SAMPLE.is_file():
        print(f"no archive at {SAMPLE}: $ROSTRA_DATA names its folder")
        return []
    rows = []
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        for talks in sizes:
            rows.append(row(Path(folder), talks))
            print(rows[-1], flush=True)
    return rows


def edit(place: Path, said: str) -> Path:
    """Change the title of one talk, in the middle of them all."""
    talks = sorted(place.glob("seminars/*/*.yaml"))
    path = talks[len(talks) // 2]
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.startswith("title:"))
    lines[at] = f"title: {json.dumps(said)}\n"
    path.write_text("".join(lines), encoding="utf-8")
    return path
