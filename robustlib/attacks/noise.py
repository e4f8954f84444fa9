"""Random noise, the baseline."""

from robustlib._border import check_counts
from robustlib.attacks._base import bounded
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Decision, DecisionBased
from robustlib.threats import ThreatModel
from robustlib.types import Images


def noise(
    images: Images, goal: Goal, threat: ThreatModel, *, steps: int = 1, draws: Draws
) -> DecisionBased:
    """Draws points of the ball at random: what an attack must beat to be called one.

    adversarial ← a uniform draw from the ball, projected onto the box

    Args:
        images: Clean images.
        goal: What is hoped for.
        threat: `Linf`, `L2`, `L1`, `L0` or `Patch` of finite eps.
        steps: Draws, ≥ 1.
        draws: The rows' random streams.

    Returns:
        The last draw.

    Raises:
        InputError: If steps is no count.
        ThreatError: If eps is infinite.

    Examples:
        >>> import torch
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.51], [0.9]]), Misclassify(torch.tensor([0, 0]))
        >>> attack(model, images, goal, Linf(0.1), noise, steps=20).success.tolist()
        [True, False]

    Source: fawzi2016robustness, section 2

    Differences: the paper draws from the sphere of the norm and asks for the radius that is
        needed; here the ball is given.
    """
    check_counts(steps=steps)
    adversarial = images
    for _ in range(steps):
        adversarial = bounded(threat).random_start(images, draws)
        yield from Decision(adversarial)
    return adversarial
