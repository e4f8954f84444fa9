"""The fast gradient sign method."""

import torch

from robustlib.attacks._base import bounded
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import L0, ThreatModel
from robustlib.types import Images


def fgsm(images: Images, goal: Goal, threat: ThreatModel, *, draws: Draws) -> WhiteBox:
    """Takes one step along the gradient's sign, as long as the threat model lets it.

    adversarial = project(ascend(images, ∇ loss(images), eps)), in L0 the eps pixels of the largest
    Σ over channels |slope| · room, at their walls

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
        itself, and in L0 each pixel goes to the wall that it heads for; the result is cut to
        [0, 1].
    """
    reach = bounded(threat).reach
    answer = yield from Gradient(images)
    if isinstance(threat, L0):
        return _highest(images, answer.gradient, threat)
    ahead = threat.ascend(images, answer.gradient, reach)
    return threat.project(ahead, images)


def _highest(images: Images, gradient: Images, threat: L0) -> Images:
    """The highest point of a linear slope in ball and box: what gains most, each at its wall.

    The projection keeps the pixels of which (way)² - (way - room)² is largest, or (way)² where a
    way ends before the wall. It is given ways for which this is slope times room.
    """
    slope = threat.steepest(gradient, images)
    walls = torch.where(slope == 0, images, (slope > 0).to(images))
    steep, room = slope.abs(), (walls - images).abs()
    way = torch.where(steep > room, (steep + room) / 2, (steep * room).sqrt())
    chosen = threat.project(images + way * slope.sign(), images) != images
    return torch.where(chosen, walls, images)
