"""All that changes while training, and how it outlives the process."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from robustlib.card import write_aside
from robustlib.data._base import Dataset
from robustlib.errors import DataError, RecipeError
from robustlib.recipe import Schedule

CHECKPOINT = "checkpoint.safetensors"


def identity(
    model: nn.Module, data: Dataset, schedule: Schedule, seed: int, origin: str
) -> dict[str, Any]:
    """What a checkpoint must agree with to be continued."""
    shapes = [list(tensor.shape) for tensor in model.state_dict().values()]
    steps = {**schedule.model_dump(), "seed": seed, "pictures": len(data)}
    return {**steps, "shapes": shapes, "origin": origin}


@dataclass(eq=False)
class State:
    """All that changes while training."""

    model: nn.Module
    schedule: Schedule
    identity: dict[str, Any]
    average: nn.Module = field(init=False)
    optimiser: torch.optim.SGD = field(init=False)
    step: int = 0
    epochs_done: int = 0
    seconds: float = 0.0
    rows: list[dict[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.average = deepcopy(self.model)
        self.optimiser = torch.optim.SGD(
            self.model.parameters(),
            lr=self.schedule.lr,
            momentum=self.schedule.momentum,
            weight_decay=self.schedule.weight_decay,
            nesterov=self.schedule.momentum > 0,
        )

    def tensors(self) -> dict[str, Tensor]:
        """Everything to keep, by name; momentum only once there is some."""
        kept = {f"model.{key}": value for key, value in self.model.state_dict().items()}
        kept |= {f"average.{key}": value for key, value in self.average.state_dict().items()}
        for name, parameter in self.model.named_parameters():
            momentum = self.optimiser.state[parameter].get("momentum_buffer")
            if momentum is not None:
                kept[f"momentum.{name}"] = momentum
        return kept


def checkpoint(state: State, file: Path) -> None:
    """Writes everything to one file, whole or not at all."""
    told = {
        "identity": state.identity,
        "step": state.step,
        "epochs_done": state.epochs_done,
        "seconds": state.seconds,
        "rows": state.rows,
    }
    tensors = {name: value.contiguous().cpu() for name, value in state.tensors().items()}
    write_aside(file, save(tensors, {"state": json.dumps(told)}))


def resume(state: State, file: Path) -> None:
    """Reads it back.

    Raises:
        DataError: the file is damaged.
        RecipeError: it belongs to another run.
    """
    try:
        with safe_open(file, framework="pt") as opened:
            told = json.loads(opened.metadata()["state"])
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{file} is damaged ({error}); remove it to start again") from error
    if told["identity"] != state.identity:
        raise RecipeError(f"{file} belongs to another run; remove it or choose another folder")
    for kind, module in (("model.", state.model), ("average.", state.average)):
        module.load_state_dict(_under(tensors, kind))
    momentum = _under(tensors, "momentum.")
    for name, parameter in state.model.named_parameters():
        if name in momentum:
            kept = momentum[name].to(parameter.device)
            layout = torch.empty_like(parameter).copy_(kept)  # channels_last, as it was
            state.optimiser.state[parameter]["momentum_buffer"] = layout
    state.step, state.epochs_done = told["step"], told["epochs_done"]
    state.seconds, state.rows = told["seconds"], told["rows"]


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }


def log(state: State, folder: Path) -> None:
    """Writes one line an epoch, as `log.csv` and as `log.json`."""
    header = ",".join(state.rows[0])
    lines = [",".join(f"{value:.6g}" for value in row.values()) for row in state.rows]
    write_aside(folder / "log.csv", "\n".join([header, *lines, ""]).encode())
    told = {"identity": state.identity, "epochs": state.rows}
    write_aside(folder / "log.json", json.dumps(told, indent=1).encode())
