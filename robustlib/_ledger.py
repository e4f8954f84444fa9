"""The books: what each row has cost, its best candidate, and whether it still needs the model."""

import math
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor

from robustlib.threats import ThreatModel
from robustlib.types import Outputs

Retire = Literal["reached", "never"]


@dataclass(frozen=True, eq=False)
class Candidates:
    """Evaluated points, one a row: what the model said, how they rank among their like, by whom."""

    points: Tensor
    outputs: Outputs
    loss: Tensor
    reached: Tensor
    rank: Tensor
    by: Tensor

    def take(self, rows: Tensor) -> "Candidates":
        """Some of them."""
        return Candidates(*(mine.index_select(0, rows) for mine in self._columns()))

    def put(self, rows: Tensor, others: "Candidates") -> None:
        """Writes others over the candidates of some rows, which are distinct and in order."""
        whole = len(rows) == len(self.rank)
        for mine, other in zip(self._columns(), others._columns(), strict=True):
            if whole:  # a third of the time, for whoever attacks one image
                mine.copy_(other)
            else:
                mine[rows] = other

    def _columns(self) -> tuple[Tensor, ...]:
        return self.points, self.outputs, self.loss, self.reached, self.rank, self.by


class Ledger:
    """One line for each row.

    Args:
        images: The clean images [n, ...].
        threat: What may be changed. Where its eps is infinite the best candidate is the nearest
            success, elsewhere that of the highest loss.
        retire: "reached" closes a row when its goal is reached; a row of infinite eps stays open
            until its distance is zero.
        budget: Queries that a row may cost; None: any number.
    """

    def __init__(
        self,
        images: Tensor,
        threat: ThreatModel,
        *,
        retire: Retire = "reached",
        budget: int | None = None,
    ) -> None:
        self.images, self.threat, self.budget = images, threat, budget
        self.smallest = threat.radius(images).isinf()  # rows that want a small change
        self.any_smallest = bool(self.smallest.any())
        self.retires = retire == "reached"
        self.queries = torch.zeros(len(images), dtype=torch.int64, device=images.device)
        self.forwards, self.backwards = self.queries.clone(), self.queries.clone()
        self.retired = torch.zeros_like(self.queries, dtype=torch.bool)
        nothing = images.new_zeros(len(images))
        self.names: list[str] = []
        self.latest = Candidates(
            images, nothing[:, None], nothing, self.retired, nothing, torch.zeros_like(self.queries)
        )
        self.best = self.latest
        self.follows = True  # whether somebody watches the latest candidates, beside the best
        self.looked = False  # at the clean images, the first of all

    @property
    def closes_rows(self) -> bool:
        """Whether some row may close before the others."""
        return self.retires or self.any_smallest or self.budget is not None

    def closed(self) -> Tensor:
        """The rows that the model is not shown any more: retired, or their budget is spent."""
        return self.retired if self.budget is None else self.retired | self.spent()

    def spent(self) -> Tensor:
        """The rows whose budget is spent."""
        return self.queries >= (math.inf if self.budget is None else self.budget)

    def affordable(self, rows: Tensor, wanted: Tensor) -> Tensor:
        """Of the wanted inputs, those that their rows can still pay for, the first ones first."""
        if self.budget is None:
            return wanted
        order = rows.argsort(stable=True)
        mine, asked = rows[order], wanted[order].long()
        before = asked.cumsum(0) - asked  # wanted inputs ahead of each, row after row
        place = torch.empty_like(rows)
        place[order] = before - before[torch.searchsorted(mine, mine)]
        return wanted & (place < self.budget - self.queries[rows])

    def charge(self, rows: Tensor, *, victim: bool) -> None:
        """Books one forward pass for each input, and a query where it is the victim's."""
        once = torch.ones_like(rows)
        self.forwards.index_add_(0, rows, once)
        if victim:
            self.queries.index_add_(0, rows, once)

    def charge_backwards(self, rows: Tensor, each: int) -> None:
        """Books so many backward passes for each input."""
        self.backwards.index_add_(0, rows, torch.full_like(rows, each))

    def judge(self, found: Candidates, rows: Tensor, *, distinct: bool) -> None:
        """Takes note of candidates, keeps the best of each row, and closes rows."""
        if self.any_smallest:
            found = self._ranked_by_distance(found, rows)
        if not distinct:
            keep = best_of_each(rows, found)
            found, rows = found.take(keep), rows[keep]
        if not self.looked:  # the first look: every row, in order
            self.latest, self.best, self.looked = found.take(rows), found.take(rows), True
        else:
            if self.follows:
                self.latest.put(rows, found)
            self._improve(found, rows)
        self._retire(found, rows)

    def _improve(self, found: Candidates, rows: Tensor) -> None:
        reached, rank, retired = self.best.reached, self.best.rank, self.retired
        if len(rows) < len(retired):
            reached, rank, retired = reached[rows], rank[rows], retired[rows]
        better = (found.reached & ~reached) | ((found.reached == reached) & (found.rank > rank))
        chosen = (better & ~retired).nonzero().squeeze(1)
        if len(chosen) == len(rows):
            self.best.put(rows, found)
        elif len(chosen):
            self.best.put(rows[chosen], found.take(chosen))

    def _retire(self, found: Candidates, rows: Tensor) -> None:
        if self.any_smallest:
            smallest = self.smallest[rows]
            done = found.reached & torch.where(smallest, found.rank == 0, self.retires)
        elif self.retires:
            done = found.reached
        else:
            return
        self.retired[rows] |= done

    def _ranked_by_distance(self, found: Candidates, rows: Tensor) -> Candidates:
        distance = self.threat.take(rows).distance(found.points, self.images[rows])
        near = self.smallest[rows] & found.reached
        rank = torch.where(near, -distance, found.loss)
        return replace(found, rank=rank)

    def number(self, name: str) -> int:
        """The number of a part of an attack; `names` has it there."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)


def best_of_each(rows: Tensor, found: Candidates) -> Tensor:
    """The places of the best candidates, one for each row that has any, in the rows' order."""
    order = found.rank.argsort(stable=True)
    order = order[found.reached[order].long().argsort(stable=True)]
    order = order[rows[order].argsort(stable=True)]  # by row, then reached, then rank
    return order[_ends(rows[order])]


def last_of_each(rows: Tensor) -> Tensor:
    """Marks the last input of each row.

    Examples:
        >>> last_of_each(torch.tensor([0, 2, 0, 1])).tolist()
        [False, True, True, True]
    """
    order = rows.argsort(stable=True)
    last = _ends(rows[order])
    return torch.empty_like(last).index_put_((order,), last)


def _ends(rows: Tensor) -> Tensor:
    """Marks the last of each run of equals."""
    last = torch.ones_like(rows, dtype=torch.bool)
    last[:-1] = rows[1:] != rows[:-1]
    return last
