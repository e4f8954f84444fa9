"""How strong our attacks are beside those of other libraries, at equal passes."""

import argparse
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from benchmarks import _peers
from benchmarks._strength_cast import Pair, pairs
from benchmarks._strength_models import Victim, names, shown, victim
from benchmarks._strength_notes import Line, title
from benchmarks._strength_notes import notes as told_of
from benchmarks._strength_shards import Shelf
from benchmarks._strength_table import cells, line, only_theirs
from benchmarks._strength_work import (
    Job,
    Sizes,
    explained,
    file_of,
    jobs,
    places,
    shelf,
    work,
)
from benchmarks._table import publish


@dataclass
class Course:
    """One run of the benchmark.

    Args:
        sizes: How much is asked.
        hours: When it stops; None: when all is done.
        only: What a victim's and a pair's name, joined by a slash, must hold.
    """

    sizes: Sizes
    hours: float | None = None
    only: str = ""
    began: float = field(default_factory=time.monotonic)
    victims: dict[str, Victim] = field(default_factory=dict)
    shelves: dict[tuple[str, str], Shelf] = field(default_factory=dict)

    def victim(self, name: str) -> Victim:
        """A victim, loaded or trained once."""
        if name not in self.victims:
            self.victims[name] = victim(name, self.sizes.images)
        return self.victims[name]

    def wanted(self, name: str, pair: Pair) -> bool:
        """Whether a victim and a pair are asked for."""
        return bool(re.search(self.only, f"{name}/{pair.name}"))

    def held(self, name: str, pair: Pair) -> Shelf:
        """The shards of a victim and a pair, read once."""
        if (name, pair.name) not in self.shelves:
            self.shelves[name, pair.name] = shelf(self.victim(name), pair)
        return self.shelves[name, pair.name]

    def kept(self, chosen: Sequence[Pair], *, every: bool = False) -> Iterator[tuple[str, Pair]]:
        """The wanted victims and pairs, or all, of which something is kept."""
        for pair in chosen:
            for name in names():
                if file_of(name, pair).exists() and (every or self.wanted(name, pair)):
                    yield name, pair

    @property
    def over(self) -> bool:
        """Whether the time is used."""
        return self.hours is not None and time.monotonic() - self.began > 3600 * self.hours


def open_jobs(course: Course, chosen: Sequence[Pair]) -> list[Job]:
    """The shards that are wanted and not done."""
    wanted = [name for name in names() if any(course.wanted(name, pair) for pair in chosen)]
    images = {name: len(course.victim(name).pictures) for name in wanted}
    return [
        job
        for job in jobs(list(chosen), images, course.sizes)
        if course.wanted(job.victim, job.pair)
        and not course.held(job.victim, job.pair).get(job.place)
    ]


def go_on(course: Course, chosen: Sequence[Pair]) -> None:
    """Does what is not done, shard by shard, until all is or the time is used."""
    todo, began = open_jobs(course, chosen), time.monotonic()
    for number, job in enumerate(todo):
        if course.over:
            print(f"the time is used: {len(todo) - number} shards are left", flush=True)
            return
        told = done(course, job)
        each = (time.monotonic() - began) / (number + 1)
        left = f"about {each * (len(todo) - number - 1) / 60:.0f} min left"
        where = f"{number + 1} of {len(todo)}: {job.victim} {job.pair.name} {job.place}"
        print(f"{where}: {told}; {left}", flush=True)


def done(course: Course, job: Job) -> str:
    """Does one shard, and keeps it at once."""
    held = course.held(job.victim, job.pair)
    found = work(course.victim(job.victim), job.pair, job.entrant, job.place, held)
    held.put(job.place, found)
    return str(found.get("error", f"{found.get('seconds')} s"))


def explain(course: Course, chosen: Sequence[Pair]) -> None:
    """Runs ours again, and longer, on the rows that fell to peers alone."""
    for name, pair in course.kept(chosen):
        model, held = course.victim(name), course.held(name, pair)
        found = cells(pair, held, len(model.pictures), course.sizes)
        for row in only_theirs(pair, held, found):
            if str(row) not in held.explained and not course.over:
                held.explain(row, explained(model, pair, row))
                print(f"{name} {pair.name} row {row}: {held.explained[str(row)]}", flush=True)


def lines(course: Course, chosen: Sequence[Pair]) -> list[dict[str, Any]]:
    """The table."""
    found = [
        line(name, pair, course.held(name, pair), len(course.victim(name).pictures), course.sizes)
        for name, pair in course.kept(chosen, every=True)
    ]
    return [each for each in found if each]


def notes(course: Course, chosen: Sequence[Pair], told: Sequence[Line]) -> list[str]:
    """How far it is done, and what the lines say."""
    planned = [
        place
        for pair in chosen
        for name in names()
        for each in pair.entrants
        for place in places(pair, each, shown(name, course.sizes.images), course.sizes)
    ]
    finished = sum(len(held.shards) for held in course.shelves.values())
    return [
        f"Done: {finished} of {len(planned)} shards that are planned. A line compares only blocks "
        "of rows and seeds that everybody in it has done; of the others nothing is claimed.",
        *told_of(told),
    ]


def main(options: Sequence[str] = ()) -> None:
    """Go on with the shards, explain, and publish what is done."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks strength")
    parser.add_argument("--hours", type=float, help="stop cleanly after so many")
    parser.add_argument("--only", default="", help="MODEL/PAIR, a regular expression")
    told = parser.parse_args(options)
    _peers.install()
    torch.set_num_threads(1)
    course, chosen = Course(Sizes.asked(), told.hours, told.only), pairs()
    explain(course, chosen)  # what an earlier run left open
    go_on(course, chosen)
    explain(course, chosen)
    found = lines(course, chosen)
    publish("strength", title(found), found, notes(course, chosen, found))
