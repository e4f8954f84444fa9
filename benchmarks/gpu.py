"""What attacks, AutoAttack and serving cost on an accelerator, beside the bare model there."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks._floor import Pass, noted, seconds
from benchmarks._table import publish
from robustlib.attacks import attacks
from robustlib.data import data
from robustlib.engine import AttackResult, attack
from robustlib.goals import Misclassify
from robustlib.models import models
from robustlib.run import load_model
from robustlib.serving import Server
from robustlib.threats import Linf

DEVICE = os.environ.get("ROSTRA_DEVICE", "cuda")
SIZES = os.environ.get("ROSTRA_GPU_SIZES", "1024 64 10000 32")
BATCH, WIDTH, IMAGES, CLIENTS = map(int, SIZES.split())
STEPS, EPS, SEED, CLASSES = 20, 8 / 255, 20_261_122, 16
Row = dict[str, Any]


def row(what: str, count: int, spent: float, beside: str) -> Row:
    """A line of the table."""
    return {
        "what": what,
        "seconds": round(spent, 3),
        "a second": round(count / spent, 1),
        "beside": beside,
    }


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Wall seconds until the device has done what it was given, and what came of it."""
    began = now()
    found = run()
    return now() - began, found


def now() -> float:
    """Wall seconds, when the device has done all that it was given."""
    if torch.device(DEVICE).type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def shown(count: int) -> Tensor:
    """Pictures of signs, on the device."""
    return data["signs"](count, seed=SEED).images.to(DEVICE)


def wide() -> nn.Module:
    """CIFAR's usual residual net, with random weights: its passes cost what a trained one's do."""
    torch.manual_seed(SEED)
    net = models["preact_resnet18"](classes=CLASSES, width=WIDTH)
    return net.eval().requires_grad_(False).to(DEVICE)


def against_floor() -> Iterator[Row]:
    """PGD that never retires and, right after it, the bare passes that it took."""
    images, plain = shown(BATCH), wide()
    labels = plain(images).argmax(1)
    backend = "inductor" if torch.device(DEVICE).type == "cuda" else "aot_eager"
    compiled = torch.compile(plain, backend=backend, dynamic=False)
    ways: list[tuple[str, Any, Row]] = [
        ("as it is", plain, {}),
        ("compiled", compiled, {}),
        ('precision="fast"', plain, {"precision": "fast"}),
    ]
    passes: list[Pass] = []
    for name, model, more in ways:
        given = model, images, Misclassify(labels), Linf(EPS), attacks["pgd"]
        run = partial(attack, *given, steps=STEPS, retire="never", seed=0, **more)
        run()  # what is planned or compiled at the first pass is planned once
        with noted() as taken:
            spent, _ = timed(run)
        passes = passes or taken  # the fast way tries its copy besides: it is held to the same
        floor = seconds(model, images, labels, passes, now)
        what = f"PGD-{STEPS}, {len(images)} images, preact_resnet18 {name}"
        yield row(what, len(images), spent, f"{spent / floor:.2f} x the bare passes of float32")


def whole() -> Iterator[Row]:
    """AutoAttack's standard version on a model that holds, where every part is needed."""
    pictures, model = data["signs"](IMAGES, seed=SEED), load_model("signs_robust").to(DEVICE)
    images, labels = pictures.images.to(DEVICE), pictures.labels.to(DEVICE)
    for precision in ("full", "fast"):
        terms: Row = {"seed": 0, "precision": precision}
        given = model, images, Misclassify(labels), Linf(EPS), attacks["auto_attack"]
        spent, result = timed(partial(attack, *given, **terms))
        held = 1 - result.success.double().mean().item()
        what = f"AutoAttack, {len(images)} images, signs_robust, precision {precision}"
        yield row(what, len(images), spent, f"robust accuracy {100 * held:.2f} %")


def served() -> Iterator[Row]:
    """So many requests at once, together and one after another."""
    pictures, model = data["signs"](CLIENTS, seed=SEED), load_model("signs_standard").to(DEVICE)
    images, labels = pictures.images.to(DEVICE), pictures.labels.to(DEVICE)
    tasks = [
        (model, images[at : at + 1], Misclassify(labels[at : at + 1]), Linf(EPS), attacks["pgd"])
        for at in range(CLIENTS)
    ]
    terms: Row = {"steps": STEPS, "retire": "never"}
    attack(*tasks[0], **terms)
    alone, _ = timed(lambda: [attack(*task, **terms) for task in tasks])
    with Server() as server, ThreadPoolExecutor(CLIENTS) as users:

        def ask(user: int) -> AttackResult:
            return server.stream(*tasks[user], user=user, **terms).result()

        def together() -> list[AttackResult]:
            return list(users.map(ask, range(CLIENTS)))  # raises what one of them raised

        together()
        company, _ = timed(together)
    what = f"PGD-{STEPS} for {CLIENTS} users at once, signs_standard"
    yield row(what, CLIENTS, company, f"{alone / company:.1f} x one after another")


def main() -> None:
    """Measure and publish."""
    if torch.device(DEVICE).type == "cuda" and not torch.cuda.is_available():
        raise SystemExit(
            "this measures a CUDA device and there is none; ROSTRA_DEVICE=cpu "
            'ROSTRA_GPU_SIZES="8 8 8 4" tries whether it runs'
        )
    rows = [*against_floor(), *whole(), *served()]
    device = torch.device(DEVICE)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "the processor"
    notes = [
        f"On {name}, torch {torch.__version__}; wall time, the device waited for.",
        f"preact_resnet18: width {WIDTH}, {CLASSES} classes, random weights, labels its own; "
        f"Linf 8/255; compiled: by torch.compile before it is attacked.",
        "Asked for: PGD as it is or compiled at most 1.1 x its bare passes, users at once at least "
        "10 x as many jobs a second as one after another.",
    ]
    publish("gpu", "What attacks cost on an accelerator", rows, notes)
