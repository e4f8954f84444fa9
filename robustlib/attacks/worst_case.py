"""The strongest verdict that the library has: whatever works, on what the rest has left."""

from collections.abc import Iterator, Sequence
from functools import partial

from torch import Tensor

from robustlib._border import check_counts
from robustlib.attacks._base import Stage, bounded, cascade
from robustlib.attacks._towards import Lead, ranked
from robustlib.attacks.apgd import apgd
from robustlib.attacks.brendel_bethge import brendel_bethge
from robustlib.attacks.fab import fab
from robustlib.attacks.fmn import fmn
from robustlib.attacks.lavan import lavan
from robustlib.attacks.noise import noise
from robustlib.attacks.one_pixel import one_pixel
from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.draws import Draws
from robustlib.goals import Goal, Misclassify, Target
from robustlib.losses import cross_entropy, margin
from robustlib.patch import Patch
from robustlib.questions import Attack, WhiteBox
from robustlib.threats import L0, L1, L2, Linf, ThreatModel
from robustlib.types import Images

_QUICK = 10
"""Steps of the first run: most rows that fall, fall to it."""

_HALVINGS = 5
"""Of PGD's steps on the way."""

_PLACES = 3
"""Of a patch, for each start of the others."""

_GENERATIONS = 20
"""Of the one-pixel attack, the first among them; its queries are shared out to them."""

_LENGTHS = Linf, L2, L1
"""The norms that APGD, FAB and Square know."""


def worst_case(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    restarts: int = 2,
    queries: int = 2000,
    targets: int = 9,
    draws: Draws,
) -> WhiteBox:
    """Runs attacks of every kind, the cheapest first, each on the rows that are left.

    A quick PGD on the margin; APGD towards each class, on cross-entropy and on the margin; FMN and
    FAB towards each class, which come from outside the ball; PGD on the margin from random starts;
    Square and noise, which no gradient can mislead. The result says which fooled whom.

    Args:
        images: Clean images.
        goal: What is wanted. `Misclassify` is gone towards class by class.
        threat: `Linf`, `L2`, `L1`, `L0` or `Patch` of finite eps. In L0 there are no APGD, FAB and
            Square: FMN, the attack of Brendel and Bethge, PGD and, of the gradient-free ones, the
            one-pixel attack of as many pixels go on alone; under a `Patch` PGD does, and LaVAN.
        steps: Of each run, ≥ 1.
        restarts: Starts of FMN, of PGD, and of APGD on cross-entropy and margin, ≥ 1.
        queries: Of Square, in L0 of the one-pixel attack, and a tenth as many of noise, ≥ 1.
        targets: Classes that are gone towards, those with the highest scores, ≥ 1.
        draws: The rows' random streams.

    Returns:
        The last candidates of the last attack that each row met.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite.

    Examples:
        >>> import torch
        >>> from robustlib.engine import attack
        >>> from robustlib.threats import Linf
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.55], [0.9]]), Misclassify(torch.tensor([0, 0]))
        >>> options = {"steps": 5, "queries": 5}
        >>> result = attack(model, images, goal, Linf(0.1), worst_case, **options)
        >>> result.success.tolist(), result.by[0]
        ([True, False], 'pgd')

    Source: croce2020reliable, section 5

    Differences: another ensemble than the paper's, with minimum-norm attacks of another kind in it
        and a quick attack in front.
    """
    check_counts(steps=steps, restarts=restarts, queries=queries, targets=targets)
    bounded(threat)
    others: tuple[Tensor, ...] = ()
    if isinstance(goal, Misclassify):
        others = yield from ranked(images, goal, targets)
    wishes = [Lead(goal, one) for one in others] if isinstance(goal, Misclassify) else []
    climb = _climber(threat, steps, min(_HALVINGS, steps - 1))
    often = climb if isinstance(threat, Patch) else partial(climb, restarts=restarts)
    stages = [
        Stage(_climber(threat, _QUICK, 3), goal.measured(margin)),
        *(_climbs(goal, wishes, steps, restarts) if isinstance(threat, _LENGTHS) else []),
        *_walks(goal, others, threat, steps, restarts),
        *(Stage(climb, wish) for wish in wishes),
        Stage(often, goal.measured(margin)),
        *(Stage(each, goal) for each in _blind(threat, queries)),
        Stage(partial(noise, steps=-(-queries // 10)), goal),
    ]
    return (yield from cascade(stages, images, goal, threat, draws=draws))


def _climber(threat: ThreatModel, steps: int, halvings: int) -> Attack:
    """PGD, or of patches at any place what searches the place first."""
    if isinstance(threat, Patch):
        return partial(lavan, steps=steps, places=1)
    return partial(pgd, steps=steps, halvings=halvings)


def _climbs(goal: Goal, wishes: Sequence[Goal], steps: int, restarts: int) -> Iterator[Stage]:
    yield from (Stage(partial(apgd, steps=steps), wish) for wish in wishes)
    often = partial(apgd, steps=steps, restarts=restarts)
    yield from (Stage(often, goal.measured(loss)) for loss in (cross_entropy, margin))


def _blind(threat: ThreatModel, queries: int) -> Iterator[Attack]:
    """What no gradient can mislead."""
    if isinstance(threat, _LENGTHS):
        yield partial(square, steps=queries)
    if isinstance(threat, L0):
        members = max(4, queries // _GENERATIONS)
        yield partial(one_pixel, steps=_GENERATIONS - 1, population=members)


def _walks(
    goal: Goal, others: Sequence[Tensor], threat: ThreatModel, steps: int, restarts: int
) -> Iterator[Stage]:
    """Minimum-norm attacks, towards each class or as the goal says; patches at many places."""
    if isinstance(threat, Patch):
        often = partial(lavan, steps=steps, places=restarts * _PLACES)
        yield from (Stage(often, goal.measured(loss)) for loss in (cross_entropy, margin))
        return
    wishes: Sequence[Goal] = [Target(wanted) for wanted in others] if others else [goal]
    walk = partial(fmn, steps=steps, restarts=restarts)
    yield from (Stage(walk, wish) for wish in wishes)
    if isinstance(threat, _LENGTHS):
        yield from (Stage(partial(fab, steps=steps), wish) for wish in wishes)
    if isinstance(threat, L0):
        yield Stage(partial(brendel_bethge, steps=steps), goal)
