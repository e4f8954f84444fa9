"""The table: one line a victim and pair, with how much of it is done."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from benchmarks._strength_cast import Entrant, Pair
from benchmarks._strength_shards import Place, Shelf, read
from benchmarks._strength_stats import (
    difference,
    median,
    median_ratio,
    row_by_row,
    theirs_alone,
    upper_bound,
)
from benchmarks._strength_work import Sizes, places

Cell = tuple[int, int, int]
NONE = "–"
FAR = "smallest", "decision"
"""The kinds that are told by how far they go, not by whom they fool."""
MARGINS = {"gradient": 0.3, "whole": 0.3, "score": 1.0, "smallest": 1.01, "decision": 1.01}
"""What a line may say at most: the bound in points; of those told by distance, the ratio."""


def taken(pair: Pair, held: Shelf) -> list[Entrant]:
    """Those who did not fail; ours first."""
    failed = {place.split("|")[0] for place, shard in held.shards.items() if "error" in shard}
    found = [each for each in pair.entrants if each.library not in failed]
    return sorted(found, key=lambda each: each.library != "robustlib")


def cells(pair: Pair, held: Shelf, images: int, sizes: Sizes) -> list[Cell]:
    """Blocks of rows and seeds that all who did not fail have done: nothing else is compared."""
    entrants = taken(pair, held)
    seeds = min(pair.seeds, sizes.seeds) if any(each.draws for each in entrants) else 1
    widest = entrants[0]
    blocks = dict.fromkeys(
        (place.start, place.count) for place in places(pair, widest, images, sizes)
    )
    return [
        (start, count, seed)
        for start, count in blocks
        for seed in range(seeds)
        if all(held.get(place_of(each, (start, count, seed))) for each in entrants)
    ]


def place_of(entrant: Entrant, cell: Cell) -> Place:
    """Where an entrant's shard of a cell stands; who draws nothing has one for all seeds."""
    start, count, seed = cell
    return Place(entrant.library, seed if entrant.draws else 0, start, count)


def means(held: Shelf, entrant: Entrant, found: list[Cell], what: str) -> Tensor:
    """Of each row the mean over the seeds, the rows in order."""
    blocks: dict[int, list[Tensor]] = {}
    for cell in found:
        shard = held.shards[str(place_of(entrant, cell))]
        blocks.setdefault(cell[0], []).append(read(shard, what).double())
    return torch.cat([torch.stack(blocks[start]).mean(dim=0) for start in sorted(blocks)])


def rows_of(found: list[Cell]) -> list[int]:
    """The clean indices of the rows of `means`."""
    blocks = sorted({cell[:2] for cell in found})
    return [row for start, count in blocks for row in range(start, start + count)]


def only_theirs(pair: Pair, held: Shelf, found: list[Cell]) -> list[int]:
    """The clean indices of rows that a peer broke in some run, and we in none."""
    entrants = taken(pair, held)
    if not found or len(entrants) < 2:
        return []
    ours, *peers = (means(held, each, found, "held") for each in entrants)
    return [rows_of(found)[at] for at in theirs_alone(ours, peers)]


def line(name: str, pair: Pair, held: Shelf, images: int, sizes: Sizes) -> dict[str, Any] | None:
    """A line of the table; none where nothing is done."""
    planned = [
        place for each in pair.entrants for place in places(pair, each, images, sizes)
    ]  # fmt: skip
    done = sum(held.get(place) is not None for place in planned)
    if not done:
        return None
    found = cells(pair, held, images, sizes)
    return {
        "model": name,
        "attack": pair.name,
        "done": f"{done} of {len(planned)} shards",
        "images": len(rows_of(found)),
        "seeds": len({seed for _, _, seed in found}),
        **_figures(pair, held, found),
        "failed": "; ".join(sorted(_failures(held))) or NONE,
    }


def _figures(pair: Pair, held: Shelf, found: list[Cell]) -> dict[str, Any]:
    entrants = taken(pair, held)
    names = (
        "ours",
        "peers",
        "ours - best peer",
        "row by row",
        "95 % bound",
        "held",
        "peers' bounds",
        "passes a row",
        "theirs alone",
    )
    if not found or len(entrants) < 2:
        return dict.fromkeys(names, NONE)
    smallest = pair.kind in FAR
    what = "distance" if smallest else "held"
    ours, *peers = (means(held, each, found, what) for each in entrants)
    right = means(held, entrants[0], found, "clean") > 0 if smallest else ours >= 0
    kept = [each[right] for each in (ours, *peers)]
    told = [_shown(each, smallest) for each in kept]
    paired = (f"{e.library} {t}" for e, t in zip(entrants[1:], told[1:], strict=True))
    passes = (f"{each.library} {_passes(held, each, found)}" for each in entrants)
    lone = only_theirs(pair, held, found)
    *figures, far = (_ratio if smallest else _points)(kept[0], kept[1:])
    within = "yes" if far <= MARGINS[pair.kind] else "no"
    others = NONE if smallest else ", ".join(_bounds([e.library for e in entrants], kept))
    values = told[0], ", ".join(paired), *figures, within, others, "; ".join(passes)
    return dict(zip(names, (*values, _told(lone, held)), strict=True))


def _shown(values: Tensor, smallest: bool) -> str:
    return f"{median(values):.4g}" if smallest else f"{100 * float(values.mean()):.2f} %"


def _ratio(ours: Tensor, peers: list[Tensor]) -> tuple[str, str, str, float]:
    ratio, (nearer, farther, usual) = median_ratio(ours, peers), row_by_row(ours, peers)
    beside = f"{nearer} nearer, {farther} farther, × {usual:.3f}"
    return f"× {ratio:.3f}", beside, NONE, ratio


def _points(ours: Tensor, peers: list[Tensor]) -> tuple[str, str, str, float]:
    bound = 100 * upper_bound(ours, peers)
    return f"{100 * difference(ours, peers):+.2f} points", NONE, f"{bound:+.2f} points", bound


def _bounds(libraries: list[str], held: list[Tensor]) -> Iterator[str]:
    """Of each peer the bound that it would have in our place: against us and all the others."""
    for place, library in list(enumerate(libraries))[1:]:
        bound = 100 * upper_bound(held[place], held[:place] + held[place + 1 :])
        yield f"{library} {bound:+.2f}"


def _passes(held: Shelf, entrant: Entrant, found: list[Cell]) -> str:
    shards = [held.shards[str(place_of(entrant, cell))] for cell in found]
    forwards, backwards = (
        sum(shard[way] for shard in shards) / len(shards) for way in ("forwards", "backwards")
    )
    return f"{forwards:.0f}+{backwards:.0f}"


def _told(lone: list[int], held: Shelf) -> str:
    return "; ".join(f"{row}: {held.explained.get(str(row), 'open')}" for row in lone) or "none"


def _failures(held: Shelf) -> Iterator[str]:
    for place, shard in held.shards.items():
        if "error" in shard:
            yield f"{place.split('|')[0]}: {shard['error'][:80]}"
