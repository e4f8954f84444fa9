"""Sign-OPT: the signs of a distance's slopes are enough to go down it."""

from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._border_search import (
    Asking,
    Ground,
    approach,
    bisect,
    check_starts,
    started,
)
from robustlib.attacks._normals import anywhere, tally
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import DecisionBased
from robustlib.threats import L2, Linf, ThreatModel
from robustlib.types import Images, PerRow, Rows

_TOLERANCE = 1e-3
"""Of the way from the image to the start, bisected once."""

_TRIES = 15
"""Lengths of a step that are tried; the official code's."""

_FARTHER = 1e-4
"""By how much what a step comes to is farther off than the border that it has found, as a share of
the way: where the border is a matter of rounding, points on it are out by luck."""

_GROWTH, _SHRINKS = 2.0, 0.25
"""By how much a step grows while it helps, and shrinks while it does not; the official code's."""

_SHORT, _FINEST = 1e-4, 1e-8
"""A step below the first begins again at 1, with a tenth of the smoothing, if that is above the
second; the official code's."""


def sign_opt(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    directions: int = 200,
    step_size: float = 0.2,
    smoothing: float = 0.001,
    starts: Tensor | None = None,
    draws: Draws,
) -> DecisionBased:
    """Turns a direction so that the border comes nearer, by signs of slopes that cost a label each.

    With g(θ) the least r > 0 at which clip(image + r θ) has reached the goal, ‖θ‖ = 1:
    v ← Σ sign(g(θ + β u) - g(θ)) u over random unit u, where the sign is negative if the point at
    the distance g(θ) along θ + β u has reached the goal; θ ← (θ - α v / directions) over its norm,
    for the α of a line search.

    Args:
        images: Clean images.
        goal: What is wanted; a `Target` needs starts.
        threat: `L2` or `Linf`: its norm is the distance. `eps=inf` asks for the nearest success;
            with a finite eps points outside the ball are asked about, and cannot be the result.
        steps: Steps, ≥ 1.
        directions: Random directions of each step, ≥ 1.
        step_size: The first α, > 0; θ has length 1 in the threat's norm.
        smoothing: The first β, > 0.
        starts: Images [k, ...] in [0, 1] that have reached the goal, or some of them: a row begins
            at the nearest that has. By default at noise.
        draws: The rows' random streams.

    Returns:
        The last points of the border, cut to the ball; the image of a row that found no start.

    Raises:
        InputError: If an option is out of its range, or the goal needs starts.
        ThreatError: If the norm is another.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: (images.mean(1) > 0.5).long()  # says only a label
        >>> images, goal = torch.tensor([[0.7, 0.6]]), Misclassify(torch.tensor([1]))
        >>> result = attack(model, images, goal, L2(torch.inf), sign_opt, steps=10)
        >>> result.success.item(), round(result.distance.item(), 2)
        (True, 0.21)

    Source: cheng2020signopt, algorithms 1 and 2

    Differences: one start, not the best of a hundred random directions. A step is asked about at
        the distance reached before; only if it is nearer its border is bisected. What a step has
        come to is a ten-thousandth farther, one query more. Points are cut to the box, so a
        direction may lead along a wall. In Linf a direction that has become too long is cut off at
        1, where the official code divides it by its largest number: the best ones have all numbers
        at ±1, and would be long in coming.
    """
    one_of("sign_opt", threat, L2, Linf)
    check_counts(steps=steps, directions=directions)
    check_range("(0, inf)", step_size=step_size, smoothing=smoothing)
    check_starts(starts, images, goal)
    ground = Ground(images, threat)
    points, rows = yield from started(ground, starts, draws)
    if not len(rows):
        return images.clone()
    points, draws = (yield from approach(ground, points, rows, _TOLERANCE)), draws.take(rows)
    state = Bearing.of(replace(ground, probing=True), points, rows, step_size, smoothing)
    sample = partial(anywhere(tuple(images.shape[1:])), draws)
    for _ in range(steps):
        leaning = yield from state.probed(directions, sample)
        yield from state.search(-leaning / directions)
        yield from ground.asks(state.farther(), rows)
    return ground.result(state.farther(), rows)


