"""Random victims and settings: a seed is a case, the same on every machine."""

import dataclasses
import inspect
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from robustlib.attacks import attacks
from robustlib.conformance._robustlib import refusal
from robustlib.goals import Misclassify, Target
from robustlib.losses import cross_entropy, dlr, margin
from robustlib.patch import Patch
from robustlib.threats import L0, L1, L2, Linf, ThreatModel

SHAPES = ((1, 4, 4), (3, 5, 5), (2, 3, 8), (1, 1, 1), (3, 9, 2), (7,), (1,), (3, 5), (2, 2, 3, 3))
CLASSES = (2, 2, 3, 3, 4, 10, 100)
DTYPES = (torch.float32, torch.float32, torch.float32, torch.float64, torch.bfloat16)
MOST = 6
"""Of steps, directions and whatever else is counted: many short cases, not a few long ones."""
WORDS = {
    "version": ("standard", "plus", "rand"),
    "basis": ("pixel", "dct", "resize", "random"),
    "solver": ("adam", "newton"),
    "sampling": ("uniform", "importance"),
}


class OwnError(Exception):
    """What a victim raises by itself: it comes through as it is."""


@dataclass(frozen=True)
class Quirk:
    """What a victim does besides.

    Args:
        before: To images.
        after: To logits.
        steady: Whether a row's answer is its own, and the same each time.
    """

    before: Callable[[Tensor], Tensor] = field(default=lambda images: images)
    after: Callable[[Tensor], Tensor] = field(default=lambda logits: logits)
    steady: bool = True


def _some_nan(logits: Tensor) -> Tensor:
    return logits.masked_fill(logits.amax(dim=1, keepdim=True) > logits.abs().mean(), torch.nan)


def _raises(images: Tensor) -> Tensor:
    if float(images.detach().float().mean()) * 1000 % 10 < 1:
        raise OwnError
    return images


QUIRKS: Mapping[str, Quirk] = {
    "plain": Quirk(),
    "small": Quirk(after=lambda logits: logits * 1e-4),
    "large": Quirk(after=lambda logits: logits * 1e4),
    "huge": Quirk(after=lambda logits: logits * 1e30),
    "shifted": Quirk(after=lambda logits: logits + 1e3),
    "softmax": Quirk(after=lambda logits: logits.softmax(dim=1)),
    "sure": Quirk(after=lambda logits: (300 * logits).softmax(dim=1)),
    "constant": Quirk(after=lambda logits: 0 * logits),
    "tied": Quirk(after=lambda logits: logits.round()),
    "cut": Quirk(before=lambda images: images.detach() + 0 * images),
    "detached": Quirk(after=lambda logits: logits.detach()),
    "labels": Quirk(after=lambda logits: logits.argmax(dim=1)),
    "one answer": Quirk(after=lambda logits: logits[:, :1]),
    "flat": Quirk(after=lambda logits: logits[:, 0]),
    "tuple": Quirk(after=lambda logits: (logits,)),  # type: ignore[arg-type,return-value]
    "some NaN": Quirk(after=_some_nan),
    "infinite": Quirk(after=lambda logits: logits.masked_fill(logits < 0, -torch.inf)),
    "pole": Quirk(before=lambda images: images.clamp(min=0).sqrt()),
    "raises": Quirk(before=_raises),
    "writes": Quirk(before=lambda images: images.mul_(0.5)),
    "noise": Quirk(before=lambda images: images + 0.1 * torch.randn_like(images), steady=False),
    "dropout": Quirk(after=lambda z: nn.functional.dropout(z, 0.2, True), steady=False),
    "coupled": Quirk(after=lambda z: z - z.mean(dim=0, keepdim=True), steady=False),
    "rounded": Quirk(before=lambda images: (images * 8).round() / 8),
}


ANSWERING = {"plain", "small", "large", "shifted", "softmax", "writes", "noise", "rounded", "cut"}
"""Whose answers are finite numbers with a slope, though it may be zero: no attack fails there."""


