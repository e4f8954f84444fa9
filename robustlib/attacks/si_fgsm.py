"""The scale-invariant fast gradient sign method."""

from functools import reduce

import torch
from torch import Tensor

from robustlib._border import check_counts
from robustlib.attacks._momentum import Sensed, climb, length
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import ThreatModel
from robustlib.types import Images


def si_fgsm(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 10,
    step_size: float | None = None,
    momentum: float = 1.0,
    copies: int = 5,
    draws: Draws,
) -> WhiteBox:
    """Follows the mean gradient over darker and darker copies of the point.

    velocity ← momentum · velocity + g / mean |g|, where g = mean over i < copies of
    ∇ loss(point / 2^i), with respect to the point;
    point ← project(ascend(point, velocity, step_size))

    Args:
        images: Clean images.
        goal: What to climb.
        threat: `Linf` or `L2` of finite eps.
        steps: Steps, ≥ 1.
        step_size: Length of a step in the threat's norm, in pixel units, > 0; by default
            eps / steps.
        momentum: Share of the velocity that is kept, ≥ 0.
        copies: The point itself and its halvings, ≥ 1.
        draws: The rows' random streams; none is used.

    Returns:
        The last iterate.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the norm is neither of the two.

    Examples:
        >>> import torch
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.5625], [0.9]]), Misclassify(torch.tensor([0, 0]))
        >>> attack(model, images, goal, Linf(0.125), si_fgsm).success.tolist()
        [True, False]

    Source: lin2020nesterov, section 3.2

    Differences: without the look ahead of `ni_fgsm`, with which the paper joins it. A gradient is
        divided by its mean size, as in the official code. The copies are asked about in one pass;
        only the point itself is a candidate.
    """
    check_counts(copies=copies)
    size = length("si_fgsm", threat, steps=steps, step_size=step_size, momentum=momentum)
    shares = [0.5**number for number in range(copies)]

    def scaled(point: Images, _: Tensor) -> Sensed:
        asked = [Gradient(share * point, candidate=share == 1) for share in shares]
        answers = yield tuple(asked)
        terms = [share * each.gradient for share, each in zip(shares, answers, strict=True)]
        return reduce(torch.add, terms) / copies  # in order: a mean's depends on the batch

    return (
        yield from climb(images, threat, scaled, steps=steps, step_size=size, momentum=momentum)
    )
