"""The victims: the zoo, and two models that are trained on real pictures, again from the seed.

Their weights are kept in `.cache/` only.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from robustlib.data._base import Dataset
from robustlib.recipe import Recipe, read_recipe
from robustlib.recipe import recipe as shipped_recipe
from robustlib.run import _trained, load_model, pictures_of, zoo
from robustlib.training._loop import TrainingProgress

RECIPES = Path(__file__).parent / "recipes"
CACHE = Path(__file__).parents[1] / ".cache" / "strength"
TRAINED = {"mnist_robust": "MNIST", "cifar10_robust": "CIFAR-10 (JPEG)"}
TOLD_EVERY = 100
COUNTS = {"digits_robust": 360, "digits_standard": 200, "signs_standard": 200}


class _PlainSlopes(torch.autograd.Function):
    """The same images, whose slopes come back in the usual order of memory."""

    @staticmethod
    def forward(_: Any, images: Tensor) -> Tensor:
        return images.view_as(images)

    @staticmethod
    def backward(_: Any, *slopes: Tensor) -> Tensor:
        return slopes[0].contiguous()


class Plain(nn.Module):
    """A model whose slopes every peer can take views of, however its own memory is ordered.

    Args:
        model: It may keep its channels last, as the zoo's do, and is a fifth faster so.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.inner = model

    def forward(self, images: Tensor) -> Tensor:
        """The model's answer."""
        outputs: Tensor = self.inner(_PlainSlopes.apply(images))  # type: ignore[no-untyped-call]
        return outputs


@dataclass(frozen=True, eq=False)
class Victim:
    """A model with the pictures that it is shown.

    Args:
        name: Its name.
        model: In eval mode, its parameters frozen.
        pictures: That it was not trained on.
        eps: The radius of its threat in Linf.
        sha256: Of weights and pictures.
    """

    name: str
    model: nn.Module
    pictures: Dataset
    eps: float
    sha256: str

    def radius(self, norm: str) -> float:
        """Its radius in a norm: in L2 a quarter of what the Linf ball reaches, in L1 an eighth."""
        pixels = self.pictures.images[0].numel()
        return {"Linf": 1, "L2": pixels**0.5 / 4, "L1": pixels / 8}[norm] * self.eps


def names() -> list[str]:
    """All victims: the zoo first."""
    return [*zoo(), *TRAINED]


def shown(name: str, images: int) -> int:
    """How many pictures a victim is shown: a standard model falls to everybody, and needs fewer."""
    return min(images, COUNTS.get(name, images))


def victim(name: str, images: int) -> Victim:
    """A victim with its first pictures, trained first where that has not been done."""
    recipe = read_recipe(RECIPES / f"{name}.yaml") if name in TRAINED else shipped_recipe(name)
    model = trained(recipe) if name in TRAINED else load_model(name)
    model.requires_grad_(False)
    pictures = pictures_of(recipe.test)
    pictures = pictures.take(torch.arange(min(shown(name, images), len(pictures))))
    sha256 = fingerprint(model, pictures)
    return Victim(name, Plain(model).eval(), pictures, recipe.threat.eps, sha256)


def trained(recipe: Recipe) -> nn.Module:
    """The model of a recipe, from its cache where it stands there; it goes on where it stopped."""

    def told(now: TrainingProgress) -> None:
        if not now.step % TOLD_EVERY:
            left = f"{now.remaining / 60:.0f} min left"
            print(f"{recipe.name}: step {now.step} of {now.steps}, {left}", flush=True)

    return _trained(recipe, "cpu", CACHE / recipe.name, told).model.eval()


def fingerprint(model: nn.Module, pictures: Dataset) -> str:
    """Of the weights and the pictures; what has other ones is another victim."""
    parts: list[Tensor] = [*model.state_dict().values(), pictures.images, pictures.labels]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.contiguous().numpy().tobytes())
    return digest.hexdigest()