class Victim(nn.Module):
    """Random layers with a quirk; it counts what it is shown."""

    def __init__(self, layers: nn.Module, quirk: Quirk) -> None:
        super().__init__()
        self.layers, self.quirk, self.shown = layers, quirk, 0

    def forward(self, images: Tensor) -> Tensor:
        """Its answer."""
        self.shown += len(images)
        return self.quirk.after(self.layers(self.quirk.before(images)))


@dataclass(frozen=True, eq=False)
class Case:
    """An attack on a victim, and how."""

    seed: int
    quirk: str
    model: Victim
    images: Tensor
    goal: Misclassify | Target
    threat: ThreatModel
    name: str
    options: dict[str, Any]
    terms: dict[str, Any]

    def __str__(self) -> str:
        shape, kind = tuple(self.images.shape), str(self.images.dtype).removeprefix("torch.")
        wish, norm = type(self.goal).__name__, type(self.threat).__name__
        return (
            f"seed {self.seed}: {self.name}{self.options} {self.terms} for {wish} within "
            f"{norm}({self.threat.eps}) of {shape} {kind}, victim: {self.quirk}"
        )


def case(seed: int) -> Case:
    """The case of a seed."""
    chance, numbers = random.Random(seed), torch.Generator().manual_seed(seed)
    shape, dtype = chance.choice(SHAPES), chance.choice(DTYPES)
    classes, count = chance.choice(CLASSES), chance.choice((0, 1, 1, 2, 3, 5, 9))
    quirk = chance.choice([*QUIRKS, *["plain"] * len(QUIRKS)])
    layers = _layers(shape, classes, chance).to(dtype)
    _fill(layers, numbers)
    model = Victim(layers, QUIRKS[quirk])
    model.train(chance.random() < 0.02)
    images = _images((count, *shape), dtype, chance, numbers)
    name = chance.choice(list(attacks))
    return Case(
        seed=seed,
        quirk=quirk,
        model=model,
        images=images,
        goal=_goal(model, images, classes, chance, numbers),
        threat=_served(name, images, chance, numbers),
        name=name,
        options=_options(name, chance),
        terms=_terms(name, count, chance),
    )


def _layers(shape: tuple[int, ...], classes: int, chance: random.Random) -> nn.Module:
    width = 1
    for side in shape:
        width *= side
    bend = chance.choice((nn.ReLU, nn.SiLU, nn.Tanh))
    if len(shape) == 3 and chance.random() < 0.6:
        norm: nn.Module = chance.choice((nn.BatchNorm2d(4), nn.GroupNorm(2, 4), nn.Identity()))
        ahead = [nn.Conv2d(shape[0], 4, 3, padding=1), norm, bend(), nn.Dropout(0.3), nn.Flatten()]
        return nn.Sequential(*ahead, nn.Linear(4 * shape[1] * shape[2], classes))
    if chance.random() < 0.3:
        return nn.Sequential(nn.Flatten(), nn.Linear(width, classes))
    norm = chance.choice((nn.BatchNorm1d(8), nn.LayerNorm(8), nn.Identity()))
    hidden = [nn.Linear(width, 8), norm, bend(), nn.Dropout(0.3)]
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(8, classes))


def _fill(layers: nn.Module, numbers: torch.Generator) -> None:
    for name, tensor in layers.state_dict().items():
        if tensor.is_floating_point():
            drawn = torch.randn(tensor.shape, generator=numbers)
            tensor.copy_(drawn.abs() + 0.5 if name.endswith("var") else drawn)


def _images(
    shape: tuple[int, ...], dtype: torch.dtype, chance: random.Random, numbers: torch.Generator
) -> Tensor:
    """Mostly pictures, some with many pixels at the walls; laid out in several ways; or none."""
    drawn = torch.rand(shape, generator=numbers)
    spread = chance.choice((1.0, 1.0, 1.5, 5.0))
    images = ((drawn - 0.5) * spread + 0.5).clamp(0, 1).to(dtype)
    odd = chance.random()
    if odd < 0.03 and images.numel():
        images.view(-1)[-1] = chance.choice((torch.nan, 1.5, -0.1, torch.inf))
    elif odd < 0.2 and images.ndim == 4:
        images = images.contiguous(memory_format=torch.channels_last)
    elif odd < 0.3:
        images = images.transpose(0, -1).contiguous().transpose(0, -1)
    elif odd < 0.35:
        images = images[:, :1].expand(shape)
    return images


