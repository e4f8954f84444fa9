"""What a model withstands: the strongest attack that the library has, on pictures with labels."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Bool
from torch import Tensor, nn

from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.data._base import Dataset
from robustlib.engine import attack
from robustlib.goals import Goal, Misclassify, Target
from robustlib.losses import margin
from robustlib.questions import Attack
from robustlib.threats import ThreatModel

ATTACK = (
    "PGD on the margin (40 steps, 3 restarts), then PGD towards each other class (20 steps), "
    "then Square (500 queries), each on what the one before left"
)


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a model withstands.

    Args:
        clean: which pictures it names rightly, [n].
        robust: which of them after every attack, [n].
    """

    clean: Bool[Tensor, " n"]
    robust: Bool[Tensor, " n"]

    @property
    def clean_accuracy(self) -> float:
        """Share named rightly, in [0, 1]."""
        return self.clean.double().mean().item()

    @property
    def robust_accuracy(self) -> float:
        """Share named rightly after every attack, in [0, 1]."""
        return self.robust.double().mean().item()


def judge(
    model: nn.Module,
    pictures: Dataset,
    threat: ThreatModel,
    *,
    seed: int = 0,
    effort: int = 1,
    report: Callable[[int, int, int], None] | None = None,
) -> Verdict:
    """Attacks a model as `ATTACK` says; Square sees no gradient, so none can mislead it.

    Args:
        model: in eval mode.
        pictures: with their true labels.
        threat: what the attacker may change.
        seed: of the attacks.
        effort: how many times the restarts and queries that `ATTACK` names, from 1.
        report: called after each attack with attacks done, attacks in all, and pictures left.

    Returns:
        Which pictures are named rightly, before and after.
    """
    labels = pictures.labels
    clean, robust = torch.zeros_like(labels, dtype=torch.bool), torch.ones_like(labels).bool()
    attacks = list(_attacks(pictures, effort))
    for number, (goal, method, options) in enumerate(attacks):
        left = robust.nonzero()[:, 0]
        images, own, keys = pictures.images[left], goal.take(left), left.tolist()
        result = attack(model, images, own, threat, method, seed=seed, keys=keys, **options)
        robust[left[result.success]] = False
        if number == 0:  # it met every picture
            clean = result.clean_outputs.argmax(dim=1) == labels
        if report:
            report(number + 1, len(attacks), int(robust.sum()))
    return Verdict(clean, robust & clean)


def _attacks(pictures: Dataset, effort: int) -> Iterator[tuple[Goal, Attack, dict[str, Any]]]:
    labels, classes = pictures.labels, len(pictures.classes)
    untargeted = Misclassify(labels, measure=margin)
    yield untargeted, pgd, {"steps": 40, "restarts": 3 * effort}
    for ahead in range(1, classes):
        target = Target((labels + ahead) % classes, measure=margin)
        yield target, pgd, {"steps": 20, "restarts": effort}
    yield untargeted, square, {"steps": 500 * effort}
