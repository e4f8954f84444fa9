"""What a sweep over radii has found, row by row, and the curve that it makes."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from robustlib._results import AttackResult, Progress
from robustlib.types import Flags, PerRow

_LENGTHS = "radius", "distance"
_COSTS = "queries", "forwards", "backwards", "runs"


@dataclass(frozen=True, eq=False)
class Found:
    """The books of some rows.

    Args:
        radius: The smallest radius of the grid within which the goal was seen reached, [n]; 0
            where the clean image does it, infinite where nothing did.
        distance: How far off that success is, [n].
        by: The attack that found it; "clean", or nothing.
        queries: Inputs that the model was shown.
        forwards: Forward passes.
        backwards: Backward passes.
        runs: Attacks that the row has met.
    """

    radius: Tensor
    distance: Tensor
    by: list[str]
    queries: Int[Tensor, " n"]
    forwards: Int[Tensor, " n"]
    backwards: Int[Tensor, " n"]
    runs: Int[Tensor, " n"]

    @classmethod
    def empty(cls, count: int) -> "Found":
        """Of so many rows that nothing is known of."""
        far = torch.full((count,), torch.inf, dtype=torch.float64)
        costs = {name: torch.zeros(count, dtype=torch.int64) for name in _COSTS}
        return cls(far, far.clone(), [""] * count, **costs)

    def above(self, radius: float) -> Flags:
        """The rows that are not known to be fooled within a radius."""
        return self.radius > radius

    def look(self, first: Progress) -> None:
        """The look at the clean images: those that reach the goal need no attack."""
        wrong = first.reached.cpu()
        self.radius[wrong], self.distance[wrong] = 0.0, 0.0
        for row in wrong.nonzero()[:, 0].tolist():
            self.by[row] = "clean"
        self._charge(torch.arange(len(wrong)), first)

    def add(
        self, rows: Tensor, result: AttackResult, name: str, radius: Tensor, distance: Tensor
    ) -> None:
        """An attack on some rows: it counts where it is nearer than what is known."""
        nearer = result.success.cpu() & (radius < self.radius[rows])
        better = rows[nearer]
        self.radius[better], self.distance[better] = radius[nearer], distance[nearer]
        for row in better.tolist():
            self.by[row] = name
        self._charge(rows, result)
        self.runs[rows] += 1

    def written(self) -> dict[str, Any]:
        """Plain numbers, each to the bit; infinite ones as words, which JSON has not."""
        books = {name: getattr(self, name).tolist() for name in _COSTS}
        lengths = {name: list(map(repr, getattr(self, name).tolist())) for name in _LENGTHS}
        return {**lengths, "by": self.by, **books}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Found":
        """What was written."""
        lengths = {
            name: torch.tensor([float(each) for each in kept[name]], dtype=torch.float64)
            for name in _LENGTHS
        }
        books = {name: torch.tensor(kept[name], dtype=torch.int64) for name in _COSTS}
        return cls(**lengths, by=list(kept["by"]), **books)

    @classmethod
    def joined(cls, parts: Sequence["Found"]) -> "Found":
        """The rows of all parts, one after another."""
        names = (*_LENGTHS, *_COSTS)
        whole = {name: torch.cat([getattr(part, name) for part in parts]) for name in names}
        return cls(by=[name for part in parts for name in part.by], **whole)

    @classmethod
    def nearest(cls, several: Sequence["Found"]) -> "Found":
        """Of several books of the same rows the one with the smallest radius; costs in all."""
        radius = torch.stack([one.radius for one in several])
        best = radius.argmin(dim=0)[None]  # the first of those that are equal
        distance = torch.stack([one.distance for one in several])
        costs = {name: sum(getattr(one, name) for one in several) for name in _COSTS}
        return cls(
            radius.gather(0, best)[0],
            distance.gather(0, best)[0],
            [several[which].by[row] for row, which in enumerate(best[0].tolist())],
            **costs,
        )

    def _charge(self, rows: Tensor, spent: AttackResult | Progress) -> None:
        for name in ("queries", "forwards", "backwards"):
            getattr(self, name)[rows] += getattr(spent, name).cpu()


@dataclass(frozen=True, eq=False)
class Curve:
    """Robust accuracy at each radius; it never rises.

    Args:
        radii: The grid, rising, in the norm's units.
        found: The books of each row.
        norm: The threat model's name.
        attacks: What attacked, in this order.
        seed: Of the runs.
        seconds: How long it took, of a resumed run what was left to do.
    """

    radii: tuple[float, ...]
    found: Found = field(repr=False)
    norm: str
    attacks: tuple[str, ...]
    seed: int
    seconds: float

    @property
    def clean(self) -> Flags:
        """Which clean images do not reach the goal."""
        return self.found.radius > 0

    @property
    def clean_accuracy(self) -> float:
        """Their share, in [0, 1]."""
        return self.clean.double().mean().item()

    @property
    def fooled_at(self) -> PerRow:
        """The smallest radius of the grid within which each row was fooled; infinite where none."""
        return self.found.radius.clone()

    def robust_accuracy(self, eps: float) -> float:
        """The share that nothing has fooled within a radius, in [0, 1]."""
        return self.found.above(eps).double().mean().item()

    def interval(self, eps: float) -> tuple[float, float]:
        """Where the share lies of all images like these, with 95 % confidence."""
        return wilson(int(self.found.above(eps).sum()), len(self.found.radius))

    def fooled_by(self, eps: float = math.inf) -> dict[str, int]:
        """How many rows each attack was the first to fool within a radius."""
        within = (self.found.radius <= eps) & self.found.radius.isfinite()
        names = (name for name, flag in zip(self.found.by, within.tolist(), strict=True) if flag)
        return dict(Counter(names))

    def points(self) -> list[dict[str, str | int | float]]:
        """A flat dict for each radius."""
        return [self._point(eps) for eps in self.radii]

    def rows(self) -> list[dict[str, str | int | float]]:
        """A flat dict for each row; one that nothing has fooled has an infinite `fooled_at`."""
        found = self.found
        books = {name: getattr(found, name).tolist() for name in _COSTS}
        return [
            {
                "row": row,
                "clean_right": radius > 0,
                "fooled_at": radius,
                "distance": distance,
                "fooled_by": found.by[row],
                **{name: book[row] for name, book in books.items()},
            }
            for row, (radius, distance) in enumerate(
                zip(found.radius.tolist(), found.distance.tolist(), strict=True)
            )
        ]

    def record(self) -> dict[str, str | int | float]:
        """A flat dict of the whole curve, for tables and plots."""
        shares = {f"robust_accuracy_{eps:.6g}": self.robust_accuracy(eps) for eps in self.radii}
        return {
            "norm": self.norm,
            "attacks": ", ".join(self.attacks),
            "seed": self.seed,
            "images": len(self.clean),
            "clean_accuracy": self.clean_accuracy,
            **shares,
            **{f"fooled_by_{name}": count for name, count in self.fooled_by().items()},
            **{name: int(getattr(self.found, name).sum()) for name in _COSTS},
            "seconds": self.seconds,
        }

    def _point(self, eps: float) -> dict[str, str | int | float]:
        low, high = self.interval(eps)
        return {
            "norm": self.norm,
            "attacks": ", ".join(self.attacks),
            "eps": eps,
            "images": len(self.clean),
            "robust": int(self.found.above(eps).sum()),
            "robust_accuracy": self.robust_accuracy(eps),
            "low": low,
            "high": high,
        }


def wilson(hits: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """Where a probability lies of which so many of so many trials were hits: the score interval.

    (p + z²/2n ± z √(p (1 - p)/n + z²/4n²)) / (1 + z²/n)

    Args:
        hits: 0 … count.
        count: Trials, ≥ 1.
        z: Standard deviations to either side; 1.959964 leaves out one case in twenty.

    Returns:
        Its ends, in [0, 1].

    Examples:
        >>> [round(end, 3) for end in wilson(0, 10)]
        [0.0, 0.278]

    Source: wilson1927probable, its limits of the true rate
    """
    share, spread = hits / count, z * z / count
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
