"""NES: gradient ascent along slopes that natural evolution strategies guess."""

import torch
from torch import Tensor

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._antithetic import slope
from robustlib.attacks._base import bounded, one_of
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Decision, ScoreBased
from robustlib.threats import L2, Linf, ThreatModel
from robustlib.types import Images, PerRow

_SHORTEST = 1 / 200
"""A step is not halved below this share of the first."""


def nes(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 200,
    directions: int = 25,
    step_size: float | None = None,
    width: float = 0.001,
    momentum: float = 0.9,
    plateau: int = 5,
    draws: Draws,
) -> ScoreBased:
    """Climbs slopes that it guesses from pairs of normally distributed probes.

    rise = loss(adversarial + width · u) - loss(adversarial - width · u), with u standard normal;
    g = mean over several u of rise / (2 · width) · u;
    velocity ← momentum · velocity + (1 - momentum) · g;
    adversarial ← project(ascend(adversarial, velocity, step_size))

    Args:
        images: Clean images.
        goal: What to climb.
        threat: `Linf` or `L2` of finite eps.
        steps: Steps, ≥ 1, of 2 · directions + 1 queries each.
        directions: Random directions of each step, ≥ 1.
        step_size: Length of the first step in the threat's norm, in pixel units, > 0; by default
            a fifth of eps.
        width: Standard deviation of a probe's pixels, in pixel units, in (0, 1].
        momentum: Share of the velocity that is kept, in [0, 1).
        plateau: Steps, ≥ 2, over which the probes' mean loss must not fall, or else a row's steps
            are halved from then on, down to a 200th of the first.
        draws: The rows' random streams.

    Returns:
        The last iterates.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the norm is neither.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(16, 2)).eval()
        >>> images = torch.full((1, 1, 4, 4), 0.5)
        >>> result = attack(model, images, Misclassify(model(images).argmax(1)), Linf(0.5), nes)
        >>> result.success.item(), result.backwards.item()
        (True, 0)

    Source: ilyas2018blackbox, algorithm 1

    Differences: the momentum and the halving are those of the official code, which knows Linf
        only. Each iterate is looked at, one query a step more than the paper counts, without
        which no success is seen. Probes are cut to the box, which the official code's leave; the
        slope of a pixel at a wall makes up for that. Losses are differenced in float64, and steps
        leave out pixels at a wall that they would run into.
    """
    check_counts(steps=steps, directions=directions)
    check_counts(2, plateau=plateau)
    check_range("(0, 1]", width=width)
    check_range("[0, 1)", momentum=momentum)
    if step_size is not None:
        check_range("(0, inf)", step_size=step_size)
    radius = bounded(one_of("nes", threat, Linf, L2)).radius(images)
    stride = _Stride(
        radius / 5 if step_size is None else torch.full_like(radius, step_size), plateau
    )
    adversarial, velocity = images, torch.zeros_like(images)
    for _ in range(steps):
        guess, level = yield from slope(
            goal,
            adversarial,
            lambda many: draws.normal(many, *images.shape[1:]),
            count=directions,
            width=width,
        )
        velocity = momentum * velocity + (1 - momentum) * guess
        ahead = threat.ascend(adversarial, velocity, column(stride.after(level), images))
        adversarial = threat.project(ahead, images)
        yield from Decision(adversarial)
    return adversarial


class _Stride:
    """Each row's length of a step, halved where the loss has fallen over some steps.

    Args:
        first: The lengths at the start.
        plateau: Over how many steps it is compared.
    """

    def __init__(self, first: PerRow, plateau: int) -> None:
        self._length, self._least = first, first * _SHORTEST
        self._levels = first.double().new_full((len(first), plateau), torch.nan)

    def after(self, level: Tensor) -> PerRow:
        """Takes note of a step's loss: the length to go."""
        self._levels = torch.cat([self._levels[:, 1:], level.double()[:, None]], dim=1)
        fallen = self._levels[:, -1] < self._levels[:, 0]  # no number until there are enough
        self._levels[fallen] = torch.nan
        halved = torch.maximum(self._length / 2, self._least)
        self._length = torch.where(fallen, halved, self._length)
        return self._length
