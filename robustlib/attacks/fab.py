"""FAB: the fast adaptive boundary attack."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._nearest import Nearest, leads
from robustlib.attacks._planes import onto
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import GradientAnswer, WhiteBox
from robustlib.threats import L1, L2, Linf, ThreatModel
from robustlib.types import Images

_DUAL: dict[type[ThreatModel], float] = {Linf: 1.0, L2: 2.0, L1: torch.inf}
"""The norm in which a slope is measured where the threat's measures steps."""

_WALLED = 1e-3
"""Share of the way to a plane that walls leave, from which on one can go there at all."""


def fab(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    restarts: int = 1,
    classes: int = 10,
    bias: float = 0.1,
    overshoot: float = 0.05,
    backward: float = 0.9,
    spread: float = 0.5,
    halvings: int = 8,
    draws: Draws,
) -> WhiteBox:
    """Walks along the decision boundary, drawn towards the image, and back when it has crossed.

    With π the boundary of the model linearised at the point that is nearest to it, the box apart,
    and onto_π the exact projection onto π ∩ box in the threat's norm,

    point ← clip((1 - α) (point + η way) + α (image + η way'), 0, 1),
    way = onto_π(point) - point, way' = onto_π(image) - image,
    α = min(‖way‖ / (‖way‖ + ‖way'‖), bias)

    Args:
        images: Clean images.
        goal: `Misclassify`: the boundary is that to the nearest of the classes. Any other goal has
            one boundary, where its margin is zero: `Target` is the form towards one class.
        threat: `Linf`, `L2` or `L1`: its norm is the distance. Under a finite eps only what comes
            within it counts.
        steps: Steps from each start, ≥ 1; each is one forward pass.
        restarts: Starts, ≥ 1: the image, then random points around it.
        classes: Classes looked at in each step, the label and the highest others, ≥ 2; each but
            the label is one backward pass.
        bias: The most that the image draws, in [0, 1]: α_max.
        overshoot: How far beyond the plane to go, as a share of the way, ≥ 0: η - 1.
        backward: Where to go on from a success, as a share of the way from the image, in (0, 1].
        spread: How far away random points are at most, as a share of the distance of the nearest
            success, > 0.
        halvings: Of the way from the image to the nearest success after each start, ≥ 0.
        draws: The rows' random streams.

    Returns:
        The nearest successes.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is L0, which has no nearest point of a plane.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.7]]), Misclassify(torch.tensor([0]))
        >>> round(attack(model, images, goal, L2(torch.inf), fab).distance.item(), 2)
        0.2

    Source: croce2020minimally, algorithm 1

    Differences: a step is one forward and one backward pass, where the official code looks at the
        new point first and differentiates at the point gone back to: here the plane of a success is
        the one seen at that success. Projections are exact to rounding; a plane that all walls
        stand before is taken only where there is no other; the classes looked at are the highest of
        each step; the final search is a bisection.
    """
    one_of("fab", threat, Linf, L2, L1)
    check_counts(steps=steps, restarts=restarts)
    check_counts(2, classes=classes)
    check_counts(0, halvings=halvings)
    check_range("[0, 1]", bias=bias)
    check_range("[0, inf)", overshoot=overshoot)
    check_range("(0, inf)", spread=spread)
    check_range("(0, 1]", backward=backward)
    nearest, of = Nearest(images, threat), leads(goal, classes)
    points, ones = images, torch.ones_like(nearest.distance)
    for number in range(restarts):
        if number:
            points = nearest.elsewhere(spread, draws)
        for _ in range(steps):
            answer = yield from nearest.gradient(points, of)
            gone = column(torch.where(answer.reached, backward, ones), images)
            here = images + gone * (points - images)
            plane = _nearest(answer, points, here, threat)
            way, home = (_way(answer, plane, points, start, threat) for start in (here, images))
            alpha = column(_pull(threat, way, home, bias), images)
            ahead = here + (1 + overshoot) * way, images + (1 + overshoot) * home
            points = torch.lerp(*ahead, alpha).clamp(0, 1)
        yield from nearest.closer(halvings)
    return nearest.result(points)


def _nearest(
    answer: GradientAnswer, seen: Images, here: Images, threat: ThreatModel
) -> Int[Tensor, " n"]:
    """Which of the planes seen from a point is nearest, the box apart: both ways lead onto it.

    One that all walls stand before comes last: no step leads nearer to it, nor away from here.
    """
    slopes, rises = answer.gradient.flatten(2), _rises(answer, seen, here)
    far = rises.abs() / slopes.norm(p=_DUAL[type(threat)], dim=2)
    upwards, flat = slopes * rises.sign()[:, :, None], here.flatten(1)[:, None]
    most = (upwards.abs() * torch.where(upwards > 0, 1 - flat, flat)).sum(dim=2)
    walled = far.isnan() | (most <= _WALLED * rises.abs()) & (rises != 0)
    return far.masked_fill(walled, torch.inf).argmin(dim=1)


def _way(
    answer: GradientAnswer,
    plane: Int[Tensor, " n"],
    seen: Images,
    start: Images,
    threat: ThreatModel,
) -> Images:
    """The shortest way within the box from a start onto a plane seen from a point."""
    rows = torch.arange(len(plane), device=plane.device)
    rise = _rises(answer, seen, start)[rows, plane]
    return onto(start, answer.gradient[rows, plane], rise, threat)


def _rises(answer: GradientAnswer, seen: Images, start: Images) -> Float[Tensor, "n j"]:
    """By how much each of the linearised functions is to rise from a start on."""
    shift = (start - seen).flatten(1)[:, None]
    return -answer.loss - (answer.gradient.flatten(2) * shift).sum(dim=2)


def _pull(threat: ThreatModel, way: Images, home: Images, bias: float) -> Float[Tensor, " n"]:
    """How much of the new point is the image's projection."""
    zero = torch.zeros_like(way)
    here, there = threat.distance(way, zero), threat.distance(home, zero)
    return (here / (here + there)).nan_to_num(nan=0.0).clamp(max=bias)
