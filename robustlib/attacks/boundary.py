"""The Boundary attack: a random walk along the border."""

from dataclasses import dataclass

import torch
from torch import Tensor

from robustlib._balls import column, nonzero
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._border_search import (
    Asking,
    Ground,
    approach,
    check_starts,
    started,
)
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import DecisionBased
from robustlib.threats import L2, ThreatModel
from robustlib.types import Flags, Images, PerRow, Rows

_FACTOR = 1.5
"""By which a step grows or shrinks; the official code's."""

_WINDOW = 30
"""Moves after which a step's length is looked at; the official code's for steps inwards."""

_TOLERANCE = 1e-3
"""Of the way from the image to the start, bisected once."""


def boundary(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 5000,
    sphere_step: float = 0.01,
    inward_step: float = 0.01,
    starts: Tensor | None = None,
    draws: Draws,
) -> DecisionBased:
    """Moves at random on a sphere around the image, then inwards, and stays across the border.

    With x* the image and r = ‖x - x*‖:
    y = the point at distance r from x* towards x + sphere_step · r · η, η random, ⊥ (x - x*);
    x ← x* + (1 - inward_step) (y - x*), if this and y have reached the goal.
    Where half of the y have, sphere_step has the right length; where a quarter and less of the
    moves inwards have, inward_step is short enough: both grow and shrink with their luck.

    Args:
        images: Clean images.
        goal: What is wanted; a `Target` needs starts.
        threat: `L2`. `eps=inf` asks for the nearest success; with a finite eps points outside the
            ball are asked about, and cannot be the result.
        steps: Moves, ≥ 1, of one or two queries each.
        sphere_step: Length of the first moves on the sphere, as a share of its radius, in (0, 1].
        inward_step: Length of the first moves inwards, as a share of the distance, in (0, 0.5].
        starts: Images [k, ...] in [0, 1] that have reached the goal, or some of them: a row begins
            at the nearest that has. By default at noise.
        draws: The rows' random streams.

    Returns:
        The last points, cut to the ball; the image of a row that found no start.

    Raises:
        InputError: If an option is out of its range, or the goal needs starts.
        ThreatError: If the norm is another.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: (images.mean(1) > 0.5).long()  # says only a label
        >>> images, goal = torch.tensor([[0.7, 0.6]]), Misclassify(torch.tensor([1]))
        >>> result = attack(model, images, goal, L2(torch.inf), boundary, steps=200)
        >>> result.success.item(), round(result.distance.item(), 2)
        (True, 0.21)

    Source: brendel2018decision, algorithm 1

    Differences: a move inwards is asked about only where the one on the sphere has reached the
        goal; each row's lengths follow its own luck in 30 moves, where the official code looks at
        the sphere's in one move of ten only. The way to the start is bisected, not searched from
        one end. Steps grow no longer than the radius, and half of it inwards.
    """
    one_of("boundary", threat, L2)
    check_counts(steps=steps)
    check_range("(0, 1]", sphere_step=sphere_step)
    check_range("(0, 0.5]", inward_step=inward_step)
    check_starts(starts, images, goal)
    ground = Ground(images, threat)
    points, rows = yield from started(ground, starts, draws)
    if not len(rows):
        return images.clone()
    points, draws = (yield from approach(ground, points, rows, _TOLERANCE)), draws.take(rows)
    around = Length.of(points, sphere_step, most=1.0, rates=(0.2, 0.5))
    inward = Length.of(points, inward_step, most=0.5, rates=(0.1, 0.25))
    for _ in range(steps):
        noise = draws.normal(*images.shape[1:])
        there = _on_sphere(points, images[rows], noise, around.now)
        reached = yield from ground.asks(there, rows)
        points = yield from _inwards(ground, points, rows, (there, reached), inward)
        shorter = around.learn(reached, torch.ones_like(reached))
        inward.now = (inward.now * shorter).clamp(max=inward.most)
    return ground.result(points, rows)


@dataclass(eq=False)
class Length:
    """A step's length for each row, which grows with its luck and shrinks with its misfortune."""

    now: PerRow
    tried: PerRow
    won: PerRow
    most: float
    rates: tuple[float, float]

    @classmethod
    def of(
        cls, images: Images, first: float, *, most: float, rates: tuple[float, float]
    ) -> "Length":
        """The same first length for all; below the first rate it shrinks, above the other grows."""
        nothing = torch.zeros_like(images.flatten(1)[:, 0])
        return cls(nothing + first, nothing, nothing, most, rates)

    def learn(self, won: Flags, tried: Flags) -> PerRow:
        """Takes note of one move, and returns the factor by which each row's length has changed."""
        self.tried, self.won = self.tried + tried.to(self.now), self.won + won.to(self.now)
        full, rate = self.tried >= _WINDOW, self.won / self.tried.clamp(min=1)
        factor = torch.ones_like(self.now)
        factor[full & (rate < self.rates[0])] = 1 / _FACTOR
        factor[full & (rate > self.rates[1])] = _FACTOR
        self.now = (self.now * factor).clamp(max=self.most)
        self.tried, self.won = self.tried.masked_fill(full, 0), self.won.masked_fill(full, 0)
        return factor


def _on_sphere(points: Images, images: Images, noise: Tensor, length: PerRow) -> Images:
    """Moves of lengths, as shares of the radius, along the spheres around images, in the box."""
    shift = points - images
    radius = shift.flatten(1).norm(dim=1)
    outward = shift / column(nonzero(radius), points)
    along = torch.linalg.vecdot(noise.flatten(1), outward.flatten(1))
    beside = torch.addcmul(noise, outward, column(-along, points))
    size, rounded = beside.flatten(1).norm(dim=1), torch.finfo(points.dtype).eps ** 0.5
    length = length.masked_fill(size <= rounded * along.abs(), 0)  # no way along the sphere
    there = radius / (1 + length**2).sqrt()
    aside = there * length / nonzero(size)
    way = outward.mul_(column(there, points)).addcmul_(beside, column(aside, points))
    return way.add_(images).clamp_(0, 1)


def _inwards(
    ground: Ground, points: Images, rows: Rows, moved: tuple[Images, Flags], inward: Length
) -> Asking[Images]:
    """Goes on towards the image where the move on the sphere has reached the goal."""
    there, reached = moved
    places = reached.nonzero().squeeze(1)
    nearer = torch.lerp(
        there[places], ground.images[rows[places]], column(inward.now[places], there[places])
    )
    won = torch.zeros_like(reached)
    if len(places):
        won[places] = yield from ground.asks(nearer, rows[places])
    inward.learn(won, reached)
    points = points.clone()
    points[won] = nearer[won[places]]
    return points
