"""Transfer: what fools models of the attacker's own often fools another."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import torch

from robustlib._border import check_counts
from robustlib.attacks._base import Line
from robustlib.attacks.mi_fgsm import mi_fgsm
from robustlib.attacks.pgd import pgd
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.goals import Goal
from robustlib.questions import Attack, Decision, DecisionAnswer, Transfer
from robustlib.threats import L2, Linf, ThreatModel
from robustlib.types import Images


def transfer(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    method: Attack | None = None,
    of: tuple[str, ...] = ("surrogate",),
    every: int | None = None,
    draws: Draws,
) -> Transfer:
    """Attacks models of the attacker's own, and shows the victim what comes of it.

    A question of the method is put to all surrogates, and answered by the means over them: of
    gradients, losses and outputs. A goal is reached where all of them say so.

    For an ensemble in logits, which are averaged before the loss is taken, give one surrogate that
    is a `robustlib.ensemble.Ensemble`.

    Args:
        images: Clean images.
        goal: What is wanted of the victim, and climbed at the surrogates.
        threat: Any that the method knows.
        method: The attack on the surrogates, of any access level, with its options bound by
            `functools.partial`; None: `mi_fgsm`, in L1 and L0 `pgd`.
        of: The surrogates' names, as in `attack(..., surrogates={"surrogate": model})`.
        every: After how many of the method's candidates the victim is shown one, ≥ 1; None: the
            last alone.
        draws: The rows' random streams.

    Returns:
        The method's last candidates.

    Raises:
        InputError: If an option is none of these, or a surrogate was not given.
        ThreatError: If the method does not know the threat model.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> mine = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> victim = lambda images: torch.cat([images.square(), (1 - images).square()], dim=1)
        >>> images, goal = torch.tensor([[0.55], [0.9]]), Misclassify(torch.tensor([0, 0]))
        >>> surrogates = {"surrogate": mine}
        >>> result = attack(victim, images, goal, Linf(0.1), transfer, surrogates=surrogates)
        >>> result.success.tolist(), result.queries.tolist()
        ([True, False], [2, 2])

    Source: liu2017delving, section 3; dong2018boosting, section 3.4

    Differences: the papers attack ensembles by a fixed method each; here it may be any, also one
        that sees scores or decisions of the surrogates only.
    """
    _check(method, of, every)
    chosen = method or (mi_fgsm if isinstance(threat, Linf | L2) else pgd)
    line = Line(chosen(images, goal, threat, draws=draws))
    count = 0
    while asked := line.asked:
        answers = yield tuple(
            dataclasses.replace(one, model=name, candidate=False) for one in asked for name in of
        )
        parts = [answers[i : i + len(of)] for i in range(0, len(answers), len(of))]
        for one in asked:
            count += one.candidate
            if one.candidate and every and count % every == 0:
                yield from Decision(torch.as_tensor(one.inputs), one.rows)
        line.hear([_mean(part) for part in parts])
    return line.returned


def _check(method: object, of: object, every: object) -> None:
    if method is not None and not callable(method):
        raise InputError(f"method is a generator function, an attack such as pgd, not {method!r}")
    names = of if isinstance(of, tuple) else ()
    if not names or not all(isinstance(name, str) for name in names):
        raise InputError(f'of is a tuple of names, such as ("surrogate",), not {of!r}')
    if every is not None:
        check_counts(every=every)


def _mean(answers: Sequence[Any]) -> Any:
    """One answer from several of one kind: means of numbers, and reached where all say so."""
    first = answers[0]
    if len(answers) == 1:
        return first
    parts: dict[str, Any] = {"reached": torch.stack([each.reached for each in answers]).all(dim=0)}
    for name in {"gradient", "loss", "outputs"} & vars(first).keys():
        parts[name] = torch.stack([getattr(each, name) for each in answers]).mean(dim=0)
    if isinstance(first, DecisionAnswer):
        parts["labels"] = None  # several models need not name one
    return dataclasses.replace(first, **parts)
