"""AutoAttack: four attacks that fail for different reasons, with nothing left to choose."""

from collections.abc import Iterator, Sequence
from functools import partial

from torch import Tensor

from robustlib._border import check_counts
from robustlib.attacks._base import Stage, bounded, cascade, one_of
from robustlib.attacks._towards import Lead, ranked
from robustlib.attacks.apgd import apgd
from robustlib.attacks.eot import eot
from robustlib.attacks.fab import fab
from robustlib.attacks.square import square
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.goals import Goal, Misclassify, Target
from robustlib.losses import cross_entropy, dlr, margin
from robustlib.questions import WhiteBox
from robustlib.threats import L1, L2, Linf, ThreatModel
from robustlib.types import Images

_VERSIONS = "standard", "plus", "rand"
_RESTARTS = 5
"""Of APGD and FAB in the plus version."""

_DRAWS = 20
"""Gradients in a mean, in the random version."""

_HALVINGS = 3
"""Of the way to FAB's nearest success, as in the official code."""


def auto_attack(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    version: str = "standard",
    steps: int = 100,
    queries: int = 5000,
    targets: int = 9,
    draws: Draws,
) -> WhiteBox:
    """Runs APGD, APGD towards each class, FAB towards each class and Square, on what is left.

    standard: APGD-CE, APGD-T, FAB-T, Square;
    plus: APGD-CE, APGD-DLR and FAB with five restarts each, Square, APGD-T, FAB-T;
    rand: APGD-CE and APGD-DLR on gradients that are means of twenty, for victims that answer the
    same image differently each time

    The result says which of them fooled whom: `result.by`.

    Args:
        images: Clean images.
        goal: What is wanted. `Misclassify` is gone towards class by class; any other goal has one
            direction, where APGD-T and FAB-T are APGD on the margin and FAB.
        threat: `Linf`, `L2` or `L1` of finite eps.
        version: "standard", "plus" or "rand".
        steps: Of each run of APGD and FAB, ≥ 1.
        queries: Of Square, ≥ 1.
        targets: Classes that are gone towards, those with the highest scores, ≥ 1; fewer where the
            model has fewer.
        draws: The rows' random streams.

    Returns:
        The last candidates of the last attack that each row met.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the norm is none of the three.

    Examples:
        >>> import torch
        >>> from robustlib.engine import attack
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.55], [0.9]]), Misclassify(torch.tensor([0, 0]))
        >>> options = {"steps": 5, "queries": 5}
        >>> result = attack(model, images, goal, Linf(0.1), auto_attack, **options)
        >>> result.success.tolist(), result.by[0]
        ([True, False], 'APGD-CE')

    Source: croce2020reliable, section 5; croce2021mind in L1

    Differences: it works from two classes up: of two the difference of logits ratio is the margin,
        of three the third logit stands for the fourth. FAB costs one forward pass a step, where the
        official code takes two. Of the random version each attack's last point is looked at once,
        where the official code counts the luckiest answer on the way too. In L1 APGD starts in the
        ball itself, where the official code comes in from larger ones. See the attacks' own
        differences.
    """
    _check(version, steps, queries, targets)
    bounded(one_of("auto_attack", threat, Linf, L2, L1))
    others: tuple[Tensor, ...] = ()
    if isinstance(goal, Misclassify) and version != "rand":
        others = yield from ranked(images, goal, targets)
    parts = {"standard": _standard, "plus": _plus, "rand": _rand}[version]
    stages = [*parts(goal, others, steps, queries)]
    return (yield from cascade(stages, images, goal, threat, draws=draws))


def _check(version: str, steps: int, queries: int, targets: int) -> None:
    if version not in _VERSIONS:
        raise InputError(f"version is a name of {', '.join(_VERSIONS)}, not {version!r}")
    check_counts(steps=steps, queries=queries, targets=targets)


def _standard(goal: Goal, others: Sequence[Tensor], steps: int, queries: int) -> Iterator[Stage]:
    yield Stage(partial(apgd, steps=steps), goal.measured(cross_entropy), "APGD-CE")
    yield from _towards(goal, others, steps)
    yield Stage(partial(square, steps=queries), goal, "Square")


def _plus(goal: Goal, others: Sequence[Tensor], steps: int, queries: int) -> Iterator[Stage]:
    climb = partial(apgd, steps=steps, restarts=_RESTARTS)
    yield Stage(climb, goal.measured(cross_entropy), "APGD-CE")
    yield Stage(climb, goal.measured(_ratio), "APGD-DLR")
    walk = partial(fab, steps=steps, restarts=_RESTARTS, halvings=_HALVINGS)
    yield Stage(walk, goal, "FAB")
    yield Stage(partial(square, steps=queries), goal, "Square")
    yield from _towards(goal, others, steps)


def _rand(goal: Goal, _: Sequence[Tensor], steps: int, __: int) -> Iterator[Stage]:
    climb = partial(eot, method=partial(apgd, steps=steps), samples=_DRAWS)
    yield Stage(climb, goal.measured(cross_entropy), "APGD-CE")
    yield Stage(climb, goal.measured(_ratio), "APGD-DLR")


def _towards(goal: Goal, others: Sequence[Tensor], steps: int) -> Iterator[Stage]:
    """APGD and FAB towards each class; of a goal with one direction, towards that."""
    climb, walk = partial(apgd, steps=steps), partial(fab, steps=steps, halvings=_HALVINGS)
    if not isinstance(goal, Misclassify):
        yield Stage(climb, goal.measured(margin), "APGD-T")
        yield Stage(walk, goal, "FAB-T")
        return
    yield from (Stage(climb, Lead(goal, wanted), "APGD-T") for wanted in others)
    yield from (Stage(walk, Target(wanted), "FAB-T") for wanted in others)


def _ratio(logits: Tensor, labels: Tensor) -> Tensor:
    """The difference of logits ratio; of two classes the margin."""
    return dlr(logits, labels) if logits.shape[1] > 2 else margin(logits, labels)
