"""The smallest change that can be found: many searches at once, and the nearest of their finds."""

from functools import partial

import torch

from robustlib._border import check_counts
from robustlib.attacks._base import on_rows, one_of, together
from robustlib.attacks._nearest import Nearest
from robustlib.attacks._towards import ranked
from robustlib.attacks.ddn import ddn
from robustlib.attacks.fab import fab
from robustlib.attacks.fmn import fmn
from robustlib.draws import Draws
from robustlib.goals import Goal, Misclassify, Target
from robustlib.questions import Attack, WhiteBox
from robustlib.threats import L0, L1, L2, Linf, ThreatModel
from robustlib.types import Images

_STEP_SIZES = 1.0, 0.3
"""Of the runs of FMN, in pixel units: the long ones leap into basins that the short ones miss."""


def minimal(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    restarts: int = 8,
    targets: int = 9,
    draws: Draws,
) -> WhiteBox:
    """Runs minimum-norm attacks side by side and keeps the nearest success of each image.

    FMN with two step sizes, FAB, and DDN in L2; then, from the image alone, towards each of the
    highest other classes. What they ask at a time is one pass.

    Args:
        images: Clean images.
        goal: What is wanted; only `Misclassify` has several classes to go towards.
        threat: Its norm is the distance. Under a finite eps only what comes within it counts.
        steps: Of each attack from each start, ≥ 1.
        restarts: Starts of FMN and FAB, ≥ 1: the image, then random points.
        targets: Classes that are gone towards, those with the highest scores, ≥ 0.
        draws: The rows' random streams.

    Returns:
        The nearest successes.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is none of the four.

    Examples:
        >>> from robustlib.engine import attack
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.7]]), Misclassify(torch.tensor([0]))
        >>> result = attack(model, images, goal, L2(torch.inf), minimal, steps=20, restarts=1)
        >>> round(result.distance.item(), 2)
        0.2

    Source: croce2020minimally, pintor2021fast and rony2019decoupling, whose attacks it runs

    Differences: an ensemble of ours. No single attack finds the nearest point of every image: each
        has its own basins.
    """
    check_counts(steps=steps, restarts=restarts)
    check_counts(0, targets=targets)
    attacks = _attacks(one_of("minimal", threat, Linf, L2, L1, L0), steps, restarts)
    talks = [
        attack(images, goal, threat, draws=draws.child(number))
        for number, attack in enumerate(attacks)
    ]
    rows = torch.arange(len(images), device=images.device)
    if isinstance(goal, Misclassify) and targets:
        for rank, wanted in enumerate((yield from ranked(images, goal, targets))):
            towards = Target(wanted, goal.measure)
            for number, attack in enumerate(_attacks(threat, steps, 1)):
                own = draws.child(len(attacks) * (1 + rank) + number)
                talks.append(on_rows(attack, rows, images, towards, threat, draws=own))
    nearest = Nearest(images, threat)
    for found in (yield from together(talks)):
        yield from nearest.decision(found, rows)
    return nearest.result(images)


def _attacks(threat: ThreatModel, steps: int, restarts: int) -> list[Attack]:
    """Those that know the norm."""
    often = partial(fmn, steps=steps, restarts=restarts)
    known: list[Attack] = [partial(often, step_size=size) for size in _STEP_SIZES]
    if not isinstance(threat, L0):
        known.append(partial(fab, steps=steps, restarts=restarts, spread=1.0))
    if isinstance(threat, L2):
        known.append(partial(ddn, steps=steps))
    return known
