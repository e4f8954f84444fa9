"""What a case asks of an attack, and what it answers.

A case is one file here with one function of the file's name: `case(subject) -> Finding`. It builds
its own victims, and never looks into the subject. Which attacks it is not put to, `_spared` says.
"""

import copy
import dataclasses
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import TypeAlias

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from robustlib.questions import Access
from robustlib.threats import L0, L1, L2, Linf
from robustlib.types import Images


@dataclass(frozen=True, eq=False)
class Known:
    """A victim, images that it has right, and how far the nearest wrong answer is from each.

    Args:
        model: In eval mode.
        images: In [0, 1].
        labels: Its answers.
        exact: The distances; no numbers where they are not known.
        keys: Which of several pictures these are, for a library that draws for each by itself.
    """

    model: nn.Module
    images: Images
    labels: Int[Tensor, " n"]
    exact: Float[Tensor, " n"]
    keys: tuple[int, ...] | None = None


Norm: TypeAlias = type[Linf] | type[L2] | type[L1] | type[L0]

Run: TypeAlias = Callable[[Known, float], Images]
"""run(known, eps) -> adversarial images; eps is inf where the smallest change is looked for."""

Advised: TypeAlias = Callable[[Known, float, Set[type[Warning]]], Images]


@dataclass(frozen=True)
class Subject:
    """An attack of some library.

    Args:
        library: The library.
        name: The attack, as its users write it.
        norm: The norm it is asked about.
        minimal: Whether it looks for the smallest change, or for any within a radius.
        run: Leaves a label.
        access: What it sees of the victim.
        whole: Whether it is put together from several attacks, so that nothing is left to others.
        advised: The attack asked again as the warnings of its library advise, where they do:
            advised(known, eps, kinds of warnings).
        options: With what it is asked beside its library's own defaults, in words.
    """

    library: str
    name: str
    norm: Norm
    minimal: bool
    run: Run
    access: Access = Access.WHITE_BOX
    whole: bool = False
    advised: Advised | None = None
    options: str = ""

    def __str__(self) -> str:
        return f"{self.library}:{self.name}"


@dataclass(frozen=True)
class Finding:
    """Whether a promise is kept, and the figure that shows it."""

    kept: bool
    told: str


Case: TypeAlias = Callable[[Subject], Finding]


def held_against(known: Known, subject: Subject, *, alone: float = 1.0) -> Finding:
    """The subject beside exact distances.

    Within a radius, at three of them: it finds all points that can be reached with two per cent to
    spare, and none that cannot. Of the smallest change: it finds none below the exact one, and
    comes within 1 % of it on 95 % of points. What cannot be is looked at again in float64, where
    the model's rounding fools nobody. Attacks that see less than gradients are to find 90 %
    of the points, or 90 % within half as much again.

    Args:
        known: What is known.
        subject: The attack.
        alone: The share of all that is asked of an attack that is not put together from several.
    """
    asked = 1.0 if subject.whole else alone
    return (_smallest if subject.minimal else _within)(known, subject, asked)


def _within(known: Known, subject: Subject, asked: float) -> Finding:
    reachable = found = beyond = 0
    spare = 1.0 if subject.norm is L0 else 1.02
    for share in (0.25, 0.5, 0.75):
        eps = float(known.exact[known.exact.isfinite()].quantile(share))
        adversarial, far_off = subject.run(known, eps), eps * (1 + 1e-5)
        fooled = wrong(known, adversarial) & (far(adversarial, known, subject) <= far_off)
        can = known.exact * spare <= eps
        reachable, found = reachable + int(can.sum()), found + int(fooled[can].sum())
        beyond += int((fooled & confirmed(known, adversarial) & (known.exact > far_off)).sum())
    needed = asked * (1.0 if subject.access is Access.WHITE_BOX else 0.9)
    told = f"{found} of {reachable}" + (f", {beyond} beyond reach" if beyond else "")
    return Finding(found >= needed * reachable and not beyond, told)


def _smallest(known: Known, subject: Subject, asked: float) -> Finding:
    adversarial = subject.run(known, torch.inf)
    fooled = wrong(known, adversarial)
    ratio = far(adversarial, known, subject)[fooled] / known.exact[fooled]
    if not len(ratio):
        return Finding(False, "nothing found")
    white = subject.access is Access.WHITE_BOX
    most, share = (1.01, 0.95) if white else (1.5, 0.9)
    near = int((ratio <= most).sum())
    below = int((confirmed(known, adversarial)[fooled] & (ratio < 1 - 1e-5)).sum())
    told = f"{near} of {len(fooled)} within {most:g}×, worst {float(ratio.max()):.3g}×"
    missed = int((~fooled).sum())
    told += f", {missed} not found" if missed else ""
    told += f", {below} below the exact distance" if below else ""
    return Finding(near >= asked * share * len(fooled) and not below, told)


def succeeded(known: Known, subject: Subject, eps: float) -> Tensor:
    """Which points have another answer, within the radius by their own measure."""
    return hits(known, subject, subject.run(known, eps), eps)


def hits(known: Known, subject: Subject, adversarial: Tensor, eps: float) -> Tensor:
    """Which of some points have another answer, within the radius if there is one."""
    near = far(adversarial, known, subject) <= eps * (1 + 1e-5)
    return wrong(known, adversarial) & near


def confirmed(known: Known, adversarial: Tensor) -> Tensor:
    """Which points have another answer in float64 too: next to a border a rounding decides."""
    exactly = copy.deepcopy(known.model).double()
    return wrong(dataclasses.replace(known, model=exactly), adversarial.double())


def wrong(known: Known, adversarial: Tensor) -> Tensor:
    """Which points have another answer than their label, all in the box."""
    flat = adversarial.flatten(1)
    fit = (flat >= 0).all(dim=1) & (flat <= 1).all(dim=1)  # no number is neither
    with torch.no_grad():
        return fit & (known.model(adversarial).argmax(dim=1) != known.labels)


def far(adversarial: Tensor, known: Known, subject: Subject) -> Tensor:
    """How far each point has been moved, in the subject's norm."""
    return subject.norm(1.0).distance(adversarial.double(), known.images.double())
