"""AutoZOOM beside ZOO: queries to a row's first success, and how near it is then and at the end."""

import argparse
import hashlib
import math
import re
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from benchmarks import _strength_shards
from benchmarks._strength_models import Victim, victim
from benchmarks._strength_shards import (
    Place,
    Shard,
    Shelf,
    packed,
    packed_distances,
    read,
    unpacked,
)
from benchmarks._table import publish
from robustlib.attacks import attacks
from robustlib.autoencoder import Autoencoder, autoencoder
from robustlib.data import data
from robustlib.engine import Progress, stream
from robustlib.goals import Misclassify
from robustlib.threats import L2

VICTIMS = ("digits_standard", "signs_standard", "digits_robust", "mnist_robust")
ROWS, BLOCK, SEED, LEARNT_FROM = 50, 10, 0, 2000
BEGAN = time.monotonic()
STEPS = {"zoo": 100, "autozoom_bilin": 1000, "autozoom_ae": 1000}
"""ZOO's steps cost 257 queries, AutoZOOM's two until the first success and five afterwards."""

NOTES = [
    f"The first {ROWS} test pictures of each model; counted are those that it has right. "
    f"Untargeted, L2 without a radius, seed {SEED}, options as by default, and steps "
    + ", ".join(f"{name} {steps}" for name, steps in STEPS.items())
    + ".",
    "Queries are counted by the engine, the look at the clean picture included; a row that never "
    "falls counts with all that it cost. L2 then: in the mean over the rows that fell, at the "
    "first success; at the end: after all steps.",
    f"The autoencoder of AutoZOOM-AE has learnt from {LEARNT_FROM} training pictures, of which "
    "none is attacked; its training costs no query.",
    f"Shards are {BLOCK} pictures and one method; a line compares the blocks that all three have "
    "done, of the others nothing is claimed. Process CPU seconds, one thread.",
]


def shelf(shown: Victim) -> Shelf:
    """What is kept of a victim."""
    keys = {
        name: hashlib.sha256(f"{shown.sha256} {ROWS} {SEED} {steps}".encode()).hexdigest()[:16]
        for name, steps in STEPS.items()
    }
    return Shelf(file_of(shown.name), keys)


def places() -> list[Place]:
    """A shard for each block of rows and each method."""
    return [Place(name, SEED, start, BLOCK) for start in range(0, ROWS, BLOCK) for name in STEPS]


def options(name: str, shown: Victim) -> dict[str, Any]:
    """What a method is given; the autoencoder learns from pictures that nobody attacks."""
    given: dict[str, Any] = {"steps": STEPS[name]}
    if name == "autozoom_ae":
        learnt = learnt_from(shown.name.rsplit("_", 1)[0])
        given |= {"decoder": learnt.decoder, "code_shape": learnt.code_shape}
    return given


@cache
def learnt_from(name: str) -> Autoencoder:
    """The autoencoder of a data set."""
    return autoencoder(data[name](LEARNT_FROM, seed=7, split="train").images, epochs=10)


def work(shown: Victim, place: Place) -> Shard:
    """One method on the rows that the model has right."""
    pictures = shown.pictures.take(torch.arange(place.start, place.start + place.count))
    began, goal, ball = time.process_time(), Misclassify(pictures.labels), L2(torch.inf)
    given = options(place.library, shown)
    method = attacks[place.library]
    keys = range(place.start, place.start + place.count)
    more: dict[str, Any] = {"seed": place.seed, "keys": keys, **given}
    talk = stream(shown.model, pictures.images, goal, ball, method, **more)
    return {**firsts(talk, pictures.images), "seconds": round(time.process_time() - began, 2)}


def firsts(talk: Iterator[Progress], images: Tensor) -> Shard:
    """Of each row the queries until its first success, and its distance then and at the end."""
    broken = torch.zeros(len(images), dtype=torch.bool)
    queries, near = (
        torch.zeros(len(images), dtype=torch.int64),
        torch.full((len(images),), torch.inf),
    )
    clean = broken
    for progress in talk:
        if progress.step == 0:
            clean = ~progress.success
        new = progress.success & ~broken
        queries = torch.where(broken, queries, progress.queries)
        near[new] = _lengths(progress.best - images)[new]
        broken, last = broken | new, _lengths(progress.best - images)
    return {
        "clean": packed(clean),
        "fell": packed(broken),
        "queries": queries.tolist(),
        "first": packed_distances(near),
        "distance": packed_distances(last.where(broken, torch.inf)),
    }


