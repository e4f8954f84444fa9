"""The best step along a border, trusted no farther than a radius: towards the image, in the box.

min ‖images - points - δ‖_p over δ with slope · δ = rise, 0 ≤ points + δ ≤ 1, ‖δ‖₂ ≤ radius

Two cases are known at once. Where the plane's point that is nearest to the image is within the
radius, the step leads there; where no point of the plane is, it leads towards the plane as far as
it may. Else it ends where plane and sphere meet, and each of them has a price: with home = images -
points and u = ν slope, the step is

    L2     q home + u
    L1     home, moved to between u - q and u + q
    Linf   u, moved to between home - t and home + t, where t = longest - q

each cut to the box. At q = 0 it is the shortest onto the plane; the larger q, the nearer it leads
to the image, and the longer it is. For each q one ν leads onto the plane, and for one q that is on
the sphere: two monotone equations, one within the other, solved by Newton's method between bounds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
from jaxtyping import Bool
from torch import Tensor

from robustlib._balls import Column, Flat, level, nonzero
from robustlib.attacks._planes import onto
from robustlib.threats import L1, L2, ThreatModel
from robustlib.types import Images, PerRow

_ROUNDS = 80
"""Of Newton's method at most; some five are usual, and halving alone would take 60."""

_TINY = 1e-13
"""By how much numbers may differ that are meant to be the same, as a share of their size."""

_LARGE = 1e6
"""A q in L1 that far exceeds all lengths: the sphere has hardly a price, rounding not yet one."""

Family: TypeAlias = Callable[[Column, Flat], tuple[Flat, Flat, Flat]]
"""of(q, u) -> the step, whether it follows u (1 or 0), and how it moves as q grows."""


def nearer(
    points: Images,
    images: Images,
    threat: ThreatModel,
    *,
    slope: Images,
    rise: PerRow,
    radius: PerRow,
) -> Images:
    """Where the best steps lead.

    Args:
        points: Where they begin, in the box.
        images: What they are to come near to, in the box.
        threat: `Linf`, `L2` or `L1`: how near is measured in its norm.
        slope: Of a linear function; without any the points stay.
        rise: By how much it is to grow; it falls where this is negative.
        radius: The longest step, Euclidean, in pixel units, > 0.

    Returns:
        The ends of the steps, in the box.
    """
    task = _Task.of(points, images, slope, rise, radius)
    short, free = task.onto(0 * task.home, L2(torch.inf)), task.onto(task.home, threat)
    known = task.arrives(free) & task.fits(free)
    step = torch.where(known, free, task.towards())
    left = (task.arrives(short) & task.fits(short) & ~known).nonzero()[:, 0]
    if len(left):
        rest, nearest = task.take(left), free[left]
        family, most = _family(rest, threat, short[left], nearest)

        def near(step: Flat) -> Tensor:
            far, least = (threat.distance(each, rest.home) for each in (step, nearest))
            return (far <= (1 + 1e-9) * least)[:, None]

        step[left] = _to_the_sphere(rest, family, most, short[left], near)
    step = step.masked_fill(task.slope.eq(0).all(dim=1, keepdim=True), 0)
    return (points.double() + step.view_as(points)).clamp(0, 1).to(points)


def scaled(
    points: Images, images: Images, slope: Images, rise: PerRow, radius: PerRow
) -> tuple[Flat, Flat, Flat, Column, Column]:
    """Points, the way from them to the images, slope, rise and radius, flat and in float64.

    Slope and rise are in units in which the largest slope is 1.
    """
    here, home, steep = (each.flatten(1).double() for each in (points, images, slope))
    scale = nonzero(steep.abs().amax(dim=1, keepdim=True))
    return (
        here,
        home - here,
        steep / scale,
        rise.double()[:, None] / scale,
        radius.double()[:, None],
    )


@dataclass(frozen=True, eq=False)
class _Task:
    """What is asked of the steps of some rows, flat and in float64.

    Args:
        home: The way from the points to the images.
        low: The way to the box's lower walls, ≤ 0.
        high: The way to its upper walls, ≥ 0.
        slope: Of the linear function, over its largest.
        rise: By how much that is to grow.
        radius: The longest step.
    """

    home: Flat
    low: Flat
    high: Flat
    slope: Flat
    rise: Column
    radius: Column

    @classmethod
    def of(
        cls, points: Images, images: Images, slope: Images, rise: PerRow, radius: PerRow
    ) -> "_Task":
        """The task of steps."""
        here, home, *rest = scaled(points, images, slope, rise, radius)
        return cls(home, -here, 1 - here, *rest)

    def take(self, rows: Tensor) -> "_Task":
        """The tasks of some rows."""
        return _Task(*(each[rows] for each in vars(self).values()))

    def lacks(self, step: Flat) -> Column:
        """How much of the rise a step leaves undone."""
        return self.rise - (self.slope * step).sum(dim=1, keepdim=True)

    def arrives(self, step: Flat) -> Bool[Tensor, "n 1"]:
        """Whether a step ends on the plane, but for rounding."""
        return self.lacks(step).abs() <= 1e-9 * self.slope.abs().sum(dim=1, keepdim=True)

    def fits(self, step: Flat) -> Bool[Tensor, "n 1"]:
        """Whether a step is no longer than the radius, but for rounding."""
        return step.norm(dim=1, keepdim=True) <= self.radius * (1 + _TINY)

    def onto(self, start: Flat, threat: ThreatModel) -> Flat:
        """The step to that point of the plane which is nearest to where another step leads."""
        return start + onto(start - self.low, self.slope, self.lacks(start)[:, 0], threat)

    def towards(self) -> Flat:
        """The step of the radius' length that rises most."""
        upwards = self.slope * self.rise.sign()
        room = torch.where(upwards > 0, self.high, -self.low)
        times = level(upwards**2, room**2, self.radius**2).sqrt()
        return torch.minimum((times * upwards.abs()).nan_to_num(nan=0.0), room) * upwards.sign()


