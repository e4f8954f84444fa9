"""Recipes in, trained models and their cards out; and the models of the zoo, loaded."""

import datetime
import hashlib
import platform
import time
from collections.abc import Callable
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

import numpy
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import nn
from torch.nn.utils import convert_conv2d_weight_memory_format

from robustlib._border import usable
from robustlib.card import Card, read_card, write_aside
from robustlib.data import data
from robustlib.data._base import Dataset
from robustlib.errors import DataError, InputError, RecipeError, UnknownNameError
from robustlib.judge import Judging, check_norm, judge, strongest
from robustlib.models import models
from robustlib.patch import Patch
from robustlib.recipe import PATCH, Part, Recipe, Source, Threat
from robustlib.recipe import recipe as shipped_recipe
from robustlib.threats import L0, L1, L2, Linf, ThreatModel
from robustlib.training import training
from robustlib.training._base import Objective
from robustlib.training._loop import Report, Trained, fit

ZOO = Path(__file__).parent / "zoo"
NORMS: dict[str, Callable[[float], ThreatModel]] = {"Linf": Linf, "L2": L2, "L1": L1, "L0": L0}


def run(
    recipe: Recipe | str,
    *,
    device: str | None = None,
    out: Path | None = None,
    report: Report | None = None,
    judging: Judging | None = None,
) -> Card:
    """Trains what a recipe says, judges the result on its test pictures, and writes both.

    Weights go to `<out>/<name>.safetensors` and the card to `<out>/<name>.yaml`; checkpoint and
    log lie beside them. Started again, an interrupted run continues.

    Args:
        recipe: a recipe, or the name of one that ships with the library.
        device: where to train and judge; by default where the recipe says.
        out: a folder; by default `runs/<name>`.
        report: called after each training step.
        judging: called after each attack of the judge, as `robustlib.judge.judge` says.

    Returns:
        The card.

    Raises:
        UnknownNameError: something named in the recipe does not exist.
        InputError: the device cannot be used here.
        RecipeError: an option does not exist, or the folder holds another run.
        ThreatError: the judge does not know the norm.
        OSError: the folder cannot be written.
    """
    recipe = shipped_recipe(recipe) if isinstance(recipe, str) else recipe
    out, device = out or Path("runs") / recipe.name, device_of(device or recipe.device)
    threat = check_norm(threat_of(recipe.threat))  # before the hours of training, not after
    test = pictures_of(recipe.test)
    trained = _trained(recipe, device, out, report)
    began = time.monotonic()
    verdict = judge(trained.model, test, threat, seed=recipe.seed, report=judging)
    state = trained.model.state_dict()
    weights = save({name: tensor.contiguous().cpu() for name, tensor in state.items()})
    write_aside(out / f"{recipe.name}.safetensors", weights)
    card = _card(
        recipe,
        test,
        parameters=sum(parameter.numel() for parameter in trained.model.parameters()),
        clean_accuracy=round(verdict.clean_accuracy, 4),
        robust_accuracy=round(verdict.robust_accuracy, 4),
        device=_described(device),
        seconds=round(trained.seconds + time.monotonic() - began),
        sha256=hashlib.sha256(weights).hexdigest(),
    )
    card.write(out / f"{recipe.name}.yaml")
    return card


def surrogate(
    recipe: Recipe | str,
    *,
    seed: int,
    device: str | None = None,
    out: Path | None = None,
    report: Report | None = None,
) -> nn.Module:
    """A model of the attacker's own where architecture and data are known, but not the weights.

    A grey-box attack differentiates it; it is given to `robustlib.attacks.transfer`.

    Args:
        recipe: The victim's, or its name.
        seed: Of weights and training, another than the victim's.
        device: As in `run`.
        out: A folder; by default `runs/<name>_surrogate_<seed>`.
        report: As in `run`.

    Returns:
        The model, in eval mode.

    Raises:
        InputError: If the seed is the victim's own.
    """
    recipe = shipped_recipe(recipe) if isinstance(recipe, str) else recipe
    if seed == recipe.seed:
        raise InputError(f"seed {seed} is the victim's own, which is not known: give another")
    own = recipe.model_copy(update={"seed": seed, "name": f"{recipe.name}_surrogate_{seed}"})
    folder = out or Path("runs") / own.name
    return _trained(own, device_of(device or recipe.device), folder, report).model.eval()


def _trained(recipe: Recipe, device: str, out: Path, report: Report | None) -> Trained:
    build, objective = models[recipe.model.name], _objective(recipe)
    return fit(
        build(**_options(recipe, recipe.model, build), seed=recipe.seed),
        pictures_of(recipe.train),
        objective,
        recipe.schedule,
        seed=recipe.seed,
        folder=out,
        origin=recipe.model_dump_json(exclude={"device"}),  # a run may go on elsewhere
        device=device,
        report=report,
    )


