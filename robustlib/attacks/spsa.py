"""SPSA: Adam along slopes that simultaneous perturbations guess."""

import torch

from robustlib._border import check_counts, check_range
from robustlib.attacks._antithetic import slope
from robustlib.attacks._base import bounded, one_of
from robustlib.attacks._zeroth import Adam
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.losses import margin
from robustlib.questions import Decision, ScoreBased
from robustlib.threats import Linf, ThreatModel
from robustlib.types import Images


def spsa(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    directions: int = 64,
    step_size: float = 0.01,
    width: float = 0.01,
    draws: Draws,
) -> ScoreBased:
    """Climbs slopes that it guesses by moving all pixels at once, each up or down by chance.

    rise = margin(adversarial + width · u) - margin(adversarial - width · u), with u of 1 and -1;
    g = mean over several u of rise / (2 · width) · u;
    adversarial ← project(adversarial + step_size · Adam(g))

    Args:
        images: Clean images.
        goal: What to climb, by its margin.
        threat: `Linf` of finite eps.
        steps: Steps, ≥ 1, of 2 · directions + 1 queries each.
        directions: Random directions of each step, ≥ 1.
        step_size: The length of Adam's first step, by pixel, in pixel units, > 0.
        width: From the point to a probe, by pixel, in pixel units, in (0, 1].
        draws: The rows' random streams.

    Returns:
        The last iterates.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the norm is not Linf.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(16, 2)).eval()
        >>> images = torch.full((1, 1, 4, 4), 0.5)
        >>> result = attack(model, images, Misclassify(model(images).argmax(1)), Linf(0.5), spsa)
        >>> result.success.item(), result.backwards.item()
        (True, 0)

    Source: uesato2018adversarial, algorithm 1

    Differences: Adam takes the place of the plain step, as in the paper's experiments, which ask
        for up to 8,192 probes a step, many more than the default here. Each iterate is looked at,
        one query a step more than the paper counts. Probes stay in the box: the slope of a pixel
        at a wall is found from one way only, and the margins are differenced in float64.
    """
    check_counts(steps=steps, directions=directions)
    check_range("(0, inf)", step_size=step_size)
    check_range("(0, 1]", width=width)
    bounded(one_of("spsa", threat, Linf))
    climb, adversarial = goal.measured(margin), images
    flat = images.flatten(1)
    adam = Adam(flat)
    everywhere = torch.arange(flat.shape[1], device=images.device).expand_as(flat)
    for _ in range(steps):
        guess, _ = yield from slope(
            climb,
            adversarial,
            lambda many: 2.0 * draws.randint(2, many, *images.shape[1:]).to(images) - 1,
            count=directions,
            width=width,
        )
        way = adam.step(guess.flatten(1), everywhere).view_as(images)
        adversarial = threat.project(adversarial + step_size * way, images)
        yield from Decision(adversarial)
    return adversarial
