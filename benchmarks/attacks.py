"""What our attacks cost over their own passes, and beside the peers: process time in one run."""

import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks import _peers
from benchmarks._floor import filled, noted, seconds
from benchmarks._table import publish
from robustlib._fast import FastPasses
from robustlib._passes import Request
from robustlib.attacks import attacks
from robustlib.data import data
from robustlib.data._base import Dataset
from robustlib.engine import AttackResult, attack
from robustlib.goals import Misclassify
from robustlib.models import models
from robustlib.run import load_model
from robustlib.threats import L2, Linf, ThreatModel

SIZES = os.environ.get("ROSTRA_ATTACKS_SIZES", "100 16 10 2")
ROWS, WIDE_ROWS, AA_ROWS, ROUNDS = map(int, SIZES.split())
EPS, SEED = 8 / 255, 20_261_122
BALL, ENDLESS = Linf(EPS), L2(torch.inf)
# Each as `attack` takes it, never retiring, so that its passes are the algorithm's own.
ALONE: dict[str, tuple[ThreatModel, dict[str, Any]]] = {
    "pgd": (BALL, {"steps": 40}),
    "mi_fgsm": (BALL, {"steps": 40}),
    "apgd": (BALL, {"steps": 100}),
    "cw": (ENDLESS, {"steps": 50, "searches": 2}),
    "square": (BALL, {"steps": 200}),
    "boundary": (ENDLESS, {"steps": 50}),
    "hop_skip_jump": (ENDLESS, {"steps": 2}),
}
Row = dict[str, Any]
Method = Callable[[nn.Module, Tensor, Tensor], Tensor]


def against_floor(name: str, model: nn.Module, pictures: Dataset) -> Iterator[Row]:
    """Each attack and, right after it, the bare passes of the same sizes."""
    model.requires_grad_(False)
    for method, (threat, options) in ALONE.items():
        images, labels = pictures.images, pictures.labels
        spent = floor = even = 0.0
        for number in range(ROUNDS):
            with noted() as passes:
                began = time.process_time()
                ours(model, images, labels, method, threat, retire="never", seed=number, **options)
                spent += time.process_time() - began
            floor += seconds(model, images, labels, passes)
            even += filled(model, images, labels, passes)
        yield {
            **_row(name, method, "robustlib, retire never", len(images), spent / ROUNDS),
            "/ own passes": round(spent / floor, 2),
            "/ rows at 100": round(spent / even, 2),
        }


def ours(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    method: str,
    threat: ThreatModel = BALL,
    **terms: Any,
) -> AttackResult:
    """One of our attacks."""
    return attack(model, images, Misclassify(labels), threat, attacks[method], **terms)


