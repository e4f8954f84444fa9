"""The zoo under our strongest attack and under the reference AutoAttack, image by image."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks import _peers
from benchmarks._table import publish
from robustlib.card import Card, write_aside
from robustlib.data._base import Dataset
from robustlib.judge import ATTACK, MARGIN, SQUARE, TOWARDS, judge
from robustlib.recipe import recipe
from robustlib.run import load_model, pictures_of, threat_of, zoo

SHARD, SEED = 50, 0
PEER = next(pin for pin in _peers.PINS if pin.startswith("pyautoattack"))
KEPT = Path(__file__).parents[1] / "runs" / "zoo_strength"
MODELS = os.environ.get("ROSTRA_MODELS", "").split() or None  # all, unless some are named
Flags = dict[str, Any]


def piece(name: str, card: Card, pictures: Dataset, *settings: object) -> str:
    """The name of a piece of work: with all that its verdict depends on but the code."""
    shown = (pictures.classes, pictures.labels.tolist())
    told = (card.sha256, card.threat.model_dump(), shown, settings)
    key = hashlib.sha256(json.dumps(told).encode())
    key.update(pictures.images.numpy().tobytes())
    return f"{card.name}/{name}-{key.hexdigest()[:16]}"


def kept(name: str, compute: Callable[[], dict[str, list[bool]]]) -> Flags:
    """A piece of the work, from its file where it was done before."""
    file = KEPT / f"{name}.json"
    if not file.exists():
        began = time.process_time()
        found: Flags = {**compute(), "seconds": time.process_time() - began}
        write_aside(file, json.dumps(found).encode())
        print(f"{name}: {found['seconds']:.0f} s", flush=True)
    loaded: Flags = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def ours(card: Card, pictures: Dataset) -> Flags:
    """The judge of the cards: the same attacks, pictures and seed."""

    def compute() -> dict[str, list[bool]]:
        model = load_model(card.name)
        verdict = judge(model, pictures, threat_of(card.threat), seed=card.seed)
        return {"clean": verdict.clean.tolist(), "robust": verdict.robust.tolist()}

    settings = (ATTACK, MARGIN, TOWARDS, SQUARE, card.seed)
    return kept(piece("robustlib", card, pictures, *settings), compute)


def theirs(card: Card, pictures: Dataset, number: int) -> Flags:
    """One shard under AutoAttack."""
    shard = pictures.take(torch.arange(number * SHARD, len(pictures))[:SHARD])

    def compute() -> dict[str, list[bool]]:
        model = load_model(card.name).requires_grad_(False)
        return {"robust": autoattack(model, shard, card)}

    return kept(piece(f"autoattack-{number:03}", card, shard, PEER, SEED), compute)


def autoattack(model: nn.Module, shard: Dataset, card: Card) -> list[bool]:
    """The standard AutoAttack: APGD-CE, targeted APGD-DLR and FAB, Square with 5,000 queries."""
    import pyautoattack as peer

    reference = peer.AutoAttack(model, norm=card.threat.norm, eps=card.threat.eps, seed=SEED)
    adversarial, _ = reference.run_standard_evaluation(shard.images, shard.labels, batch_size=SHARD)
    _check_ball(adversarial, shard, card)
    with torch.no_grad():
        return (model(adversarial).argmax(1) == shard.labels).tolist()


def _check_ball(adversarial: Tensor, shard: Dataset, card: Card) -> None:
    distance = threat_of(card.threat).distance(adversarial, shard.images).max().item()
    if distance > card.threat.eps + 1e-6:
        raise ValueError(f"the reference left the ball: {distance} > {card.threat.eps}")


def measure(card: Card) -> dict[str, Any]:
    """One model under both."""
    pictures = pictures_of(recipe(card.recipe).test)
    own = ours(card, pictures)
    shards = [theirs(card, pictures, i) for i in range(-(-len(pictures) // SHARD))]
    robust = torch.tensor(own["robust"])
    reference = torch.tensor([flag for shard in shards for flag in shard["robust"]])
    return {
        "model": card.name,
        "threat": f"{card.threat.norm} {card.threat.eps:.4g}",
        "images": len(pictures),
        "clean %": percent(torch.tensor(own["clean"])),
        "robustlib, robust %": percent(robust),
        "AutoAttack, robust %": percent(reference),
        "both, robust %": percent(robust & reference),
        "robustlib cpu s": round(own["seconds"]),
        "AutoAttack cpu s": round(sum(shard["seconds"] for shard in shards)),
    }


def percent(flags: Tensor) -> float:
    """The share of true ones, in per cent."""
    return round(100 * flags.double().mean().item(), 1)


def main() -> None:
    """Judge all models, or those that $ROSTRA_MODELS names, and publish."""
    _peers.install()
    torch.set_num_threads(1)
    rows = [measure(card) for name, card in zoo().items() if not MODELS or name in MODELS]
    notes = [
        f"robustlib, as in the cards: {ATTACK}.",
        f"AutoAttack: {PEER.replace('==', ' ')}, version standard, seed {SEED}, on every image by "
        "itself.",
        "Pictures: the test pictures of each recipe, frozen by the renderer's hash; none was "
        "trained on and none chose anything.",
        "One thread, process CPU seconds, weights frozen for both.",
    ]
    publish("zoo_strength", "The zoo under our strongest attack and AutoAttack", rows, notes)
