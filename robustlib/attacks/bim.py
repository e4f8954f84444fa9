"""The basic iterative method."""

from robustlib.attacks._momentum import climb, length, plain
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import WhiteBox
from robustlib.threats import ThreatModel
from robustlib.types import Images


def bim(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 10,
    step_size: float | None = None,
    draws: Draws,
) -> WhiteBox:
    """Repeats the fast gradient sign method in small steps from the clean image.

    point ← project(ascend(point, ∇ loss(point), step_size))

    Args:
        images: Clean images.
        goal: What to climb.
        threat: `Linf` or `L2` of finite eps.
        steps: Steps, ≥ 1.
        step_size: Length of a step in the threat's norm, in pixel units, > 0; by default
            eps / steps.
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
        >>> attack(model, images, goal, Linf(0.125), bim).success.tolist()
        [True, False]

    Source: kurakin2017physical, section 2.2

    Differences: the paper steps by one grey level, min(eps + 4, 1.25 eps) times with eps in grey
        levels; here ten steps make up eps. L2 steps along the gradient itself.
    """
    size = length("bim", threat, steps=steps, step_size=step_size)
    return (yield from climb(images, threat, plain, steps=steps, step_size=size))
