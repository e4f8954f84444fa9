"""The smallest change that can be found: many searches at once, and the nearest of their finds."""

from functools import partial

import torch

from robustlib._border import check_counts
from robustlib.attacks._base import on_rows, one_of, together
from robustlib.attacks._base import restarts as again
from robustlib.attacks._nearest import Nearest
from robustlib.attacks._towards import ranked
from robustlib.attacks.brendel_bethge import along, brendel_bethge
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

_AROUND, _FEW_AROUND = 0.02, 0.1
"""The last walk's first trust region, as a share of the box's diagonal; in L0 the second."""


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
    """Runs minimum-norm attacks side by side, and walks along the border from the nearest success.

    FMN with two step sizes, FAB, DDN in L2, and but for L0 the attack of Brendel and Bethge from
    noise; at the same time, from the image alone, the first three towards each of the highest other
    classes. What they ask at a time is one pass. The last is the walk of Brendel and Bethge from
    the nearest of all their finds.

    Args:
        images: Clean images.
        goal: What is wanted; only `Misclassify` has several classes to go towards.
        threat: `Linf`, `L2`, `L1` or `L0`: its norm is the distance. Under a finite eps only what
            comes within it counts.
        steps: Of each attack from each start, ≥ 1; a third of them from noise.
        restarts: Starts of FMN and FAB, ≥ 1: the image, then random points; and of noise.
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

    Source: croce2020minimally, pintor2021fast, rony2019decoupling and brendel2019accurate, whose
        attacks it runs

    Differences: an ensemble of ours. No single attack finds the nearest point of every image: each
        has its own basins. ALMA, C&W in both norms, EAD, DeepFool, SuperDeepFool and JSMA are left
        out, for their price.
    """
    check_counts(steps=steps, restarts=restarts)
    check_counts(0, targets=targets)
    one_of("minimal", threat, Linf, L2, L1, L0)
    attacks = _attacks(threat, steps, restarts) + _from_noise(goal, threat, steps, restarts)
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
    region = _FEW_AROUND if isinstance(threat, L0) else _AROUND
    last = yield from along(images, goal, threat, nearest.points, steps=steps, radius=region)
    yield from nearest.decision(last, rows)
    return nearest.result(images)


def _from_noise(goal: Goal, threat: ThreatModel, steps: int, times: int) -> list[Attack]:
    """Short walks along the border; noise reaches no target, and is far in L0."""
    if isinstance(threat, L0) or not isinstance(goal, Misclassify):
        return []
    walk = partial(brendel_bethge, steps=max(1, steps // 3), radius=0.2)
    return [partial(again, walk, times=times)]


def _attacks(threat: ThreatModel, steps: int, restarts: int) -> list[Attack]:
    """Those that know the norm."""
    often = partial(fmn, steps=steps, restarts=restarts)
    known: list[Attack] = [partial(often, step_size=size) for size in _STEP_SIZES]
    if not isinstance(threat, L0):
        known.append(partial(fab, steps=steps, restarts=restarts, spread=1.0))
    if isinstance(threat, L2):
        known.append(partial(ddn, steps=steps))
    return known
