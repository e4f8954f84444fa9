"""The attack of Brendel and Bethge: along the border, by the best step within a trust region."""

import math
from collections.abc import Generator
from functools import partial
from typing import Any

import torch
from torch import Tensor

from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._border_search import Ground, approach, check_starts, started
from robustlib.attacks._fewest import fewer
from robustlib.attacks._nearest import Nearest
from robustlib.attacks._trust import nearer
from robustlib.draws import Draws
from robustlib.goals import Goal, Misclassify
from robustlib.losses import margin
from robustlib.questions import WhiteBox
from robustlib.threats import L0, L1, L2, Linf, ThreatModel
from robustlib.types import Images

_DECAYS = 20
"""How often the trust region is halved; the official code's."""

_BEHIND = 0.01
"""How far behind the border a step leads at least, as a share of its radius."""

_TOLERANCE = 2.0**-10
"""Of the first bisection, as a share of the way; the official code's."""


def brendel_bethge(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 1000,
    radius: float | None = None,
    overshoot: float = 1.1,
    momentum: float = 0.8,
    halvings: int = 8,
    starts: Tensor | None = None,
    draws: Draws,
) -> WhiteBox:
    """Follows the decision boundary to where it is nearest to the image.

    With x the point, x* the image and m its margin, in each step

    b ← β b + (1 - β) ∇ m(x), c = max((η - 1) |m(x)|, r ‖b‖₂ / 100) - m(x),
    x ← x + δ, δ = argmin ‖x* - x - δ‖_p over bᵀδ = c, 0 ≤ x + δ ≤ 1, ‖δ‖₂ ≤ r

    Args:
        images: Clean images.
        goal: What is wanted, by its margin.
        threat: `Linf`, `L2`, `L1` or `L0`: its norm is the distance. Under a finite eps only what
            comes within it counts.
        steps: Steps, ≥ 1; each is one forward and one backward pass.
        radius: Of the first trust region, as a share of the box's diagonal, in (0, 1]: r, which is
            halved twenty times on the way; by default 0.1, and 1 in L0, where long steps count.
        overshoot: How far a step leads whose point is before the boundary, as a share of the way
            to it, in [1, 2]: η. From behind it leads back by 2 - η of the way.
        momentum: What is kept of the last step's normal, in [0, 1): β.
        halvings: Of the way from the image to the nearest success at the end, ≥ 0; none in L0.
        starts: Images [k, ...] in [0, 1] that have reached the goal, or some of them: a row begins
            at the nearest that has. By default at noise, where any other class will do, else at
            the image itself, from which it walks to the boundary.
        draws: The rows' random streams.

    Returns:
        The nearest successes.

    Raises:
        InputError: If an option is out of its range.

    Examples:
        >>> from robustlib.engine import attack
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.7]]), Misclassify(torch.tensor([0]))
        >>> result = attack(model, images, goal, L2(torch.inf), brendel_bethge, steps=50)
        >>> round(result.distance.item(), 2)
        0.2

    Source: brendel2019accurate, algorithm 1

    Differences: the averaged normal, the overshoot and the fixed times of the halvings are the
        official code's. Its radius grows with the numbers of the whole batch; here it is a share of
        the diagonal. Its steps come ever nearer to the boundary, until rounding calls none a
        success; here they lead behind it by a hundredth of the radius at least. Each step is solved
        to rounding, not by a few rounds of BFGS. A row that finds no start walks to the boundary
        and leaves the others alone. The end is a bisection. In L0 the best step is a knapsack:
        where the region binds, the one found leaves now and then a pixel more than the best does;
        pixels that no step can bring home yet come as near as they may in L1, where the paper
        leaves them.
    """
    if radius is None:
        radius = 1.0 if isinstance(threat, L0) else 0.1
    one_of("brendel_bethge", threat, Linf, L2, L1, L0)
    check_counts(steps=steps)
    check_counts(0, halvings=halvings)
    check_range("(0, 1]", radius=radius)
    check_range("[1, 2]", overshoot=overshoot)
    check_range("[0, 1)", momentum=momentum)
    if starts is not None:
        check_starts(starts, images, goal)
    points = yield from _at_the_border(images, goal, threat, starts, draws)
    walk = partial(along, steps=steps, radius=radius, overshoot=overshoot, momentum=momentum)
    return (yield from walk(images, goal, threat, points, halvings=halvings))


def along(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    points: Images,
    *,
    steps: int,
    radius: float = 0.1,
    overshoot: float = 1.1,
    momentum: float = 0.8,
    halvings: int = 8,
) -> WhiteBox:
    """The walk itself, from a point of each row's own, wherever that lies; as `brendel_bethge`."""
    nearest, climbed = Nearest(images, threat), goal.measured(margin)
    longest = torch.full_like(nearest.distance, radius * math.sqrt(max(1, images[:1].numel())))
    lead = fewer if isinstance(threat, L0) else partial(nearer, threat=threat)
    normal: Any = 0.0
    for step in range(steps):
        answer = yield from nearest.gradient(points, climbed.loss)
        kept = momentum if step else 0.0
        normal = kept * normal + (1 - kept) * answer.gradient
        region = longest * 0.5 ** (_DECAYS * step // steps)
        least = _BEHIND * region * normal.flatten(1).norm(dim=1)
        rise = ((overshoot - 1) * answer.loss.abs()).maximum(least) - answer.loss
        points = lead(points, images, slope=normal, rise=rise, radius=region)
    yield from nearest.decision(points, torch.arange(len(points), device=points.device))
    if not isinstance(threat, L0):
        yield from nearest.closer(halvings)
    return nearest.result(points)


def _at_the_border(
    images: Images, goal: Goal, threat: ThreatModel, starts: Tensor | None, draws: Draws
) -> Generator[Any, Any, Images]:
    """Points at the border, towards what has reached the goal; the image where nothing has."""
    if starts is None and not isinstance(goal, Misclassify):
        return images
    ground = Ground(images, threat)
    points, rows = yield from started(ground, starts, draws)
    points = yield from approach(ground, points, rows, _TOLERANCE)
    return images.index_copy(0, rows, points)
