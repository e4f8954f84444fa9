"""PGD-40 on the two signs models beside Foolbox and torchattacks: strength and time in one run."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks import _peers
from benchmarks._table import publish
from robustlib.attacks import attacks
from robustlib.data import data
from robustlib.data._base import Dataset
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.run import load_model
from robustlib.threats import Linf

EPS, STEPS, STEP_SIZE = 8 / 255, 40, 2 / 255
IMAGES, SHARD, SEED = 500, 100, 20_261_121
STARTS = 5  # one start alone moves the count by a few images, for every library

Attacker = Callable[[nn.Module, Tensor, Tensor, int], Tensor]


def ours(model: nn.Module, images: Tensor, labels: Tensor, seed: int) -> Tensor:
    """Our PGD, through the engine, with retirement as users get it."""
    options: dict[str, Any] = {"steps": STEPS, "step_size": STEP_SIZE, "seed": seed}
    goal, threat = Misclassify(labels), Linf(EPS)
    return attack(model, images, goal, threat, attacks["pgd"], **options).adversarial


def ours_never_retiring(model: nn.Module, images: Tensor, labels: Tensor, seed: int) -> Tensor:
    """The same with every row carried to the last step, as the peers do."""
    options: dict[str, Any] = {"steps": STEPS, "step_size": STEP_SIZE, "seed": seed}
    goal, threat = Misclassify(labels), Linf(EPS)
    pgd = attacks["pgd"]
    return attack(model, images, goal, threat, pgd, retire="never", **options).adversarial


def foolbox(model: nn.Module, images: Tensor, labels: Tensor, seed: int) -> Tensor:
    """Foolbox's LinfPGD."""
    import foolbox as peer

    wrapped = peer.PyTorchModel(model, bounds=(0, 1), device="cpu")
    pgd = peer.attacks.LinfPGD(steps=STEPS, abs_stepsize=STEP_SIZE, random_start=True)
    torch.manual_seed(seed)
    return pgd(wrapped, images, labels, epsilons=EPS)[1]


def torchattacks(model: nn.Module, images: Tensor, labels: Tensor, seed: int) -> Tensor:
    """The PGD of torchattacks."""
    import torchattacks as peer

    torch.manual_seed(seed)
    return peer.PGD(model, eps=EPS, alpha=STEP_SIZE, steps=STEPS, random_start=True)(images, labels)


def bare(model: nn.Module, images: Tensor, labels: Tensor, seed: int) -> Tensor:
    """The floor: the plain loop's passes with frozen parameters and nothing around them."""
    noise = torch.rand(images.shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1
    adversarial = (images + EPS * noise).clamp(0, 1)
    for _ in range(STEPS):
        point = adversarial.requires_grad_()
        loss = nn.functional.cross_entropy(model(point), labels, reduction="sum")
        (gradient,) = torch.autograd.grad(loss, point)
        moved = point.detach() + STEP_SIZE * gradient.sign()
        adversarial = moved.clamp(images - EPS, images + EPS).clamp(0, 1)
    return adversarial


LIBRARIES: dict[str, Attacker] = {
    "bare loop, frozen (floor)": bare,
    "robustlib": ours,
    "robustlib, retire never": ours_never_retiring,
    "foolbox 3.3.4": foolbox,
    "torchattacks 3.5.1": torchattacks,
}


def shards(pictures: Dataset) -> Iterator[tuple[Tensor, Tensor]]:
    """Images and labels, a shard at a time."""
    parts = torch.split(pictures.images, SHARD), torch.split(pictures.labels, SHARD)
    yield from zip(*parts, strict=True)


def measure(name: str) -> Iterator[dict[str, Any]]:
    """All libraries on one model, interleaved start by start so that drift hits them alike."""
    model = load_model(name)
    model.requires_grad_(False)
    seconds = dict.fromkeys(LIBRARIES, 0.0)
    held: dict[str, list[Tensor]] = {library: [] for library in LIBRARIES}
    for number, (images, labels) in enumerate(shards(data["signs"](IMAGES, seed=SEED))):
        for start in range(STARTS):
            for library, run in LIBRARIES.items():
                began = time.process_time()
                adversarial = run(model, images.clone(), labels, 100 * number + start)
                seconds[library] += time.process_time() - began
                with torch.no_grad():
                    held[library].append(model(adversarial).argmax(1) == labels)
    floor = seconds["bare loop, frozen (floor)"]
    for library, flags in held.items():
        yield {
            "model": name,
            "library": library,
            **strength(torch.stack(flags).view(-1, STARTS, SHARD)),
            "cpu s / 100 images": round(100 * seconds[library] / IMAGES / STARTS, 2),
            "ratio to floor": round(seconds[library] / floor, 2),
        }


def strength(held: Tensor) -> dict[str, float]:
    """Robust accuracy of one start, and of all: which images held, [shards, starts, images]."""
    each = held.double().mean(dim=(0, 2))
    return {
        "robust accuracy %, one start": round(100 * each.mean().item(), 2),
        "± std. error": round(100 * each.std().item() / STARTS**0.5, 2),
        f"robust accuracy %, {STARTS} starts": round(100 * held.all(1).double().mean().item(), 1),
    }


def main() -> None:
    """Measure and publish."""
    _peers.install()
    torch.set_num_threads(1)
    rows = [row for name in ("signs_standard", "signs_robust") for row in measure(name)]
    notes = [
        f"Linf eps 8/255, {STEPS} steps of 2/255 from a random start, cross-entropy; {IMAGES} "
        f"fresh `signs` images (seed {SEED}), shards of {SHARD}, one thread, process CPU.",
        f"Each of {STARTS} starts by itself (mean, and its standard error over the starts), and "
        "the images that held in all of them. Each library draws its own starts: differences "
        "within the error are those of the draws.",
        "torchvision is stubbed: torchattacks imports it, its PGD never calls it.",
        "The parameters are frozen for all before the run; rows that the model misreads are kept.",
        "Below the floor means that fooled rows were retired before step 40.",
    ]
    publish("pgd", "PGD-40 beside two peers", rows, notes)
