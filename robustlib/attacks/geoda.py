"""GeoDA: straight from the image, along the border's normal."""

from functools import partial

import torch
from torch import Tensor

from robustlib._balls import column
from robustlib._border import check_counts
from robustlib.attacks._base import one_of
from robustlib.attacks._border_search import (
    Asking,
    Ground,
    approach,
    bisect,
    check_starts,
    started,
)
from robustlib.attacks._normals import cosines, normal, sides, smooth
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import DecisionBased
from robustlib.threats import L1, L2, Linf, ThreatModel
from robustlib.types import Images, PerRow, Rows

_SIGMA = 2e-4
"""How far a probe moves a number, in pixel units; the official code's."""

_SHRINKS = 0.6
"""By how much an estimate is to shrink the distance; the official code's."""

_GROWTH, _TRIES = 1.5, 12
"""A ray is followed from where the border was to 100 times as far."""

_TOLERANCE = 1e-4
"""Of a bisection, as a share of the way."""


def geoda(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 4,
    directions: int = 2000,
    frequencies: int = 75,
    starts: Tensor | None = None,
    draws: Draws,
) -> DecisionBased:
    """Takes the border for a plane: guesses its normal, and goes from the image straight across.

    With x the border's point, x* the image, φ = ±1 for reached or not:
    w ← Σ φ(x + σ η) η over random η; x ← the point of the border on x* + r v(w), r > 0,
    where v(w) is w in L2, its signs in Linf, and its largest numbers first in L1. Of all probes the
    t-th of T guesses gets a share that grows as 0.6^(-2 t / 3).

    Args:
        images: Clean images.
        goal: What is wanted; a `Target` needs starts.
        threat: `Linf`, `L2` or `L1`: its norm is the distance. `eps=inf` asks for the nearest
            success; with a finite eps points outside the ball are asked about, and cannot be the
            result.
        steps: Guesses, ≥ 1.
        directions: Probes of all guesses together, ≥ 1.
        frequencies: How many of the slowest waves along each axis the directions are put together
            from, ≥ 1; as many as there are pixels is the whole space.
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
        >>> result = attack(model, images, goal, L2(torch.inf), geoda, directions=400)
        >>> result.success.item(), round(result.distance.item(), 2)
        (True, 0.21)

    Source: rahmati2020geoda, algorithm 2

    Differences: the mean of φ is subtracted, which takes away the noise of a point that lies a
        little off the border; directions have one length, that of most η. In L1 the largest
        numbers go to their walls one after another, since one of them has seldom enough room. A
        row whose ray never crosses the border keeps its point.
    """
    one_of("geoda", threat, L2, Linf, L1)
    check_counts(steps=steps, directions=directions, frequencies=frequencies)
    check_starts(starts, images, goal)
    ground, shape = Ground(images, threat), tuple(images.shape[1:])
    high, wide = (cosines(length, frequencies) for length in sides(shape))
    points, rows = yield from started(ground, starts, draws)
    if not len(rows):
        return images.clone()
    sample = partial(smooth(shape, high, wide), draws.take(rows))
    radius = torch.full_like(ground.distance(points, rows), _SIGMA * ground.size**0.5)
    points = yield from approach(ground, points, rows, _TOLERANCE)
    for count in _allotted(directions, steps):
        slope = yield from normal(ground, points, rows, sample, radius=radius, count=count)
        points = yield from _across(ground, points, rows, slope)
    return ground.result(points, rows)


def _allotted(total: int, steps: int) -> list[int]:
    """The probes of each guess."""
    shares = [_SHRINKS ** (-2 * step / 3) for step in range(steps)]
    return [max(1, round(total * share / sum(shares))) for share in shares]


def _across(ground: Ground, points: Images, rows: Rows, slope: Tensor) -> Asking[Images]:
    """Where rays from the images along a slope cross the border; the points, where none does."""
    here, threat = ground.images[rows], ground.threat.take(rows)

    def at(lengths: PerRow, places: Rows) -> Images:
        some = here[places]
        way = threat.take(places).ascend(some, slope[places], column(lengths, some))
        return way.clamp(0, 1)

    length, ends = ground.distance(points, rows), points.clone()
    left = torch.arange(len(rows), device=rows.device)
    crossed = torch.zeros_like(left, dtype=torch.bool)
    for _ in range(_TRIES):
        tried = at(length[left], left)
        crossed[left] = reached = yield from ground.asks(tried, rows[left])
        ends[left[reached]] = tried[reached]
        left = left[~reached]
        if not len(left):
            break
        length[left] *= _GROWTH
    there = crossed.nonzero().squeeze(1)
    span = torch.zeros_like(length[there]), length[there]
    ends[there], _ = yield from bisect(
        ground,
        lambda lengths, places: at(lengths, there[places]),
        ends[there],
        rows[there],
        span,
        tolerance=_TOLERANCE * length[there],
    )
    return ends
