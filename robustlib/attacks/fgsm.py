"""The fast gradient sign method."""

from robustlib.attacks._base import bounded
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import ThreatModel
from robustlib.types import Images


def fgsm(images: Images, goal: Goal, threat: ThreatModel, *, draws: Draws) -> WhiteBox:
    """Takes one step along the gradient's sign, as long as the threat model lets it.

    adversarial = project(ascend(images, ∇ loss(images), eps))

    Args:
        images: Clean images.
        goal: What to climb.
        threat: `Linf`, `L2`, `L1`, `L0` or `Patch` of finite eps.
        draws: The rows' random streams; none is used.

    Returns:
        The stepped images.

    Raises:
        ThreatError: If eps is infinite.

    Examples:
        >>> import torch
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.5625], [0.9]]), Misclassify(torch.tensor([0, 0]))
        >>> attack(model, images, goal, Linf(0.125), fgsm).adversarial[0]
        tensor([0.4375])

    Source: goodfellow2015explaining, section 4

    Differences: the step follows the threat's own norm, so that L2 steps along the gradient
        itself; the result is cut to [0, 1].
    """
    reach = bounded(threat).reach
    answer = yield from Gradient(images)
    ahead = threat.ascend(images, answer.gradient, reach)
    return threat.project(ahead, images)
