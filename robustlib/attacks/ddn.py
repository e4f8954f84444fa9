"""DDN: the direction and the length of the change are decoupled."""

import math

import torch
from torch import Tensor

from robustlib._balls import column, level
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._nearest import Nearest
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.losses import margin
from robustlib.questions import WhiteBox
from robustlib.threats import L2, ThreatModel
from robustlib.types import Images

_MIXED = 2 / 3
"""Of the steps climb the goal's own loss: of cross-entropy the slope mixes those of all classes."""


def ddn(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    step_size: float = 1.0,
    radius: float = 1.0,
    rate: float = 0.05,
    halvings: int = 8,
    draws: Draws,
) -> WhiteBox:
    """Climbs the loss on a sphere that shrinks after each success and grows after each failure.

    radius ← (1 - γ) radius after a success, (1 + γ) radius after a failure;
    point ← the point of the sphere, within the box, towards point + α ∇ loss / ‖∇ loss‖₂

    Args:
        images: Clean images.
        goal: What to climb; in the last third of the steps its margin.
        threat: `L2`. Under a finite eps only what comes within it counts.
        steps: Steps, ≥ 1.
        step_size: Euclidean length of the first step, > 0: α, which falls to a hundredth of it
            along a cosine.
        radius: Of the first sphere, > 0.
        rate: How much the radius changes in each step, as a share, in (0, 1): γ.
        halvings: Of the way from the image to the nearest success at the end, ≥ 0.
        draws: The rows' random streams; none is used.

    Returns:
        The nearest successes.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is not L2.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.7]]), Misclassify(torch.tensor([0]))
        >>> round(attack(model, images, goal, L2(torch.inf), ddn).distance.item(), 2)
        0.2

    Source: rony2019decoupling, algorithm 1

    Differences: the change is scaled within the box so that its length is the radius also where
        pixels stand at their walls, where the paper cuts it afterwards and comes out too short;
        the gradient leaves out such pixels; nothing is quantised; the end is a bisection. The last
        third of the steps climbs the margin: where cross-entropy is highest on a sphere, several
        classes are near, and the nearest boundary is not.
    """
    one_of("ddn", threat, L2)
    check_counts(steps=steps)
    check_counts(0, halvings=halvings)
    check_range("(0, inf)", step_size=step_size, radius=radius)
    check_range("(0, 1)", rate=rate)
    nearest, points = Nearest(images, threat), images
    length = torch.full_like(nearest.distance, radius)
    for step in range(steps):
        of = goal.measured(margin).loss if step >= _MIXED * steps else None
        answer = yield from nearest.gradient(points, of)
        length = torch.where(answer.reached, length * (1 - rate), length * (1 + rate))
        size = step_size * (0.505 + 0.495 * math.cos(math.pi * step / steps))
        points = _on_sphere(threat.ascend(points, answer.gradient, size), images, length)
    yield from nearest.closer(halvings)
    return nearest.result(points)


def _on_sphere(points: Images, images: Images, length: Tensor) -> Images:
    """The change scaled, each pixel as far as its wall, until it is so long."""
    shift = points - images
    room = torch.where(shift > 0, 1 - images, images)
    squares = shift.flatten(1) ** 2, room.flatten(1) ** 2, length[:, None] ** 2
    times = column(level(*squares).sqrt(), images)
    way = torch.minimum((times * shift.abs()).nan_to_num(nan=0.0, posinf=torch.inf), room)
    return (images + way * shift.sign()).clamp(0, 1)
