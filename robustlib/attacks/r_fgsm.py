"""The randomised fast gradient sign method."""

from robustlib._border import check_range
from robustlib.attacks._base import bounded, one_of
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import L2, Linf, ThreatModel
from robustlib.types import Images


def r_fgsm(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    share: float = 0.5,
    draws: Draws,
) -> WhiteBox:
    """Takes a random step first, and the rest of the way along the gradient there.

    start = project(ascend(images, noise, share · eps)), with noise from N(0, 1);
    adversarial = project(ascend(start, ∇ loss(start), (1 - share) · eps))

    Args:
        images: Clean images.
        goal: What to climb.
        threat: `Linf` or `L2` of finite eps.
        share: Of eps that is gone at random, in (0, 1).
        draws: The rows' random streams.

    Returns:
        The stepped images.

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
        >>> attack(model, images, goal, Linf(0.125), r_fgsm, share=0.1).success.tolist()
        [True, False]

    Source: tramer2018ensemble, section 4.1

    Differences: the start is cut to the box, too. In L2, which the paper does not treat, both
        steps have the length that they have in Linf.
    """
    check_range("(0, 1)", share=share)
    eps = bounded(one_of("r_fgsm", threat, Linf, L2)).eps
    noise = draws.normal(*images.shape[1:])
    start = threat.project(threat.ascend(images, noise, share * eps), images)
    answer = yield from Gradient(start)
    return threat.project(threat.ascend(start, answer.gradient, (1 - share) * eps), images)
