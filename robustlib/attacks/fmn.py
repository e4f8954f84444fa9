"""FMN: the fast minimum-norm attack."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._nearest import Nearest, of_radius
from robustlib.attacks._planes import onto
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.losses import margin
from robustlib.questions import GradientAnswer, WhiteBox
from robustlib.threats import L0, L1, L2, Linf, ThreatModel
from robustlib.types import Images


def fmn(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    restarts: int = 1,
    step_size: float = 1.0,
    rate: float = 0.05,
    halvings: int = 8,
    draws: Draws,
) -> WhiteBox:
    """Climbs the margin within a ball that shrinks after each success and grows after each failure.

    radius ← min((1 - γ) radius, distance of the nearest success) after a success,
    radius ← (1 + γ) radius after a failure; before the first success at least as large as the
    linearised model says the distance is;
    point ← project(point + α ∇ margin / ‖∇ margin‖₂) into the ball of that radius.

    Args:
        images: Clean images.
        goal: What is wanted, by its margin.
        threat: `Linf`, `L2`, `L1` or `L0`: its norm is the distance. Under a finite eps only what
            comes within it counts.
        steps: Steps from each start, ≥ 1.
        restarts: Starts, ≥ 1: the image, then random points no farther than the nearest success.
        step_size: Euclidean length of the first step, > 0: α, which falls to a hundredth of it
            along a cosine.
        rate: How much the radius changes in the first step, as a share, in (0, 1): γ, which falls
            to a hundredth of it alike. In L0 the radius changes by one pixel at least.
        halvings: Of the way to the nearest success after each start, ≥ 0; none in L0.
        draws: The rows' random streams.

    Returns:
        The nearest successes.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is none of the four.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.7]]), Misclassify(torch.tensor([0]))
        >>> round(attack(model, images, goal, L2(torch.inf), fmn).distance.item(), 2)
        0.2

    Source: pintor2021fast, algorithm 1

    Differences: the point is projected onto ball and box at once, where the paper cuts to the box
        afterwards; the radius grows from what it was, not from the length of what has been cut, so
        that it does not stall at corners, and the distance to the linearised boundary heeds the
        walls; the gradient leaves out pixels at their wall; the end is a bisection.
    """
    check_counts(steps=steps, restarts=restarts)
    check_counts(0, halvings=halvings)
    check_range("(0, inf)", step_size=step_size)
    check_range("(0, 1)", rate=rate)
    one_of("fmn", threat, Linf, L2, L1, L0)
    climbed, nearest = goal.measured(margin), Nearest(images, threat)
    points, radius = images, torch.zeros_like(nearest.distance)
    for number in range(restarts):
        if number:
            points, radius = nearest.elsewhere(1.0, draws), nearest.reach
        for step in range(steps):
            answer = yield from nearest.gradient(points, climbed.loss)
            fall = 0.505 + 0.495 * math.cos(math.pi * step / steps)
            radius = _radius(nearest, radius, points, answer, rate * fall)
            ascended = L2(math.inf).ascend(points, answer.gradient, step_size * fall)
            points = of_radius(threat, radius, images).project(ascended, images)
        if not isinstance(threat, L0):
            yield from nearest.closer(halvings)
    return nearest.result(points)


def _radius(
    nearest: Nearest, radius: Tensor, points: Images, answer: GradientAnswer, rate: float
) -> Float[Tensor, " n"]:
    """That of the next ball."""
    shrunk = torch.minimum(radius * (1 - rate), nearest.distance)
    grown = radius * (1 + rate)
    if isinstance(nearest.threat, L0):
        shrunk = torch.minimum(shrunk, torch.minimum(radius, nearest.distance) - 1).floor()
        grown = torch.maximum(grown.floor(), radius + 1)
    else:
        way = onto(points, answer.gradient, -answer.loss.clamp(max=0), nearest.threat)
        ahead = nearest.threat.distance(points + way, nearest.images)
        grown = torch.where(nearest.found, grown, torch.maximum(grown, ahead))
    grown = torch.minimum(grown, nearest.distance)  # no farther than what has been found
    return torch.where(answer.reached, shrunk.clamp(min=0), grown)
