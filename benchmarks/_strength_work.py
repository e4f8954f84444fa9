"""The work: which shards there are, what one of them finds, and why a row held against us alone."""

import hashlib
import os
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from benchmarks import _strength_shards
from benchmarks._strength_cast import Entrant, Options, Pair
from benchmarks._strength_models import Victim
from benchmarks._strength_runs import SMALLEST, Counted, Question, run
from benchmarks._strength_shards import Place, Shard, Shelf, packed, packed_distances, unpacked
from robustlib.conformance._base import Known, wrong
from robustlib.run import NORMS
from robustlib.types import Images

FAR_OFF = 1 + 1e-5
STRONGER: tuple[tuple[str, dict[str, Any], range], ...] = (
    ("five more seeds", {}, range(100, 105)),
    ("four times the steps", {"steps": 4}, range(100, 102)),
    (
        "the margin climbed, four times the steps",
        {"steps": 4, "measure": "margin"},
        range(100, 105),
    ),
)


@dataclass(frozen=True)
class Sizes:
    """How much is asked.

    Args:
        images: Of each victim, for most attacks.
        few: Of each victim, for slow attacks and all of ART's.
        rows: In a shard.
        seeds: At most.
    """

    images: int = 1000
    few: int = 50
    rows: int = 100
    seeds: int = 5

    @staticmethod
    def asked() -> "Sizes":
        """What `$ROSTRA_SIZES` says: images, few, rows, seeds."""
        told = os.environ.get("ROSTRA_SIZES")
        return Sizes(*map(int, told.split())) if told else Sizes()


@dataclass(frozen=True)
class Job:
    """A shard that is asked for."""

    victim: str
    pair: Pair
    entrant: Entrant
    place: Place


def places(pair: Pair, entrant: Entrant, images: int, sizes: Sizes) -> Iterator[Place]:
    """The shards of an entrant: blocks of rows, and in each the seeds."""
    count = min(images, sizes.few if pair.few else sizes.images)
    seeds = min(pair.seeds, sizes.seeds) if entrant.draws else 1
    for start in range(0, count, sizes.rows):
        for seed in range(seeds):
            yield Place(entrant.library, seed, start, min(sizes.rows, count - start))


def jobs(pairs: list[Pair], images: dict[str, int], sizes: Sizes) -> list[Job]:
    """Every shard: the first rows and seeds of all pairs and victims before the next ones."""
    found = [
        (place.start // sizes.rows + place.seed, number, Job(name, pair, entrant, place))
        for number, pair in enumerate(pairs)
        for name, count in images.items()
        for entrant in pair.entrants
        for place in places(pair, entrant, count, sizes)
    ]
    found.sort(key=lambda each: each[:2])
    return [job for _, _, job in found]


def file_of(name: str, pair: Pair) -> Path:
    """Where the shards of a victim and a pair are kept."""
    return _strength_shards.KEPT / name / f"{pair.name}.json"


def shelf(victim: Victim, pair: Pair) -> Shelf:
    """The shards of a victim and a pair."""
    eps = radius(victim, pair)
    keys = {
        each.library: hashlib.sha256(f"{victim.sha256} {eps} {each.key(eps)}".encode()).hexdigest()
        for each in pair.entrants
    }
    return Shelf(file_of(victim.name, pair), {name: key[:16] for name, key in keys.items()})


def radius(victim: Victim, pair: Pair) -> float:
    """What a pair is asked about."""
    return SMALLEST if pair.kind in ("smallest", "decision") else victim.radius(pair.norm)


def known_of(victim: Victim, rows: list[int]) -> Known:
    """Some rows of a victim's pictures."""
    shown = victim.pictures.take(torch.tensor(rows))
    nothing = torch.full((len(rows),), torch.nan)
    return Known(victim.model, shown.images, shown.labels, nothing, tuple(rows))


def work(victim: Victim, pair: Pair, entrant: Entrant, place: Place, held: Shelf) -> Shard:
    """What one library finds on one block of rows with one seed.

    The verdict is none of the library's: each point is looked at again, in the box, within the
    radius, by the bare model. What a library raises is kept as what it found.
    """
    known = known_of(victim, list(range(place.start, place.start + place.count)))
    counted, eps = Counted(known.model).eval(), radius(victim, pair)
    options, began = dict(entrant.options(eps)), time.process_time()
    if entrant.like:
        options["budget"] = _budget(held.get(replace(place, library=entrant.like)))
    question = replace(known, model=counted, images=known.images.clone())
    asked = Question(question, entrant.attack, pair.norm, eps, place.seed, options)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the verdict is looked at here
            found = run(entrant.runner or entrant.library, asked)
    except Exception as error:  # whatever a library raises is a result
        if entrant.library == "robustlib":
            raise
        return {"error": f"{type(error).__name__}: {error}"[:200]}
    shard: Shard = {
        "forwards": round(counted.forwards / place.count, 2),
        "backwards": round(counted.backwards / place.count, 2),
        "seconds": round(time.process_time() - began, 2),
    }
    return shard | verdict(known, found, pair.norm, eps)


def _budget(peer: Shard | None) -> int | None:
    return max(2, round(peer["forwards"])) if peer and "forwards" in peer else None


def verdict(known: Known, found: Images, norm: str, eps: float) -> Shard:
    """Which rows fell; where the smallest is wanted, how far, and which the model had right."""
    distance = NORMS[norm](1.0).distance(found.double(), known.images.double())
    fell = wrong(known, found) & (distance <= eps * FAR_OFF)
    if eps != SMALLEST:
        return {"fell": packed(fell)}
    return {
        "fell": packed(fell),
        "clean": packed(~wrong(known, known.images)),
        "distance": packed_distances(distance.where(fell, torch.inf)),
    }


def explained(victim: Victim, pair: Pair, row: int) -> str:
    """What of ours breaks a row that a peer broke and we did not: tried, not guessed."""
    ours = next(each for each in pair.entrants if each.library == "robustlib")
    tried = [one for one in STRONGER if one[1] or ours.draws]  # seeds change nothing for the others
    for words, changes, seeds in tried:
        options = _stronger(ours, radius(victim, pair), changes)
        fell = sum(_falls(victim, pair, replace(ours, options=options), row, at) for at in seeds)
        if fell:
            return f"falls to {words} ({fell} of {len(seeds)} runs)"
    return "holds against " + ", ".join(words for words, _, _ in tried)


def _stronger(ours: Entrant, eps: float, changes: dict[str, Any]) -> Options:
    options = dict(ours.options(eps))
    if "steps" in changes and "steps" in options:
        options["steps"] *= changes["steps"]
    if "measure" in changes and not ours.runner:
        options["measure"] = changes["measure"]
    return lambda _: options


def _falls(victim: Victim, pair: Pair, ours: Entrant, row: int, seed: int) -> bool:
    known, eps = known_of(victim, [row]), radius(victim, pair)
    options = ours.options(eps)
    asked = Question(known, ours.attack, pair.norm, eps, seed, options)
    found = run(ours.runner or ours.library, asked)
    return bool(unpacked(verdict(known, found, pair.norm, eps)["fell"])[0])