def _goal(
    model: Victim,
    images: Tensor,
    classes: int,
    chance: random.Random,
    numbers: torch.Generator,
) -> Misclassify | Target:
    labels = torch.randint(0, classes, (len(images),), generator=numbers)
    if len(images) and chance.random() < 0.8:  # else most rows are wrong to begin with
        training, model.training = model.training, False
        with torch.no_grad():
            labels = model.layers.eval()(images).nan_to_num().argmax(dim=1)
        model.train(training)
    if chance.random() < 0.03:
        labels = labels + classes
    measure = chance.choice((cross_entropy, margin, dlr if classes > 2 else margin))
    if chance.random() < 0.3:
        return Target((labels + 1) % classes, measure)
    return Misclassify(labels, measure)


def _served(
    name: str, images: Tensor, chance: random.Random, numbers: torch.Generator
) -> ThreatModel:
    """Mostly one that the attack knows: of what it refuses a few are enough."""
    threat = _threat(images, chance, numbers)
    while chance.random() < 0.9 and refusal(name, dataclasses.replace(threat, eps=_one(threat))):
        threat = _threat(images, chance, numbers)
    return threat


def _one(threat: ThreatModel) -> float:
    """One radius of those of a threat model."""
    return float(torch.as_tensor(threat.eps).reshape(-1)[:1].sum())


def _threat(images: Tensor, chance: random.Random, numbers: torch.Generator) -> ThreatModel:
    eps: Any = chance.choice((0.0, 1e-6, 0.03, 0.3, 1.0, torch.inf))
    if chance.random() < 0.2:
        eps = torch.rand(len(images), generator=numbers)
    kind = chance.choice((Linf, Linf, Linf, L2, L2, L1, L0, Patch))
    if kind is Patch:
        return Patch(eps, size=chance.choice((1, 2, 9)))
    return kind(eps if kind is Linf else 5 * eps)


def _options(name: str, chance: random.Random) -> dict[str, Any]:
    """All counts small; of the rest some, near their defaults or far away."""
    found: dict[str, Any] = {}
    for option, each in inspect.signature(attacks[name]).parameters.items():
        default = each.default
        if each.kind is not each.KEYWORD_ONLY or option in ("draws", "report", "method", "of"):
            continue
        if isinstance(default, int):
            found[option] = chance.randint(min(default, 1), max(2, min(default, MOST)))
        elif chance.random() < 0.2 and isinstance(default, float):
            found[option] = default * chance.choice((0.0, 0.01, 0.5, 2.0, 100.0))
        elif chance.random() < 0.2 and option in WORDS:
            found[option] = chance.choice(WORDS[option])
        elif chance.random() < 0.2 and option in ("step_size", "side", "radius"):
            found[option] = chance.choice((1e-3, 0.1, 2)) if option != "side" else 2
    return found


def _terms(name: str, count: int, chance: random.Random) -> dict[str, Any]:
    choices: dict[str, Callable[[], Any]] = {
        "retire": lambda: "never",
        "budget": lambda: chance.randint(1, 12),
        "exact": lambda: True,
        "batch_size": lambda: chance.choice((1, 2, 3)),
        "keys": lambda: [chance.randint(-9, 2**40) for _ in range(count)],
    }
    terms = {term: draw() for term, draw in choices.items() if chance.random() < 0.15}
    if "of" in (attacks[name].__kwdefaults__ or {}):
        terms["surrogates"] = {"surrogate": _Waves().eval()}
    return {"seed": chance.randint(0, 2**31), **terms}


class _Waves(nn.Module):
    """A surrogate for any victim of a hundred classes at most."""

    def forward(self, images: Tensor) -> Tensor:
        flat = images.flatten(1)
        place, wave = (torch.arange(size, device=flat.device) for size in (flat.shape[1], 100))
        return flat @ torch.cos(0.7 * (place[:, None] + 1) * (wave + 1)).to(flat)
