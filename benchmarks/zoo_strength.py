"""The zoo under our strongest attack and under the reference AutoAttack, image by image."""

import json
import os
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks import _peers
from benchmarks._table import publish
from robustlib.card import Card, write_aside
from robustlib.data._base import Dataset
from robustlib.judge import ATTACK, judge
from robustlib.recipe import recipe
from robustlib.run import load_model, pictures_of, threat_of, zoo

SHARD, EFFORT, SEED = 50, 1, 0
SHARDS = Path(__file__).parents[1] / "runs" / "zoo_strength"
MODELS = os.environ.get("ROSTRA_MODELS", "").split() or None  # all, unless some are named


def ours(model: nn.Module, shard: Dataset, card: Card) -> dict[str, list[bool]]:
    """The judge of the cards, with more restarts and queries."""
    verdict = judge(model, shard, threat_of(card.threat), seed=SEED, effort=EFFORT)
    return {"clean": verdict.clean.tolist(), "robustlib": verdict.robust.tolist()}


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


def shard_of(card: Card, pictures: Dataset, number: int) -> dict[str, Any]:
    """One shard judged by both, from its file where it has been judged before."""
    file = SHARDS / f"{card.sha256[:16]}-{SHARD}-{EFFORT}" / f"{number:03}.json"
    if file.exists():
        kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return kept
    rows = torch.arange(number * SHARD, min((number + 1) * SHARD, len(pictures)))
    model = load_model(card.name).requires_grad_(False)
    began = time.process_time()
    result: dict[str, Any] = ours(model, pictures.take(rows), card)
    between = time.process_time()
    result["autoattack"] = autoattack(model, pictures.take(rows), card)
    result["seconds"] = [between - began, time.process_time() - between]
    write_aside(file, json.dumps(result).encode())
    print(
        card.name,
        f"{rows[-1] + 1}/{len(pictures)}",
        [round(s) for s in result["seconds"]],
        flush=True,
    )
    return result


def measure(card: Card) -> dict[str, Any]:
    """All shards of one model."""
    pictures = pictures_of(recipe(card.recipe).test)
    shards = [shard_of(card, pictures, i) for i in range(-(-len(pictures) // SHARD))]
    flags = {
        key: torch.tensor([flag for shard in shards for flag in shard[key]])
        for key in ("clean", "robustlib", "autoattack")
    }
    share = {key: round(100 * flag.double().mean().item(), 1) for key, flag in flags.items()}
    both = flags["robustlib"] & flags["autoattack"]
    seconds = [sum(shard["seconds"][i] for shard in shards) for i in (0, 1)]
    return {
        "model": card.name,
        "threat": f"{card.threat.norm} {card.threat.eps:.4g}",
        "images": len(pictures),
        "clean %": share["clean"],
        "card, robust %": round(100 * card.robust_accuracy, 1),
        "robustlib, robust %": share["robustlib"],
        "AutoAttack, robust %": share["autoattack"],
        "both, robust %": round(100 * both.double().mean().item(), 1),
        "robustlib cpu s": round(seconds[0]),
        "AutoAttack cpu s": round(seconds[1]),
    }


def main() -> None:
    """Judge all models, or those that $ROSTRA_MODELS names, and publish."""
    _peers.install()
    torch.set_num_threads(1)
    rows = [measure(card) for name, card in zoo().items() if not MODELS or name in MODELS]
    notes = [
        f"robustlib: {ATTACK}; here with {EFFORT} times the restarts and queries, seed {SEED}.",
        "AutoAttack: pyautoattack 0.2.0, version standard, seed 0, on every image by itself.",
        "Pictures: the test pictures of each recipe, frozen by the renderer's hash; none was "
        "trained on and none chose anything.",
        "One thread, process CPU seconds, weights frozen for both.",
    ]
    publish("zoo_strength", "The zoo under our strongest attack and AutoAttack", rows, notes)
