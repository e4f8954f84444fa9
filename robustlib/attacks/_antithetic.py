"""Slopes that are guessed from pairs of probes, on both sides of a point."""

from collections.abc import Callable, Generator
from typing import Any, TypeVar

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib.goals import Goal
from robustlib.questions import Scores
from robustlib.types import Images, PerRow

T = TypeVar("T")
Asking = Generator[Any, Any, T]
Heights = Float[Tensor, "n many"]

_SLAB = 25
"""Pairs of a row in one question: those of all directions at once would fill the memory."""


def heights(goal: Goal, highs: Tensor, lows: Tensor) -> Asking[tuple[Heights, Heights]]:
    """The goal's loss at probes in pairs, in float64: their difference is divided by little.

    Args:
        goal: Its loss is measured.
        highs: The probes [n, many, ...] on one side of each row's point.
        lows: Those on the other.
    """
    count, many = highs.shape[:2]
    rows = torch.arange(count, device=highs.device).repeat_interleave(2 * many)
    probes = torch.stack([highs, lows], dim=2).flatten(0, 2)
    answer = yield from Scores(probes, rows, candidate=False)
    high, low = goal.loss(answer.outputs.double(), rows).view(count, many, 2).unbind(2)
    return high, low


def slope(
    goal: Goal, points: Images, sample: Callable[[int], Tensor], *, count: int, width: float
) -> Asking[tuple[Images, PerRow]]:
    """A guess of the loss's gradient, and the mean of the losses that were seen on the way.

    mean over directions u of (loss(point + width · u) - loss(point - width · u)) / (2 width) · u

    What would leave the box is cut off, so that a pixel at its wall goes half of the way; its
    slope is divided by the share that it goes.

    Args:
        goal: Its loss is climbed.
        points: One a row.
        sample: sample(many): directions [n, many, ...], whose numbers have the variance 1.
        count: Directions of each row, ≥ 1, of two queries each.
        width: How far a probe goes along a direction, > 0.
    """
    total, level = torch.zeros_like(points.flatten(1)), torch.zeros(()).to(points)
    for first in range(0, count, _SLAB):
        ways = sample(min(_SLAB, count - first))
        highs, lows = ((points[:, None] + end * ways).clamp_(0, 1) for end in (width, -width))
        high, low = yield from heights(goal, highs, lows)
        rise = ((high - low) / (2 * width)).to(points)
        total = total + (rise[:, :, None] * ways.flatten(2)).sum(dim=1)
        level = level + (high + low).sum(dim=1) / 2
    return total.view_as(points) / count / _share(points, width), level / count


def _share(points: Images, width: float) -> Tensor:
    """How much of the way from one probe to the other the box leaves, by pixel."""
    return ((1 - points).clamp(max=width) + points.clamp(max=width)) / (2 * width)
