"""A real run kept in a file, so that a page without a server still shows one.

The same attack on the same picture at several budgets, computed with `exact=True`: whoever runs it
again on such a machine gets the same numbers.
"""

import datetime
import json
import os
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import torch
from jaxtyping import UInt8
from torch import Tensor

from robustlib.card import write_aside
from rostra.live import figures, pictures, pixels
from rostra.live.player import Stage, View, amplification
from rostra.live.settings import Settings, Source
from rostra.live.side import Side, probabilities
from rostra.live.words import LANGUAGES, STAGE, in_language

EPS: Final = (0, 1, 2, 4, 6, 8, 12, 16)  # in 1/255
STEPS: Final = 20
FRAMES: Final = (0, 1, 2, 3, 5, 8, 12, STEPS)  # steps whose pictures are kept
DIGITS: Final = 4  # decimals of a loss
SOURCE: Final = Source("signs", index=0)  # a stop sign
LOOSE: Final = 0.01  # how far a loss may be off on another machine
_SMALL: Final = 0.02  # below this a loss is compared as if it were this large


def record(path: Path, device: str = "cpu") -> View:
    """Run the attack at every budget and write what happened.

    Args:
        path: The JSON file; it is replaced when all is computed.
        device: Where the models run.

    Returns:
        What was written.
    """
    tape = taken(device)
    write_aside(path, json.dumps(tape, ensure_ascii=False, separators=(",", ":")).encode())
    return tape


def taken(device: str = "cpu", budgets: Sequence[float] = EPS) -> View:
    """Run the attack at every budget.

    Args:
        device: Where the models run.
        budgets: In 1/255.

    Returns:
        All that the player needs: pictures, numbers, words.
    """
    torch.set_num_threads(1)
    held = pictures.held(SOURCE.set)
    runs = [_run(eps, device) for eps in budgets]
    first = Stage(Settings(SOURCE), "en", device)
    classes = dict(zip(LANGUAGES, (held.classes, held.classes_zh), strict=True))
    return {
        "date": _today(),
        "rostra": version("rostra"),
        "torch": torch.__version__,
        "device": device,
        "seed": first.run.seed,
        "attack": first.run.attack,
        "threat": first.run.threat,
        "set": SOURCE.set,
        "label": first.label,
        "original": pixels.uri(first.picture.pixels),
        "clean": {side.name: side.before[:3] for side in first.sides},
        "shown": shown(runs),
        "runs": runs,
        "words": {language: in_language(STAGE, language) for language in LANGUAGES},
        "classes": {language: list(names) for language, names in classes.items()},
    }


def _today() -> str:
    now = os.environ.get("SOURCE_DATE_EPOCH")
    zone = datetime.UTC
    day = datetime.datetime.fromtimestamp(int(now), zone) if now else datetime.datetime.now(zone)
    return day.date().isoformat()


def shown(runs: Sequence[View]) -> int:
    """Choose the budget that is shown first: the smallest that tells the two models apart.

    Args:
        runs: Of `taken`.

    Returns:
        The place of the first run that fools the standard model alone; the last one without any.
    """
    for index, run in enumerate(runs):
        fooled = [run[name]["phase"] == "fooled" for name in ("standard", "robust")]
        if fooled == [True, False]:
            return index
    return len(runs) - 1


def _run(eps: float, device: str) -> View:
    asked = Settings(SOURCE, eps=eps, steps=STEPS)
    stage = Stage(asked, "en", device)
    tapes = {side.name: _Tape(side) for side in stage.sides}
    for side in stage.sides:
        for _ in side.stream():
            tapes[side.name].note()
    stage.finish()
    losses = {side.name: side.losses for side in stage.sides}
    return {
        "eps": eps,
        "steps": STEPS,
        "factor": amplification(asked, stage.picture.pixels),
        "keyframes": list(FRAMES),
        "curve": figures.curves(losses, STEPS),
        **{name: tape.told() for name, tape in tapes.items()},
    }


class _Tape:
    """What one model said at each step, and the pictures at some.

    Args:
        side: The model under attack.
    """

    def __init__(self, side: Side) -> None:
        self.side = side
        self.said: list[list[tuple[int, int]]] = []
        self.frames: list[UInt8[Tensor, "c h w"]] = []

    def note(self) -> None:
        """Take down the step that was just made."""
        step = len(self.side.losses) - 1
        if step < len(self.said):  # the look at the clean picture, or the result
            return
        self.said.append(probabilities(self.side.outputs)[:3])
        if step in FRAMES:
            self.side.look()
            self.frames.append(self.side.current)

    def told(self) -> dict[str, Any]:
        """The side's part of the run; its last picture and words are those of the 8-bit result."""
        side = self.side
        self.frames[-1] = side.current
        self.said[-1] = probabilities(side.outputs)[:3]
        return {
            "film": pixels.uri(pixels.film(side.clean, self.frames)),
            "probs": self.said,
            "loss": [round(loss, DIGITS) for loss in side.losses],
            "phase": side.phase(over=True),
            "at": side.at,
            "cost": side.cost(),
        }


def differences(tape: View, again: View) -> list[str]:
    """Compare a recording with the same run made again.

    Args:
        tape: The recording.
        again: The new one.

    Returns:
        What differs: a verdict at all, a loss by more than one per cent. Empty: nothing.
    """
    found = []
    for old, new in zip(tape["runs"], again["runs"], strict=True):
        for name in tape["clean"]:
            where = f"eps {old['eps']}/255, {name}"
            if old[name]["phase"] != new[name]["phase"]:
                found.append(f"{where}: {old[name]['phase']}, now {new[name]['phase']}")
            off = [
                step
                for step, (a, b) in enumerate(
                    zip(old[name]["loss"], new[name]["loss"], strict=True)
                )
                if abs(a - b) > LOOSE * max(abs(a), abs(b), _SMALL)
            ]
            if off:
                found.append(f"{where}: another loss at steps {off}")
    return found
