"""Projected gradient descent."""

from functools import partial

from torch import Tensor

from robustlib._border import check_counts, check_range
from robustlib.attacks import _base
from robustlib.attacks._base import bounded, settled
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import L0, ThreatModel
from robustlib.types import Images


def pgd(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 10,
    step_size: float | None = None,
    restarts: int = 1,
    halvings: int = 0,
    draws: Draws,
) -> WhiteBox:
    """Climbs the goal's loss in steps of set length, projected back after each.

    adversarial ← project(ascend(adversarial, ∇ loss(adversarial), step_size))

    Args:
        images: Clean images.
        goal: What to climb; `Misclassify(labels, measure=margin)` climbs the margin.
        threat: `Linf`, `L2`, `L1`, `L0` or `Patch` of finite eps. Of patches those whose region is
            given.
        steps: Gradient steps from each start, ≥ 1.
        step_size: Length of the first step in the threat's norm, in pixel units (in L0: how far
            the steepest pixel goes), > 0; by default 2.5 · reach / steps, so that every point of
            the ball can be reached and left again, and with halvings 2 · reach, so that it begins
            by leaping from side to side; so it does in L0, or other pixels than those that it began
            with would not come in. The reach is eps, in L0 from wall to wall.
        restarts: Random starts, ≥ 1.
        halvings: How often the step is halved on the way, at equal intervals, from 0 (it stays)
            to steps - 1 (after each step).
        draws: The rows' random streams.

    Returns:
        The last iterate of the last start.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite, or a patch may lie anywhere.

    Examples:
        >>> import torch
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> model = torch.nn.Linear(4, 3).eval()
        >>> images = torch.full((2, 4), 0.5)
        >>> result = attack(model, images, Misclassify(model(images).argmax(1)), Linf(0.5), pgd)
        >>> result.distance.amax().item() <= 0.5
        True

    Source: madry2018towards, section 2.1

    Differences: the paper has no halvings; they are AutoPGD's, at fixed times. The step follows the
        threat's own norm and leaves out pixels that already stand at the wall which they would run
        into; the engine keeps the best iterate, the last one included, where the paper keeps the
        last.
    """
    check_counts(steps=steps, restarts=restarts)
    check_counts(0, halvings=halvings)
    check_range(f"[0, {steps})", halvings=halvings)
    if step_size is not None:
        check_range("(0, inf)", step_size=step_size)
    wide = halvings or isinstance(threat, L0)
    widest = (2 if wide else 2.5 / steps) * bounded(settled("pgd", threat)).reach
    first = widest if step_size is None else step_size
    lengths = [first * 0.5 ** (step * (halvings + 1) // steps) for step in range(steps)]
    climb = partial(_climb, lengths=lengths)
    return (yield from _base.restarts(climb, images, goal, threat, times=restarts, draws=draws))


def _climb(
    images: Images, _: Goal, threat: ThreatModel, *, lengths: list[float | Tensor], draws: Draws
) -> WhiteBox:
    adversarial, project = threat.random_start(images, draws), threat.onto(images)
    for length in lengths:
        answer = yield from Gradient(adversarial)
        adversarial = project(threat.ascend(adversarial, answer.gradient, length))
    return adversarial
