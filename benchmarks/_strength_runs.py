"""How each library is asked: one function each, from a question to adversarial images."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from robustlib.attacks import attacks
from robustlib.attacks._base import Stage, cascade
from robustlib.attacks._towards import Lead, ranked
from robustlib.conformance._art import victim_of
from robustlib.conformance._base import Known
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.losses import cross_entropy, dlr, margin
from robustlib.questions import WhiteBox
from robustlib.run import NORMS
from robustlib.threats import ThreatModel
from robustlib.types import Images, Loss

MEASURES: dict[str, Loss] = {"ce": cross_entropy, "dlr": dlr, "margin": margin}
SMALLEST = torch.inf


@dataclass(frozen=True, eq=False)
class Question:
    """What a library is asked.

    Args:
        known: The model, and the images with their labels and keys.
        name: The attack, as the library's users write it.
        norm: `Linf`, `L2` or `L1`.
        eps: The radius; inf where the smallest change is looked for.
        seed: Of all randomness.
        options: The attack's own.
    """

    known: Known
    name: str
    norm: str
    eps: float
    seed: int
    options: Mapping[str, Any] = field(default_factory=dict)


Runner = Callable[[Question], Images]


class Counted(nn.Module):
    """A model that counts the rows of its own passes, whoever asks.

    Examples:
        >>> counted = Counted(nn.Linear(2, 2))
        >>> counted(torch.zeros(3, 2, requires_grad=True)).sum().backward()
        >>> counted.forwards, counted.backwards
        (3, 3)
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.inner = model
        self.forwards = self.backwards = 0

    def forward(self, images: Tensor) -> Tensor:
        """The model's answer."""
        self.forwards += len(images)
        kind = next((each.dtype for each in self.inner.parameters()), images.dtype)
        outputs: Tensor = self.inner(images.to(kind))  # ART's decision-based ones come in float64
        if outputs.requires_grad:
            outputs.register_hook(self._back)  # type: ignore[no-untyped-call]
        return outputs

    def _back(self, slope: Tensor) -> None:
        self.backwards += len(slope)


def robustlib(asked: Question) -> Images:
    """Ours, through the engine, with retirement as users get it."""
    options, known = dict(asked.options), asked.known
    goal = Misclassify(known.labels, measure=MEASURES[options.pop("measure", "ce")])
    given = known.model, known.images, goal, NORMS[asked.norm](asked.eps), attacks[asked.name]
    return attack(*given, seed=asked.seed, keys=known.keys, **options).adversarial


def robustlib_cascade(asked: Question) -> Images:
    """Ours towards each of the nine likeliest other classes, as AutoAttack runs it."""
    known, method = asked.known, partial(attacks[asked.name], **asked.options)

    def each(images: Images, goal: Misclassify, threat: ThreatModel, *, draws: Draws) -> WhiteBox:
        others = yield from ranked(images, goal, 9)
        stages = [Stage(method, Lead(goal, wanted)) for wanted in others]
        return (yield from cascade(stages, images, goal, threat, draws=draws))

    goal, ball = Misclassify(known.labels), NORMS[asked.norm](asked.eps)
    given = known.model, known.images, goal, ball, each
    return attack(*given, seed=asked.seed, keys=known.keys).adversarial


def foolbox(asked: Question) -> Images:
    """Foolbox."""
    import foolbox as peer

    known = asked.known
    model = peer.PyTorchModel(known.model, bounds=(0, 1), device="cpu")
    wish = peer.criteria.Misclassification(known.labels)
    method = getattr(peer.attacks, asked.name)(**asked.options)
    radius = None if asked.eps == SMALLEST else asked.eps
    found: Images = method(model, known.images, wish, epsilons=radius)[1]
    return found


def torchattacks(asked: Question) -> Images:
    """Torchattacks."""
    import torchattacks as peer

    method = getattr(peer, asked.name)(asked.known.model, **asked.options)
    found: Images = method(asked.known.images, asked.known.labels)
    return found


def adv_lib(asked: Question) -> Images:
    """adversarial-library."""
    from adv_lib import attacks as peer

    known = asked.known
    method = getattr(peer, asked.name)
    found: Images = method(known.model, known.images, known.labels, **asked.options)
    return found


def pyautoattack(asked: Question) -> Images:
    """AutoAttack's original: the whole, or one of its parts."""
    where, _, name = asked.name.rpartition(".")
    kind = getattr(import_module(f"pyautoattack.{where}"), name)
    given = {"norm": asked.norm, "eps": asked.eps, "seed": asked.seed, "device": "cpu"}
    method, known = kind(asked.known.model, **given, **asked.options), asked.known
    if name == "AutoAttack":
        whole: Images = method.run_standard_evaluation(known.images, known.labels)[0]
        return whole
    found: Images = method.perturb(known.images, known.labels)
    return found


def art(asked: Question) -> Images:
    """The Adversarial Robustness Toolbox."""
    from art import attacks as peer

    known = asked.known
    method = getattr(peer.evasion, asked.name)(victim_of(known), **asked.options)
    return torch.from_numpy(method.generate(known.images.numpy(), known.labels.numpy()))


def secml_torch(asked: Question) -> Images:
    """secml-torch's own implementations, none that it wraps."""
    from torch.utils.data import DataLoader, TensorDataset

    known, where = asked.known, f"secmlt.adv.evasion.{asked.name.lower()}"
    kind = getattr(import_module(where), asked.name)
    method = kind(backend="native", **asked.options)
    rows = DataLoader(TensorDataset(known.images, known.labels), batch_size=len(known.images))
    return torch.cat([images for images, _ in method(known.model, rows)]).detach()


RUNNERS: dict[str, Runner] = {
    "robustlib": robustlib,
    "robustlib cascade": robustlib_cascade,
    "foolbox": foolbox,
    "torchattacks": torchattacks,
    "adv_lib": adv_lib,
    "pyautoattack": pyautoattack,
    "art": art,
    "secml_torch": secml_torch,
}


def run(runner: str, asked: Question) -> Images:
    """Asks; the peers draw from global generators, which are set first."""
    torch.manual_seed(asked.seed)
    np.random.seed(asked.seed)  # noqa: NPY002
    return RUNNERS[runner](asked)