def device_of(name: str) -> str:
    """The device that a name means here.

    Args:
        name: `auto`, for the best there is, or a name of torch's: `cpu`, `cuda`, `cuda:1`, `mps`.

    Returns:
        What torch calls it.

    Raises:
        InputError: it cannot be used here.

    Examples:
        >>> device_of("cpu")
        'cpu'
    """
    if name == "auto":
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    usable(name)
    return name


def threat_of(threat: Threat) -> ThreatModel:
    """The threat model that a recipe or a card names.

    Raises:
        UnknownNameError: no such norm.

    Examples:
        >>> threat_of(Threat(norm="Linf", eps="8/255")).eps
        0.03137254901960784
    """
    kinds = NORMS | {PATCH: partial(Patch, size=threat.size)}
    if threat.norm not in kinds:
        raise UnknownNameError(threat.norm, kinds, kind="norm")
    return kinds[threat.norm](threat.eps)


def _objective(recipe: Recipe) -> Objective:
    objective = training[recipe.objective.name]
    options = _options(recipe, recipe.objective, objective)
    if "threat" in signature(objective).parameters:
        options["threat"] = threat_of(recipe.threat)
    return partial(objective, **options)


def _options(recipe: Recipe, part: Part, function: Callable[..., object]) -> dict[str, Any]:
    known = [
        name
        for name, each in signature(function).parameters.items()
        if each.kind is each.KEYWORD_ONLY
    ]
    if unknown := set(part.options) - set(known):
        raise RecipeError(
            f"recipe {recipe.name}: {part.name} has no option {', '.join(sorted(unknown))}; "
            f"there are: {', '.join(known)}"
        )
    return dict(part.options)


def pictures_of(source: Source) -> Dataset:
    """The pictures that a recipe names.

    Raises:
        UnknownNameError: no such data set.
    """
    return data[source.name](source.count, seed=source.seed, split=source.split)


def _card(recipe: Recipe, test: Dataset, **measured: Any) -> Card:
    return Card(
        name=recipe.name,
        recipe=recipe.name,
        summary=recipe.summary,
        data=recipe.train.name,
        model=recipe.model.name,
        model_options=recipe.model.options,
        classes=test.classes,
        classes_zh=test.classes_zh,
        image_shape=tuple(test.images.shape[1:]),
        threat=recipe.threat,
        attack=strongest(threat_of(recipe.threat)),
        judged_on=f"{len(test)} pictures of {recipe.test.name}, split {recipe.test.split}, "
        f"seed {recipe.test.seed}, none of them trained on",
        seed=recipe.seed,
        versions={
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": numpy.__version__,
        },
        date=datetime.datetime.now(datetime.UTC).date(),
        notes=recipe.notes,
        **measured,
    )


def _described(device: str) -> str:
    if torch.device(device).type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"cpu, {platform.machine()}, threads: {torch.get_num_threads()}"


def zoo(folder: Path = ZOO) -> dict[str, Card]:
    """The card of each trained model that ships with the library, by name."""
    return {file.stem: read_card(file) for file in sorted(folder.glob("*.yaml"))}


def load_model(name: str, device: str | torch.device = "cpu", *, folder: Path = ZOO) -> nn.Module:
    """A trained model, in eval mode, its weights checked against the card.

    Only safetensors are read: loading a file runs nothing that stands in it.

    Args:
        name: the model's name in the zoo.
        device: where to put it.
        folder: where `<name>.yaml` and `<name>.safetensors` lie.

    Returns:
        A module from images in [0, 1] to logits.

    Raises:
        UnknownNameError: no model of that name; the message suggests the nearest.
        RecipeError: the card is wrong.
        DataError: the weights are missing or not those of the card.

    Examples:
        >>> from robustlib.data.signs import signs
        >>> pictures = signs(16, seed=1, split="test")
        >>> model = load_model("signs_standard")
        >>> bool((model(pictures.images).argmax(1) == pictures.labels).double().mean() > 0.8)
        True
    """
    known = {file.stem: file for file in folder.glob("*.yaml")}
    if name not in known:  # a path is no name
        raise UnknownNameError(name, known, kind="model")
    card = read_card(known[name])
    weights = _checked(folder / f"{name}.safetensors", card.sha256)
    model = models[card.model](**card.model_options)
    try:
        model.load_state_dict(load(weights))
    except (SafetensorError, RuntimeError) as error:
        raise DataError(f"{name}: the weights do not fit {card.model}: {error}") from error
    convert_conv2d_weight_memory_format(model, torch.channels_last)
    return model.to(device).eval()


def _checked(file: Path, sha256: str) -> bytes:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read the weights {file}: {error}") from error
    came = hashlib.sha256(content).hexdigest()
    if came != sha256:
        raise DataError(
            f"{file} is refused: its SHA-256 is {came}, its card says {sha256}; "
            "fetch or train it again"
        )
    return content