def libraries(method: str) -> dict[str, Method]:
    """Who is measured beside us on an attack, as its users call it."""
    import foolbox
    import pyautoattack
    import torchattacks

    def fool(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        pgd = foolbox.attacks.LinfPGD(steps=40, abs_stepsize=2.5 * EPS / 40)
        return pgd(foolbox.PyTorchModel(model, (0, 1), device="cpu"), images, labels, epsilons=EPS)[
            1
        ]

    def original(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        tool = pyautoattack.AutoAttack(model, norm="Linf", eps=EPS, seed=0)
        return tool.run_standard_evaluation(images, labels, batch_size=len(images))[0]

    def torched(kind: str, options: dict[str, Any], model: nn.Module, *shown: Tensor) -> Tensor:
        return getattr(torchattacks, kind)(model, eps=EPS, **options)(*shown)

    step = {"alpha": 2.5 * EPS / 40, "steps": 40}
    known: dict[str, dict[str, Method]] = {
        "pgd": {"foolbox": fool, "torchattacks": partial(torched, "PGD", step)},
        "apgd": {"torchattacks": partial(torched, "APGD", {"steps": 100})},
        "auto_attack": {"pyautoattack": original},
    }
    return known[method]


def beside_peers(name: str, method: str, pictures: Dataset, **options: Any) -> Iterator[Row]:
    """One attack by every library on the model as it is loaded, ours in both precisions."""
    images, labels = pictures.images, pictures.labels
    found: dict[str, tuple[float, Tensor]] = {}
    for library, run in libraries(method).items():
        torch.manual_seed(SEED)
        found[library] = _timed(partial(run, load_model(name), images.clone(), labels))
    with noted() as passes:
        found["robustlib"] = _timed(lambda: _found(name, method, pictures, options))
    found["robustlib, fast"] = _timed(
        lambda: _found(name, method, pictures, {**options, "precision": "fast"})
    )
    best = min(spent for library, (spent, _) in found.items() if library[:9] != "robustlib")
    steps = options.get("steps")
    alive = sum(count for count, graded in passes if graded) / (len(images) * (steps or 1))
    for library, (spent, adversarial) in found.items():
        with torch.no_grad():
            held = (load_model(name)(adversarial).argmax(1) == labels).double().mean().item()
        yield {
            **_row(name, method, library, len(images), spent),
            "/ best peer": round(spent / best, 2),
            "robust %": round(100 * held, 1),
            "row-steps alive": round(alive, 2) if steps and library == "robustlib" else "-",
        }


def _found(name: str, method: str, pictures: Dataset, options: dict[str, Any]) -> Tensor:
    return ours(load_model(name), pictures.images, pictures.labels, method, **options).adversarial


def _timed(run: Callable[[], Tensor]) -> tuple[float, Tensor]:
    began = time.process_time()
    adversarial = run()
    return time.process_time() - began, adversarial


def _row(model: str, method: str, library: str, images: int, spent: float) -> Row:
    empty = dict.fromkeys(
        ("/ own passes", "/ rows at 100", "/ best peer", "robust %", "row-steps alive"), "-"
    )
    return {
        "model": model,
        "attack": method,
        "library": library,
        "images": images,
        "cpu s / 100 images": round(100 * spent / images, 2),
        **empty,
    }


def rough(model: nn.Module, images: Tensor) -> float:
    """What a pass in bfloat16 takes of one in float32."""
    passes = FastPasses(model)
    passes.weigh(images, graded=True)
    request = Request((images,), lambda outputs, _: outputs.sum(dim=1))
    never = Request((images,), request.loss, lambda outputs, _: torch.zeros(len(outputs)) > 0)
    spent = [0.0, 0.0]
    for _ in range(8):
        for place, one in enumerate((request, never)):
            began = time.process_time()
            passes.show([one])
            spent[place] += time.process_time() - began
    return spent[1] / spent[0]


def walked(name: str, pictures: Dataset) -> str:
    """How many passes FAB takes in our AutoAttack, a step, of the rows that it meets."""
    few = pictures.take(torch.arange(min(10, len(pictures))))
    with noted() as passes:
        result = ours(load_model(name), few.images, few.labels, "fab", retire="never", steps=20)
    forwards, backwards = (int(each.sum()) for each in (result.forwards, result.backwards))
    return (
        f"FAB, 20 steps on {len(few)} images of {name}: {forwards} forward and {backwards} "
        f"backward passes in {len(passes)} batches; the algorithm needs one forward a step and a "
        "backward for each class looked at, and 8 forwards of the last bisection."
    )


def main() -> None:
    """Measure and publish."""
    _peers.install()
    torch.set_num_threads(1)
    pictures = data["signs"](ROWS, seed=SEED)
    few = pictures.take(torch.arange(min(WIDE_ROWS, ROWS)))
    wide = models["preact_resnet18"](classes=16, width=16).eval()
    with torch.no_grad():  # it is not trained: what it says is what is right
        few = dataclasses.replace(few, labels=wide(few.images).argmax(1))
    rows = [*against_floor("signs_robust", load_model("signs_robust"), pictures)]
    rows += against_floor("preact_resnet18, width 16", wide, few)
    for name in ("signs_standard", "signs_robust"):
        rows += beside_peers(name, "pgd", pictures, steps=40)
        rows += beside_peers(name, "apgd", pictures, steps=100)
    rows += beside_peers("signs_robust", "auto_attack", pictures.take(torch.arange(AA_ROWS)))
    ratios = [rough(load_model("signs_robust"), pictures.images), rough(wide, few.images)]
    notes = [
        f"`signs` images (seed {SEED}): {ROWS}, {len(few)} for the residual net (random weights), "
        f"{AA_ROWS} for AutoAttack; Linf 8/255, L2 without bound for cw, boundary and "
        "hop_skip_jump; one thread, process CPU.",
        "/ own passes: over the bare frozen model's passes of the same sizes, repeated right "
        f"after each of {ROUNDS} runs; / rows at 100: over the same rows in passes of a hundred.",
        "row-steps alive: of all rows times steps, those that ours still had to show the model. "
        "Beside peers each model is as it is loaded, its parameters not frozen.",
        "A pass with gradient in bfloat16 takes "
        f"{ratios[0]:.2f} of float32's time on signs_robust, {ratios[1]:.2f} on the residual net.",
        walked("signs_robust", pictures),
    ]
    publish("attacks", "What attacks cost", rows, notes)