def _lengths(change: Tensor) -> Tensor:
    return change.flatten(1).double().norm(dim=1).float()


def main(options: Sequence[str] = ()) -> None:
    """Do what is not done, and publish what is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks strength_autozoom")
    parser.add_argument("--hours", type=float, default=math.inf, help="stop cleanly after so many")
    parser.add_argument("--only", default="", help="MODEL/METHOD, a regular expression")
    told = parser.parse_args(options)
    torch.set_num_threads(1)
    for name, place in chosen(told.only):
        if time.monotonic() - BEGAN < 3600 * told.hours:
            go_on(attacked(name), place)
    rows = [line for name in begun() for line in lines(shelf(attacked(name)))]
    publish("strength_autozoom", "AutoZOOM beside ZOO", rows, NOTES)


def chosen(only: str = "") -> list[tuple[str, Place]]:
    """The victims and methods that are asked for."""
    everything = [(name, place) for name in VICTIMS for place in places()]
    return [each for each in everything if re.search(only, f"{each[0]}/{each[1].library}")]


@cache
def attacked(name: str) -> Victim:
    """A victim, loaded or trained once."""
    return victim(name, ROWS)


def go_on(shown: Victim, place: Place) -> None:
    """Does a shard that is not done."""
    held = shelf(shown)
    if not held.get(place):
        held.put(place, work(shown, place))
        print(f"{shown.name} {place}: {held.shards[str(place)]['seconds']} s", flush=True)


def begun() -> list[str]:
    """The victims of whom something is kept: to publish, no other one is loaded or trained."""
    return [name for name in VICTIMS if file_of(name).exists()]


def file_of(name: str) -> Path:
    """Where the shards of a victim are kept."""
    return _strength_shards.KEPT / name / "autozoom.json"


def lines(held: Shelf) -> list[dict[str, Any]]:
    """A line for each method, of the blocks that all methods have done."""
    done = {place: held.shards[str(place)] for place in places() if held.get(place)}
    starts = [start for start in range(0, ROWS, BLOCK) if _whole(done, start)]
    if not starts:
        return []
    methods = {
        name: [shard for at, shard in done.items() if at.library == name and at.start in starts]
        for name in STEPS
    }
    zoo, name = mean_queries(methods["zoo"]), held.file.parent.name
    told = f"{len(done)} of {len(places())} shards"
    return [
        {"model": name, "attack": method, "done": told, **_figures(shards, zoo)}
        for method, shards in methods.items()
    ]


def _whole(done: dict[Place, Shard], start: int) -> bool:
    return sum(place.start == start for place in done) == len(STEPS)


def _figures(shards: Sequence[Shard], zoo: float) -> dict[str, Any]:
    right = torch.cat([unpacked(shard["clean"]) for shard in shards])
    fell = torch.cat([unpacked(shard["fell"]) for shard in shards]) & right
    spent = mean_queries(shards)
    return {
        "images": int(right.sum()),
        "success %": round(100 * float(fell.sum() / right.sum()), 1),
        "mean queries to first success": round(spent, 1),
        "fewer than ZOO": f"{100 * (1 - spent / zoo):.1f} %",
        "mean L2 then": _middle(shards, "first", fell),
        "mean L2 at the end": _middle(shards, "distance", fell),
        "cpu s": round(sum(shard["seconds"] for shard in shards), 1),
    }


def mean_queries(shards: Sequence[Shard]) -> float:
    """Over the rows that the model has right; one that never falls counts with all that it cost."""
    right = torch.cat([unpacked(shard["clean"]) for shard in shards])
    spent = torch.tensor([count for shard in shards for count in shard["queries"]])
    return float(spent.double()[right].mean())


def _middle(shards: Sequence[Shard], what: str, rows: Tensor) -> float:
    far = torch.cat([read({"distance": shard[what]}, "distance") for shard in shards])
    return round(float(far[rows].mean()), 4)
