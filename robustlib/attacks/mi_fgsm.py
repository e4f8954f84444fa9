"""The momentum iterative fast gradient sign method."""

from robustlib.attacks._momentum import climb, length, plain
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import WhiteBox
from robustlib.threats import ThreatModel
from robustlib.types import Images


def mi_fgsm(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 10,
    step_size: float | None = None,
    momentum: float = 1.0,
    draws: Draws,
) -> WhiteBox:
    """Steps along a velocity that sums the gradients of all steps.

    velocity ← momentum · velocity + g / mean |g|, where g = ∇ loss(point);
    point ← project(ascend(point, velocity, step_size))

    Args:
        images: Clean images.
        goal: What to climb.
        threat: `Linf` or `L2` of finite eps.
        steps: Steps, ≥ 1.
        step_size: Length of a step in the threat's norm, in pixel units, > 0; by default
            eps / steps.
        momentum: Share of the velocity that is kept, ≥ 0.
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
        >>> attack(model, images, goal, Linf(0.125), mi_fgsm).success.tolist()
        [True, False]

    Source: dong2018boosting, algorithm 1

    Differences: a gradient is divided by its mean size, as in the official code, where the paper
        divides by the sum: all velocities differ by one factor, and their directions not at all.
        In L2 pixels at a wall that they would run into are left out of the step.
    """
    size = length("mi_fgsm", threat, steps=steps, step_size=step_size, momentum=momentum)
    return (yield from climb(images, threat, plain, steps=steps, step_size=size, momentum=momentum))
