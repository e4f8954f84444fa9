"""What a model withstands: the strongest attack that the library has, on pictures with labels."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Bool
from torch import Tensor, nn

from robustlib.attacks._base import one_of
from robustlib.attacks.lavan import lavan
from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.data._base import Dataset
from robustlib.engine import attack, stream
from robustlib.errors import InputError
from robustlib.goals import Goal, Misclassify
from robustlib.losses import margin
from robustlib.patch import Patch
from robustlib.questions import Attack
from robustlib.threats import L1, L2, Linf, ThreatModel
from robustlib.types import Loss

Judging = Callable[[int, int, int], None]

MARGIN = {"steps": 100, "halvings": 5, "restarts": 3}
TOWARDS = {"steps": 40, "halvings": 5, "restarts": 2}
SQUARE = {"steps": 500}
ATTACK = (
    f"PGD on the margin ({MARGIN['steps']} steps that fall from 2 eps, {MARGIN['restarts']} "
    f"restarts), then PGD towards each other class ({TOWARDS['steps']} such steps, "
    f"{TOWARDS['restarts']} restarts each), then Square ({SQUARE['steps']} queries), each on "
    "what the one before left; any wrong class counts"
)
PLACES = {"places": 24, "steps": 40}
PLACES_TOWARDS = {"places": 6, "steps": 40}
PATCHING = (
    f"LaVAN on the margin ({PLACES['steps']} steps at {PLACES['places']} places), then LaVAN "
    f"towards each other class ({PLACES_TOWARDS['steps']} steps at {PLACES_TOWARDS['places']} "
    "places each), each on what the one before left; any wrong class counts"
)
"""Of a patch; nothing here that sees no gradient knows one."""


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

    def record(self) -> dict[str, str | int | float]:
        """A flat dict for tables and plots."""
        return {
            "images": len(self.clean),
            "clean": int(self.clean.sum()),
            "robust": int(self.robust.sum()),
            "clean_accuracy": self.clean_accuracy,
            "robust_accuracy": self.robust_accuracy,
        }

    def rows(self) -> list[dict[str, str | int | float]]:
        """A flat dict for each picture."""
        pairs = zip(self.clean.tolist(), self.robust.tolist(), strict=True)
        return [
            {"row": row, "clean": clean, "robust": robust}
            for row, (clean, robust) in enumerate(pairs)
        ]


def judge(
    model: nn.Module,
    pictures: Dataset,
    threat: ThreatModel,
    *,
    seed: int = 0,
    effort: int = 1,
    report: Judging | None = None,
) -> Verdict:
    """Attacks a model as `strongest` says; Square sees no gradient, so none can mislead it.

    Args:
        model: in eval mode.
        pictures: with their true labels.
        threat: what the attacker may change.
        seed: of the attacks.
        effort: how many times the restarts, queries and places that are named there, from 1.
        report: called after each attack with attacks done, attacks in all, and pictures left.

    Returns:
        Which pictures are named rightly, before and after.

    Raises:
        InputError: there are no pictures, or the model has not as many classes as they.
        ThreatError: an attack of the judge does not know the norm.
    """
    check_norm(threat)
    if not len(pictures):
        raise InputError("a model is judged on one picture at least; there is none")
    _check_classes(model, pictures, threat)
    labels = pictures.labels
    clean, robust = torch.zeros_like(labels, dtype=torch.bool), torch.ones_like(labels).bool()
    attacks = list((_patches if isinstance(threat, Patch) else _attacks)(pictures, effort))
    for number, (goal, method, options) in enumerate(attacks):
        left = robust.nonzero()[:, 0]
        images, own, keys = pictures.images[left], goal.take(left), left.tolist()
        drawn: dict[str, Any] = {"seed": 1000 * seed + number, "keys": keys}  # no start twice
        result = attack(model, images, own, threat, method, **drawn, **options)
        robust[left[result.success]] = False
        if number == 0:  # it met every picture
            clean = result.clean_outputs.argmax(dim=1) == labels
        if report:
            report(number + 1, len(attacks), int(robust.sum()))
    return Verdict(clean, robust & clean)


def check_norm(threat: ThreatModel) -> ThreatModel:
    """The threat model itself; a `ThreatError` unless every attack of the judge knows it."""
    return one_of("the judge", threat, Linf, L2, L1, Patch)


def strongest(threat: ThreatModel) -> str:
    """The judge's attacks in this threat model, in words.

    Examples:
        >>> strongest(Linf(0.1)).partition(" ")[0], strongest(Patch(size=7)).partition(" ")[0]
        ('PGD', 'LaVAN')
    """
    return PATCHING if isinstance(threat, Patch) else ATTACK


def lead(ahead: int) -> Loss:
    """How far one other class is ahead of the label: logits[label + ahead] - logits[label].

    `Misclassify` with this measure drives a picture towards one class and still counts every wrong
    one: on the way to a far class a nearer one may be entered.

    Args:
        ahead: how many classes after the label the other one stands, from 1, round the end.

    Returns:
        The measure.

    Examples:
        >>> lead(1)(torch.tensor([[1.0, 5.0, 2.0]]), torch.tensor([1])).item()
        -3.0
    """

    def measure(logits: Tensor, labels: Tensor) -> Tensor:
        other = (labels + ahead) % logits.shape[1]
        return (logits.gather(1, other[:, None]) - logits.gather(1, labels[:, None])).squeeze(1)

    return measure


def _check_classes(model: nn.Module, pictures: Dataset, threat: ThreatModel) -> None:
    """Asks about one picture: a model of other classes is refused before the minutes, not after."""
    one = torch.arange(1)
    picture, label = pictures.images[one], pictures.labels[one]
    look = next(stream(model, picture, Misclassify(label), threat.take(one), pgd))
    known = look.outputs.shape[1]
    if known != len(pictures.classes):  # towards the others nothing would be tried
        raise InputError(
            f"the model tells {known} classes apart, the pictures have "
            f"{len(pictures.classes)}: judge a model by pictures of its own classes"
        )


def _attacks(pictures: Dataset, effort: int) -> Iterator[tuple[Goal, Attack, dict[str, Any]]]:
    untargeted = Misclassify(pictures.labels, measure=margin)
    yield untargeted, pgd, _times(MARGIN, "restarts", effort)
    for ahead in range(1, len(pictures.classes)):
        towards = untargeted.measured(lead(ahead))
        yield towards, pgd, _times(TOWARDS, "restarts", effort)
    yield untargeted, square, _times(SQUARE, "steps", effort)


def _patches(pictures: Dataset, effort: int) -> Iterator[tuple[Goal, Attack, dict[str, Any]]]:
    untargeted = Misclassify(pictures.labels, measure=margin)
    yield untargeted, lavan, _times(PLACES, "places", effort)
    for ahead in range(1, len(pictures.classes)):
        yield untargeted.measured(lead(ahead)), lavan, _times(PLACES_TOWARDS, "places", effort)


def _times(options: dict[str, int], name: str, effort: int) -> dict[str, Any]:
    return {**options, name: effort * options[name]}
