"""What outlives the process: every tensor and number, to the bit, or a word why not."""

import csv
import json

import pytest
import torch
from torch import nn

from robustlib.data._base import Dataset
from robustlib.errors import DataError, RecipeError
from robustlib.recipe import Schedule
from robustlib.training._state import CHECKPOINT, State, checkpoint, identity, log, resume

SCHEDULE = Schedule(
    epochs=2, batch_size=4, lr=0.05, warm_up=0.0, momentum=0.9, weight_decay=0.0, average=0.9
)
DATA = Dataset(torch.rand(4, 1, 2, 2), torch.zeros(4, dtype=torch.int64), ("a",), ("甲",))


def state(device: torch.device, seed: int = 0, origin: str = "here") -> State:
    model = nn.Sequential(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2), nn.Flatten())
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(generator=generator)
    model.to(device)
    return State(model, SCHEDULE, identity=identity(model, DATA, SCHEDULE, seed, origin))


def moved(device: torch.device) -> State:
    """A state after one step: with momentum, moved averages, and a line in its log."""
    one = state(device)
    one.model(DATA.images.to(device)).square().sum().backward()
    one.optimiser.step()
    one.step, one.epochs_done, one.seconds = 3, 1, 0.1 + 0.2
    one.rows = [{"epoch": 1, "loss": 2.0 / 3}]
    return one


def test_all_that_was_written_is_read_back_to_the_bit(device, tmp_path) -> None:
    kept, fresh = moved(device), state(device)
    assert {name.split(".")[0] for name in kept.tensors()} == {"model", "average", "momentum"}
    checkpoint(kept, tmp_path / CHECKPOINT)
    resume(fresh, tmp_path / CHECKPOINT)
    before, after = kept.tensors(), fresh.tensors()
    assert before.keys() == after.keys()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    for name in ("step", "epochs_done", "seconds", "rows"):
        assert getattr(fresh, name) == getattr(kept, name)


def test_the_next_step_is_the_same_after_a_rest(device, tmp_path) -> None:
    """Momentum comes back into its own parameter."""
    kept, fresh = moved(device), state(device)
    checkpoint(kept, tmp_path / CHECKPOINT)
    resume(fresh, tmp_path / CHECKPOINT)
    for one in (kept, fresh):
        one.optimiser.zero_grad()
        one.model(DATA.images.to(device)).sum().backward()
        one.optimiser.step()
    for ours, theirs in zip(kept.model.parameters(), fresh.model.parameters(), strict=True):
        assert torch.allclose(ours, theirs, rtol=0, atol=1e-7)


@pytest.mark.parametrize("other", [{"seed": 1}, {"origin": "elsewhere"}], ids=str)
def test_a_checkpoint_of_another_run_is_refused(other, device, tmp_path) -> None:
    checkpoint(moved(device), tmp_path / CHECKPOINT)
    with pytest.raises(RecipeError, match="another run"):
        resume(state(device, **other), tmp_path / CHECKPOINT)


def test_a_file_that_is_no_checkpoint_is_said_to_be_damaged(device, tmp_path) -> None:
    (tmp_path / CHECKPOINT).write_bytes(b"no checkpoint at all")
    with pytest.raises(DataError, match="damaged"):
        resume(state(device), tmp_path / CHECKPOINT)


def test_the_logs_hold_one_line_an_epoch(device, tmp_path) -> None:
    log(moved(device), tmp_path)
    (row,) = csv.DictReader((tmp_path / "log.csv").read_text(encoding="utf-8").splitlines())
    assert row == {"epoch": "1", "loss": "0.666667"}
    told = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))
    assert told["epochs"] == [{"epoch": 1, "loss": 2 / 3}]
    assert told["identity"]["seed"] == 0
