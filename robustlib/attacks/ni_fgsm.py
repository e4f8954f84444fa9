"""Nesterov's iterative fast gradient sign method."""

from torch import Tensor

from robustlib.attacks._momentum import Sensed, ahead, climb, length
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import ThreatModel
from robustlib.types import Images


def ni_fgsm(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 10,
    step_size: float | None = None,
    momentum: float = 1.0,
    draws: Draws,
) -> WhiteBox:
    """Looks ahead: the gradient is that of where the velocity is about to lead.

    velocity ← momentum · velocity + g / mean |g|,
    where g = ∇ loss(point + step_size · momentum · velocity);
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
        >>> attack(model, images, goal, Linf(0.125), ni_fgsm).success.tolist()
        [True, False]

    Source: lin2020nesterov, section 3.1

    Differences: a gradient is divided by its mean size, as in the official code: divided by its
        sum, as in the paper, it would not look ahead by any distance that counts. In L2 the look
        ahead goes along the velocity over its length, which the paper does not treat. What is
        asked ahead is no candidate: it may lie outside of ball and box.
    """
    size = length("ni_fgsm", threat, steps=steps, step_size=step_size, momentum=momentum)

    def looked(point: Images, velocity: Tensor) -> Sensed:
        asked = ahead(point, velocity, threat, size * momentum)
        answer = yield from Gradient(asked, candidate=False)
        gradient: Tensor = answer.gradient
        return gradient

    return (
        yield from climb(images, threat, looked, steps=steps, step_size=size, momentum=momentum)
    )
