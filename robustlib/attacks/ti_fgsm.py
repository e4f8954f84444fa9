"""The translation-invariant fast gradient sign method."""

import math

from torch import Tensor

from robustlib.attacks._canvas import blurred, check_kernel, on_canvas
from robustlib.attacks._momentum import Sensed, climb, length, plain
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import WhiteBox
from robustlib.threats import ThreatModel
from robustlib.types import Images


def ti_fgsm(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 10,
    step_size: float | None = None,
    momentum: float = 1.0,
    kernel: int = 15,
    draws: Draws,
) -> WhiteBox:
    """Follows a gradient blurred as if the picture had been shifted in all ways.

    velocity ← momentum · velocity + g / mean |g|, where g = W * ∇ loss(point) and W is a
    Gaussian of kernel × kernel pixels, cut at three standard deviations;
    point ← project(ascend(point, velocity, step_size))

    Args:
        images: Clean images [n, c, h, w]; inputs of another shape are taken as one line of pixels.
        goal: What to climb.
        threat: `Linf` or `L2` of finite eps.
        steps: Steps, ≥ 1.
        step_size: Length of a step in the threat's norm, in pixel units, > 0; by default
            eps / steps.
        momentum: Share of the velocity that is kept, ≥ 0.
        kernel: Side of the blur in pixels, odd, ≥ 1 (1 blurs nothing).
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
        >>> attack(model, images, goal, Linf(0.125), ti_fgsm).success.tolist()
        [True, False]

    Source: dong2019evading, section 3.3

    Differences: the gradient is blurred along columns and then along rows, which is the same. It
        is divided by its mean size, as in the official code. What is blurred beyond the edge is
        zero, as there.
    """
    check_kernel(kernel)
    size = length("ti_fgsm", threat, steps=steps, step_size=step_size, momentum=momentum)
    weights = _gaussian(kernel)

    def shifted(point: Images, velocity: Tensor) -> Sensed:
        gradient = yield from plain(point, velocity)
        return blurred(on_canvas(gradient), weights).view_as(images)

    return (
        yield from climb(images, threat, shifted, steps=steps, step_size=size, momentum=momentum)
    )


def _gaussian(kernel: int) -> list[float]:
    """So many weights of a bell from -3 to 3 standard deviations, that sum to one."""
    half = kernel // 2
    bell = [math.exp(-((3 * place / max(half, 1)) ** 2) / 2) for place in range(-half, half + 1)]
    return [weight / sum(bell) for weight in bell]