def _family(task: _Task, threat: ThreatModel, short: Flat, free: Flat) -> tuple[Family, Column]:
    """The steps of a norm, and the q at which they lead as near as if there were no sphere."""
    if isinstance(threat, L2):
        return _euclidean(task), torch.ones_like(task.rise)
    if isinstance(threat, L1):
        return _manhattan(task), torch.full_like(task.rise, _LARGE)
    longest, least = ((task.home - step).abs().amax(dim=1, keepdim=True) for step in (short, free))
    return _chebyshev(task, longest), longest - least


def _euclidean(task: _Task) -> Family:
    def of(q: Column, pull: Flat) -> tuple[Flat, Flat, Flat]:
        wish = q * task.home + pull
        follows = ((task.low < wish) & (wish < task.high)).to(wish)
        return wish.clamp(task.low, task.high), follows, follows * task.home

    return of


def _manhattan(task: _Task) -> Family:
    def of(q: Column, pull: Flat) -> tuple[Flat, Flat, Flat]:
        wish = task.home.clamp(pull - q, pull + q)
        side = (task.home - wish).sign()
        follows = side.abs() * ((task.low < wish) & (wish < task.high))
        return wish.clamp(task.low, task.high), follows, follows * side

    return of


def _chebyshev(task: _Task, longest: Column) -> Family:
    def of(q: Column, pull: Flat) -> tuple[Flat, Flat, Flat]:
        below, above = task.home - (longest - q), task.home + (longest - q)
        low, high = task.low.maximum(below), task.high.minimum(above)
        up = (pull <= low) & (below > task.low)
        down = (pull >= high) & (above < task.high)
        follows = ((low < pull) & (pull < high)).to(pull)
        return pull.clamp(low, high), follows, up.to(pull) - down.to(pull)

    return of


def _to_the_sphere(
    task: _Task, family: Family, most: Column, short: Flat, near: Callable[[Flat], Tensor]
) -> Flat:
    """The step of the largest q that is no longer than the radius; one that is near is enough."""
    best, q, price = short, torch.zeros_like(most), torch.zeros_like(most)
    bounds = _Bounds(torch.zeros_like(most), most)
    for number in range(_ROUNDS):
        price = _onto_the_plane(task, family, q, price)
        step, follows, drift = family(q, price * task.slope)
        fits = task.fits(step) & task.arrives(step)
        best = torch.where(fits, step, best)
        bounds.tighten(q, fits)
        full = step.norm(dim=1, keepdim=True) >= task.radius * (1 - _TINY)
        there = fits & (full | near(step))
        if bool((there | bounds.closed).all()):
            break
        ahead, turn = _ahead(task, step, follows, drift)
        tried = torch.where(there, q, bounds.pick(q + ahead, number))
        price, q = price + turn * (tried - q), tried
    return best


def _ahead(task: _Task, step: Flat, follows: Flat, drift: Flat) -> tuple[Column, Column]:
    """How far q is from the sphere if no coordinate meets a bound, and how ν goes with it."""
    steep = (follows * task.slope**2).sum(dim=1, keepdim=True)
    turn = -((task.slope * drift).sum(dim=1, keepdim=True) / steep).nan_to_num(0.0, 0.0, 0.0)
    way = drift + turn * follows * task.slope
    square, slant = (way**2).sum(dim=1, keepdim=True), (step * way).sum(dim=1, keepdim=True)
    short = task.radius**2 - (step**2).sum(dim=1, keepdim=True)
    return short / (slant + (slant**2 + square * short).clamp(min=0).sqrt()), turn


def _onto_the_plane(task: _Task, family: Family, q: Column, price: Column) -> Column:
    """The ν at which a family's step ends on the plane; the price is a first guess."""
    bounds = _Bounds(torch.full_like(q, -torch.inf), torch.full_like(q, torch.inf))
    enough = _TINY * task.slope.abs().sum(dim=1, keepdim=True)
    for number in range(_ROUNDS):
        step, follows, _ = family(q, price * task.slope)
        lacks = task.lacks(step)
        bounds.tighten(price, lacks > 0)
        there = (lacks.abs() <= enough) | bounds.closed
        if bool(there.all()):
            break
        wish = price + lacks / (follows * task.slope**2).sum(dim=1, keepdim=True)
        price = torch.where(there, price, bounds.pick(wish, number))
    return price


@dataclass(eq=False)
class _Bounds:
    """What a number of each row lies between, as far as is known."""

    low: Column
    high: Column

    def tighten(self, at: Column, below: Tensor) -> None:
        """Takes note that the numbers are not below these, or not above them."""
        self.low, self.high = torch.where(below, at, self.low), torch.where(below, self.high, at)

    @property
    def closed(self) -> Bool[Tensor, "n 1"]:
        """Whether there is no number between the bounds."""
        middle = (self.low + self.high) / 2
        return middle.isfinite() & ((middle <= self.low) | (middle >= self.high))

    def pick(self, wish: Column, number: int) -> Column:
        """The number wished for, where it lies between; else, and each fourth time, a middle one.

        From a bound that is far from the other it goes no farther than to its double.
        """
        double = self.low + self.low.abs().clamp(min=1)
        middle = torch.where(
            self.low.isinf(),
            self.high - self.high.abs().clamp(min=1),
            double.minimum((self.low + self.high) / 2),
        )
        hopeful = self.low.isinf() | self.high.isinf() | bool(number % 4 != 3)
        return torch.where((self.low < wish) & (wish < self.high) & hopeful, wish, middle)