@dataclass(eq=False)
class Bearing:
    """Where each row looks, how far the border is there, and the lengths of its next step."""

    ground: Ground
    rows: Rows
    way: Images
    radius: PerRow
    alpha: PerRow
    beta: PerRow

    @classmethod
    def of(
        cls, ground: Ground, points: Images, rows: Rows, step_size: float, smoothing: float
    ) -> "Bearing":
        """The bearing from images to points of the border."""
        radius = ground.distance(points, rows)
        ones = torch.ones_like(radius)
        way = (points - ground.images[rows]) / column(radius, points)
        return cls(ground, rows, way, radius, step_size * ones, smoothing * ones)

    def at(self, way: Images, radius: PerRow, places: Rows) -> Images:
        """The points of some places so far along such ways."""
        here = self.ground.images[self.rows[places]]
        return (here + column(radius, here) * way).clamp(0, 1)

    def farther(self) -> Images:
        """The points of all rows behind the border, by more than a rounding."""
        places = torch.arange(len(self.rows), device=self.rows.device)
        return self.at(self.way, (1 + _FARTHER) * self.radius, places)

    def probed(self, count: int, sample: partial[Tensor]) -> Asking[Images]:
        """Σ φ u: where the border is nearer. φ is 1 where a probe has reached the goal, else -1."""
        here = self.ground.images[self.rows][:, None]
        beta, radius = (column(each, here) for each in (self.beta, self.radius))

        def propose(many: int) -> tuple[Tensor, Tensor]:
            directions = sample(many)
            turned = (self.way[:, None] + beta * directions).flatten(0, 1)
            turned = _normed(turned, self.ground.threat).view_as(directions)
            return (here + radius * turned).clamp(0, 1), directions

        return (yield from tally(self.rows, count, propose))[0]

    def search(self, slope: Images) -> Asking[None]:
        """Steps against a slope: further while it helps, and where it does not, ever shorter."""
        begun = self.way
        left = torch.arange(len(self.rows), device=self.rows.device)
        helped = torch.zeros_like(left, dtype=torch.bool)
        for _ in range(_TRIES):
            better = yield from self._step(begun, slope, left)
            self.alpha[left] *= _GROWTH
            helped[left] |= better
            left = left[better]
            if not len(left):
                break
        left = (~helped).nonzero().squeeze(1)
        for _ in range(_TRIES if len(left) else 0):
            self.alpha[left] *= _SHRINKS
            left = left[~(yield from self._step(begun, slope, left))]
            if not len(left):
                break
        self._refine()

    def _step(self, begun: Images, slope: Images, places: Rows) -> Asking[Tensor]:
        """Turns where the border is nearer after a step; which those are."""
        alpha = column(self.alpha[places], begun)
        way = _normed(begun[places] - alpha * slope[places], self.ground.threat)
        tried = self.at(way, self.radius[places], places)
        better = yield from self.ground.asks(tried, self.rows[places])
        there = places[better]
        if len(there):
            yield from self._nearer(way[better], tried[better], there)
        return better

    def _nearer(self, way: Images, ends: Images, places: Rows) -> Asking[None]:
        """Finds the border along new ways, which is nearer than along the old ones."""
        high, rows = self.radius[places].clone(), self.rows[places]
        low, tolerance = high.clone(), self.beta[places] / 500
        left = torch.arange(len(places), device=places.device)
        for share in (0.99, 0.96, 0.84, 0.36, 0.0):
            low[left] = share * self.radius[places[left]]
            if not share:
                break
            tried = self.at(way[left], low[left], places[left])
            reached = yield from self.ground.asks(tried, rows[left])
            left = left[reached]
            high[left], ends[left] = low[left], tried[reached]
            if not len(left):
                break
        self.way = self.way.index_copy(0, places, way)
        _, self.radius[places] = yield from bisect(
            self.ground,
            lambda radius, some: self.at(way[some], radius, places[some]),
            ends,
            rows,
            (low, high),
            tolerance=tolerance,
        )

    def _refine(self) -> None:
        short = (self.alpha < _SHORT) & (self.beta * 0.1 >= _FINEST)
        self.alpha[self.alpha < _SHORT] = 1.0
        self.beta[short] *= 0.1


def _normed(ways: Images, threat: ThreatModel) -> Images:
    """Ways of length 1 in the threat's norm; in Linf what passes 1 is cut off. Zero stays zero."""
    ways = ways.clamp(-1, 1) if isinstance(threat, Linf) else ways
    length = threat.distance(ways, torch.zeros_like(ways))
    return ways / column(length.masked_fill(length == 0, 1), ways)
