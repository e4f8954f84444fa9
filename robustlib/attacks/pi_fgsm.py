"""The patch-wise iterative fast gradient sign method."""

from robustlib._border import check_counts, check_range
from robustlib.attacks._base import bounded, one_of
from robustlib.attacks._canvas import Canvas, blurred, check_kernel, on_canvas
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import Linf, ThreatModel
from robustlib.types import Images

_NOTHING = 1e-4
"""What is less than this share of a step is what cuts that cancel leave by rounding."""


def pi_fgsm(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 10,
    amplification: float = 10.0,
    kernel: int = 3,
    draws: Draws,
) -> WhiteBox:
    """Takes steps too long for the ball, and gives what is cut off to the pixels around.

    β = amplification · eps / steps, s = sign ∇ loss(point);
    heap ← heap + β s;  cut = max(|heap| - eps, 0) · sign heap;
    spread = β sign(W * cut), with W the mean over the kernel × kernel pixels around but the middle;
    heap ← heap + spread;  point ← project(point + β s + spread)

    Args:
        images: Clean images [n, c, h, w]; inputs of another shape are taken as one line of pixels.
        goal: What to climb.
        threat: `Linf` of finite eps.
        steps: Steps, ≥ 1.
        amplification: How many times longer a step is than eps / steps, > 0.
        kernel: Side of the neighbourhood in pixels, odd, ≥ 1 (1 gives nothing away).
        draws: The rows' random streams; none is used.

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
        >>> attack(model, images, goal, Linf(0.125), pi_fgsm).success.tolist()
        [True, False]

    Source: gao2020patchwise, algorithm 1

    Differences: the projection factor γ of the paper is β, as in its experiments. What neighbours
        give may cancel: a sum that is only their rounding counts as none.
    """
    check_counts(steps=steps)
    check_range("(0, inf)", amplification=amplification)
    check_kernel(kernel)
    eps = bounded(one_of("pi_fgsm", threat, Linf)).eps
    push = amplification * eps / steps
    point, heap = images, images * 0
    for _ in range(steps):
        answer = yield from Gradient(point)
        stride = push * answer.gradient.sign()
        heap = heap + stride
        cut = (heap.abs() - eps).clamp(min=0) * heap.sign()
        given = _around(on_canvas(cut), kernel).view_as(images)
        spread = push * given.masked_fill(given.abs() < _NOTHING * push, 0).sign()
        heap = heap + spread
        point = threat.project(point + stride + spread, images)
    return point


def _around(canvas: Canvas, kernel: int) -> Canvas:
    """The sum over each pixel's neighbours, itself left out."""
    return blurred(canvas, [1.0] * kernel) - canvas
