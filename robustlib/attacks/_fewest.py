"""The step along a border that leaves the fewest pixels changed, trusted no farther than a radius.

min #{pixels of images ≠ points + δ} over δ with slope · δ = rise, 0 ≤ points + δ ≤ 1, ‖δ‖₂ ≤ radius

A pixel either goes home, to the image's, or is free to help onto the plane. Which are free is a
knapsack with two bounds. For one price of the plane, u = ν slope, it is a question of order: with
home = images - points, the pixel goes home first for which

    ‖home - u‖₂² - ‖cut(u) - u‖₂²

is least, where cut leads to the box. More free pixels never hinder, so the fewest of an order are
found by halving, and the best of a few prices is taken: from none, where the way home is all that
counts, to an endless one, where the sphere does not. Where that order's step fits in the sphere no
step leaves fewer; elsewhere a pixel may be one too many.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from robustlib._balls import Column, Flat
from robustlib.attacks._planes import onto
from robustlib.attacks._trust import nearer, scaled
from robustlib.threats import L1, L2
from robustlib.types import Images, PerRow

_PRICES = 1.0, 0.0, 0.1, 0.3, 3.0, 10.0, 1e6
"""Each times the box's side over the largest slope."""

_TINY = 1e-9
"""What a step may leave undone, as a share of all slopes; so near to home it is there."""

Rank = Int[Tensor, "n pixels"]
"""The place of each pixel in an order."""

Count = Int[Tensor, "n 1"]


def fewer(points: Images, images: Images, *, slope: Images, rise: PerRow, radius: PerRow) -> Images:
    """Where steps lead that leave few pixels changed, and those as little as may be.

    Args:
        points: Where they begin, in the box.
        images: What they are to come near to, in the box.
        slope: Of a linear function; without any the points stay.
        rise: By how much it is to grow; it falls where this is negative.
        radius: The longest step, Euclidean, in pixel units, > 0.

    Returns:
        The ends of the steps, in the box: where no step comes to the plane, those that rise most.
    """
    task = _Task.of(points, images, slope, rise, radius)
    count = torch.full_like(task.rise, task.pixels + 1).long()
    free = torch.ones_like(task.shift).bool()
    for price in _PRICES:
        rank = task.rank(price)
        better = task.solved(task.free(rank, count - 1)).squeeze(1).nonzero()[:, 0]
        if len(better):
            some = task.take(better)
            count[better] = _enough(some, rank[better], count[better] - 1)
            free[better] = some.free(rank[better], count[better])
    ends = task.ends(free)
    return torch.where((ends - images).abs() <= _TINY, images, ends.to(points))


@dataclass(frozen=True, eq=False)
class _Task:
    """What is asked of the steps of some rows, flat and in float64.

    Args:
        shape: Of the points' rows.
        points: Where the steps begin.
        shift: The way to the images.
        slope: Of the linear function, over its largest.
        rise: By how much that is to grow.
        radius: The longest step.
    """

    shape: torch.Size
    points: Flat
    shift: Flat
    slope: Flat
    rise: Column
    radius: Column

    @classmethod
    def of(
        cls, points: Images, images: Images, slope: Images, rise: PerRow, radius: PerRow
    ) -> "_Task":
        """The task of steps."""
        return cls(points.shape[1:], *scaled(points, images, slope, rise, radius))

    def take(self, rows: Tensor) -> "_Task":
        """The tasks of some rows."""
        return _Task(self.shape, *(each[rows] for each in list(vars(self).values())[1:]))

    @property
    def channels(self) -> int:
        """How many numbers make a pixel."""
        return self.shape[0] if len(self.shape) == 3 else 1

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.shift.shape[1] // self.channels

    def rank(self, price: float) -> Rank:
        """Which pixels are free first, at a price of the plane."""
        lacks = self.rise - (self.slope * self.shift).sum(dim=1, keepdim=True)
        pull = price * lacks.sign() * self.slope
        beyond = pull - (self.points + pull).clamp(0, 1) + self.points
        worth = (self.shift - pull) ** 2 - beyond**2
        by_pixel = worth.view(len(worth), self.channels, -1).sum(dim=1)
        order = by_pixel.argsort(dim=1, descending=True, stable=True)
        places = torch.arange(self.pixels, device=order.device).expand_as(order)
        return torch.empty_like(order).scatter(1, order, places)

    def free(self, rank: Rank, count: Count) -> Bool[Tensor, "n d"]:
        """The numbers of so many first pixels."""
        return (rank < count).repeat(1, self.channels)

    def solved(self, free: Bool[Tensor, "n d"]) -> Bool[Tensor, "n 1"]:
        """Whether a step leads onto the plane that is home in all others."""
        home = self.shift.masked_fill(free, 0)
        steep = self.slope * free
        lacks = self.rise - (self.slope * home).sum(dim=1, keepdim=True)
        rest = onto(self.points, steep, lacks[:, 0], L2(torch.inf))
        left = (lacks - (steep * rest).sum(dim=1, keepdim=True)).abs()
        there = left <= _TINY * self.slope.abs().sum(dim=1, keepdim=True)
        return there & ((home + rest).norm(dim=1, keepdim=True) <= self.radius)

    def ends(self, free: Bool[Tensor, "n d"]) -> Images:
        """Where the steps end: home where it is not free, and elsewhere as near to it as may be."""
        home = self.shift.masked_fill(free, 0)
        lacks = self.rise - (self.slope * home).sum(dim=1, keepdim=True)
        left = (self.radius**2 - (home**2).sum(dim=1, keepdim=True)).clamp(min=0).sqrt()
        terms = {"slope": self.slope * free, "rise": lacks[:, 0], "radius": left[:, 0]}
        points, images = self.points + home, self.points + self.shift
        return nearer(points, images, L1(torch.inf), **terms).view(len(points), *self.shape)


def _enough(task: _Task, rank: Rank, most: Count) -> Count:
    """The fewest first pixels of an order that need be free, where so many are enough."""
    low, high = torch.zeros_like(most), most
    for _ in range(task.pixels.bit_length()):
        middle = (low + high) // 2
        solved = task.solved(task.free(rank, middle))
        low, high = torch.where(solved, low, middle + 1), torch.where(solved, middle, high)
        low = low.minimum(high)
    return high
