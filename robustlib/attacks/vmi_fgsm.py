"""The variance-tuned momentum iterative fast gradient sign method."""

from functools import reduce

import torch
from torch import Tensor

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._momentum import Sensed, climb, length
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import Linf, ThreatModel
from robustlib.types import Images


def vmi_fgsm(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 10,
    step_size: float | None = None,
    momentum: float = 1.0,
    samples: int = 20,
    reach: float = 1.5,
    draws: Draws,
) -> WhiteBox:
    """Tunes each gradient by how those around the last point differed from it.

    velocity ← momentum · velocity + (g + v) / mean |g + v|, where g = ∇ loss(point);
    v ← mean over samples r of ∇ loss(point + r), less g, with r uniform in ± reach · eps;
    point ← project(ascend(point, velocity, step_size))

    Args:
        images: Clean images.
        goal: What to climb.
        threat: `Linf` of finite eps.
        steps: Steps, ≥ 1.
        step_size: Length of a step in the threat's norm, in pixel units, > 0; by default
            eps / steps.
        momentum: Share of the velocity that is kept, ≥ 0.
        samples: Neighbours in each step, ≥ 1.
        reach: How far they lie, in eps, > 0.
        draws: The rows' random streams.

    Returns:
        The last iterate.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the norm is another.

    Examples:
        >>> import torch
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.5625], [0.9]]), Misclassify(torch.tensor([0, 0]))
        >>> attack(model, images, goal, Linf(0.125), vmi_fgsm).success.tolist()
        [True, False]

    Source: wang2021variance, algorithm 1

    Differences: a gradient is divided by its mean size, as in the official code; a point and its
        neighbours are asked about in one pass, and the last one's neighbours not at all, for
        nothing would come of them. Neighbours are no candidates: they may lie outside of the ball.
    """
    check_counts(samples=samples)
    check_range("(0, inf)", reach=reach)
    size = length("vmi_fgsm", threat, Linf, steps=steps, step_size=step_size, momentum=momentum)
    rows = torch.arange(len(images), device=images.device).repeat_interleave(samples)
    far = reach * column(threat.radius(images), images)[:, None]
    variance, left = images * 0, steps

    def tuned(point: Images, _: Tensor) -> Sensed:
        nonlocal variance, left
        left -= 1
        here = Gradient(point)
        if not left:
            return (yield from here).gradient + variance
        noise = far * (2 * draws.uniform(samples, *images.shape[1:]) - 1)
        around = Gradient(point[rows] + noise.flatten(0, 1), rows, candidate=False)
        mine, theirs = yield (here, around)
        follow: Tensor = mine.gradient + variance
        each = theirs.gradient.unflatten(0, (len(images), samples)).unbind(1)
        variance = reduce(torch.add, each) / samples - mine.gradient  # in order, for the same bits
        return follow

    return (yield from climb(images, threat, tuned, steps=steps, step_size=size, momentum=momentum))
