"""The scale-invariant fast gradient sign method."""

from functools import reduce

import torch
from torch import Tensor

from robustlib._border import check_counts, check_range
from robustlib.attacks._momentum import Sensed, ahead, climb, length
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
    look_ahead: float = 1.0,
    draws: Draws,
) -> WhiteBox:
    """Follows the mean gradient over darker and darker copies of where it is about to be.

    ahead = point + look_ahead · step_size · momentum · velocity;
    velocity ← momentum · velocity + g / mean |g|, where g = mean over i < copies of
    ∇ loss(ahead / 2^i), with respect to ahead;
    point ← project(ascend(point, velocity, step_size))

    Args:
        images: Clean images.
        goal: What to climb.
        threat: `Linf` or `L2` of finite eps.
        steps: Steps, ≥ 1.
        step_size: Length of a step in the threat's norm, in pixel units, > 0; by default
            eps / steps.
        momentum: Share of the velocity that is kept, ≥ 0.
        copies: What is looked at itself and its halvings, ≥ 1.
        look_ahead: How far ahead that is, as a share of where the velocity is about to lead, in
            [0, 1]. With 1 it is the paper's SI-NI-FGSM; with 0 it is the point itself, and each
            point on the way may be the result.
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

    Source: lin2020nesterov, section 3.3, algorithm 1

    Differences: a gradient is divided by its mean size, as in the official code; in L2 the look
        ahead is that of `ni_fgsm`. The copies are asked about in one pass, and are no candidates.
    """
    check_counts(copies=copies)
    check_range("[0, 1]", look_ahead=look_ahead)
    size = length("si_fgsm", threat, steps=steps, step_size=step_size, momentum=momentum)
    shares = [0.5**number for number in range(copies)]

    def scaled(point: Images, velocity: Tensor) -> Sensed:
        at = ahead(point, velocity, threat, look_ahead * size * momentum)
        inside = look_ahead == 0  # what lies ahead may lie outside of ball and box
        asked = [Gradient(share * at, candidate=inside and share == 1) for share in shares]
        answers = yield tuple(asked)
        terms = [share * each.gradient for share, each in zip(shares, answers, strict=True)]
        return reduce(torch.add, terms) / copies  # in order: a mean's depends on the batch

    return (
        yield from climb(images, threat, scaled, steps=steps, step_size=size, momentum=momentum)
    )
