"""HopSkipJump: along the border's normal, guessed from labels."""

import math
from collections.abc import Callable, Sequence
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
    check_starts,
    started,
)
from robustlib.attacks._normals import Sampler, anywhere, normal, unit
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import DecisionBased
from robustlib.threats import L2, Linf, ThreatModel
from robustlib.types import Images, Rows

_FIRST_RADIUS = 0.1
"""Of the first guess, before a step has told how far the border is; the official code's."""

_MOST = 10_000
"""Directions in one guess at most; the official code's."""

_TOLERANCE = 1e-3
"""Of a bisection at most, as a share of the way."""

_HALVINGS = 20
"""Of a step; after so many the row stays. Without an end a row that hears no would ask for ever."""


def hop_skip_jump(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 40,
    directions: int = 100,
    starts: Tensor | None = None,
    draws: Draws,
) -> DecisionBased:
    """Walks along the border: a guess of its normal, a step across, and a bisection back to it.

    With x the border's point, x* the image, φ = ±1 for reached or not, d the numbers of an image:
    v ← Σ (φ(x + δ u) - mean φ) u over directions · √t random unit u, δ = ‖x' - x*‖ / d;
    x' ← x + ξ steepest(v), ξ = ‖x - x*‖ / √t, halved until φ(x') = 1;
    x ← where the way from x* to x' crosses the border.

    Args:
        images: Clean images.
        goal: What is wanted; a `Target` needs starts.
        threat: `L2` or `Linf`: its norm is the distance. `eps=inf` asks for the nearest success;
            with a finite eps points outside the ball are asked about, and cannot be the result.
        steps: Steps, ≥ 1.
        directions: Random directions in the first guess, ≥ 1.
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
        >>> result = attack(model, images, goal, L2(torch.inf), hop_skip_jump, steps=5)
        >>> result.success.item(), round(result.distance.item(), 2)
        (True, 0.21)

    Source: chen2020hopskipjump, algorithm 2

    Differences: a row that finds no start in 100 tries, or no step in 20 halvings, leaves the
        others alone, where the official code stops the run or asks for ever; later tries vary the
        noise's brightness and contrast. A step leaves out pixels that stand at their wall; the
        radius δ is never so small that rounding would eat it, and a bisection stops no earlier than
        at a thousandth of the way, where the paper would leave a third of it in two dimensions.
    """
    one_of("hop_skip_jump", threat, L2, Linf)
    check_counts(steps=steps, directions=directions)
    check_starts(starts, images, goal)
    ground, shape = Ground(images, threat), images.shape[1:]
    points, rows = yield from started(ground, starts, draws)
    sampler = _flat(shape) if isinstance(threat, Linf) else anywhere(shape)
    sample = partial(sampler, draws.take(rows))
    counts = [min(int(directions * math.sqrt(step)), _MOST) for step in range(1, steps + 1)]
    points = yield from hops(ground, points, rows, counts, sample)
    return ground.result(points, rows)


def _flat(shape: tuple[int, ...]) -> Sampler:
    """Uniform numbers, as the official code draws for Linf, over their Euclidean length."""
    return lambda draws, many: unit(2 * draws.uniform(many, *shape) - 1)


def hops(
    ground: Ground,
    points: Images,
    rows: Rows,
    counts: Sequence[int],
    sample: Callable[[int], Tensor],
) -> Asking[Images]:
    """Steps along the border, from points that have reached their goals.

    Args:
        ground: Images and threat model.
        points: Where the rows stand.
        rows: The rows, each once.
        counts: How many random directions each step's guess takes.
        sample: sample(many): unit directions [m, many, ...].

    Returns:
        The last points of the border.
    """
    if not len(rows):
        return points
    power = 2.0 if isinstance(ground.threat, Linf) else 1.5
    tolerance = min(_TOLERANCE, ground.size**-power)
    points = yield from approach(ground, points, rows, tolerance)
    radius = torch.full_like(ground.distance(points, rows), _FIRST_RADIUS)
    for step, count in enumerate(counts, start=1):
        slope = yield from normal(ground, points, rows, sample, radius=radius, count=count)
        length = ground.distance(points, rows) / math.sqrt(step)
        points = yield from _leap(ground, points, rows, slope, length)
        radius = ground.distance(points, rows) / ground.size
        points = yield from approach(ground, points, rows, tolerance)
    return points


def _leap(
    ground: Ground, points: Images, rows: Rows, slope: Tensor, length: Tensor
) -> Asking[Images]:
    """The longest step of a length, or of its half, or its quarter, ... that stays across."""
    direction = ground.threat.take(rows).steepest(slope, points)
    points, left = points.clone(), torch.arange(len(rows), device=rows.device)
    for _ in range(_HALVINGS):
        tried = (points[left] + column(length[left], points) * direction[left]).clamp(0, 1)
        reached = yield from ground.asks(tried, rows[left])
        points[left[reached]] = tried[reached]
        left, length = left[~reached], length / 2
        if not len(left):
            break
    return points
