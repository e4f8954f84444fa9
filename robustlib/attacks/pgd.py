"""Projected gradient descent."""

from robustlib.attacks._base import bounded
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Decision, Gradient, WhiteBox
from robustlib.threats import ThreatModel
from robustlib.types import Images


def pgd(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 10,
    step_size: float | None = None,
    restarts: int = 1,
    draws: Draws,
) -> WhiteBox:
    """Climbs the goal's loss in steps of fixed length, projected back after each.

    adversarial ← project(adversarial + step_size · steepest(∇ loss(adversarial)))

    Args:
        images: Clean images.
        goal: What to climb; `Misclassify(labels, measure=margin)` climbs the margin.
        threat: Ball and box; its eps must be finite.
        steps: Gradient steps from each start, ≥ 1.
        step_size: Length of a step in the threat's norm, in pixel units; by default
            2.5 · eps / steps, so that every point of the ball can be reached and left again.
        restarts: Random starts, ≥ 1.
        draws: The rows' random streams.

    Returns:
        The last iterate of the last start.

    Raises:
        ThreatError: If eps is infinite.

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
    Differences: the step follows the threat's own norm and leaves out pixels that already stand
        at the wall which they would run into; the engine keeps the best iterate, the last one
        included, where the paper keeps the last.
    """
    length = 2.5 * bounded(threat).eps / steps if step_size is None else step_size
    for restart in range(restarts):
        adversarial = threat.random_start(images, draws.child(restart))
        for _ in range(steps):
            answer = yield from Gradient(adversarial)
            uphill = threat.steepest(answer.gradient, adversarial)
            adversarial = threat.project(adversarial + length * uphill, images)
        if restart + 1 < restarts:  # the engine looks at the very last one itself
            yield from Decision(adversarial)
    return adversarial
