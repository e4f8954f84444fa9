"""The loop: its schedule, its average, and that a killed run ends with the same bits."""

import csv
import json
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import nn

from robustlib.data._base import Dataset
from robustlib.errors import DataError, InputError, RecipeError
from robustlib.models.small_cnn import small_cnn
from robustlib.recipe import Schedule
from robustlib.threats import Linf
from robustlib.training._loop import average_decay, fit, learning_rate
from robustlib.training.pgd_training import pgd_training
from robustlib.training.standard import standard

SCHEDULE = Schedule(
    epochs=3,
    batch_size=16,
    lr=0.05,
    warm_up=0.25,
    momentum=0.9,
    weight_decay=0.001,
    average=0.9,
)


def pictures(count=70):
    """Class 1 is bright on its right side."""
    generator = torch.Generator().manual_seed(1)
    images = torch.rand(count, 1, 28, 28, generator=generator) * 0.3
    labels = torch.arange(count) % 2
    images[labels == 1, :, :, 14:] += 0.6
    return Dataset(images, labels, ("left", "right"), ("左", "右"))


def trained(folder=None, report=None, objective=standard, schedule=SCHEDULE):
    model = small_cnn(in_channels=1, classes=2, width=4)
    return fit(model, pictures(), objective, schedule, seed=2, folder=folder, report=report)


def same_bits(one, other):
    assert one.state_dict().keys() == other.state_dict().keys()
    return all(
        torch.equal(value, other.state_dict()[key]) for key, value in one.state_dict().items()
    )


def test_it_learns():
    result = trained(schedule=SCHEDULE.model_copy(update={"epochs": 6}))
    assert not result.model.training
    assert (result.model(pictures().images).argmax(1) == pictures().labels).all()
    assert result.epochs[-1]["accuracy"] > 0.95 > result.epochs[0]["accuracy"]


def test_the_same_seed_gives_the_same_bits():
    state = torch.get_rng_state()
    assert same_bits(trained().model, trained().model)
    assert torch.equal(torch.get_rng_state(), state)


KILLED = """
import os, signal, sys
from functools import partial
from pathlib import Path
sys.path[:0] = [{tests!r}, {root!r}]
from test__loop import adversarial, trained
import torch
torch.set_num_threads({threads})
def report(progress):
    if progress.step == 10:
        os.kill(os.getpid(), signal.SIGKILL)
trained(Path(sys.argv[1]), report, adversarial)
"""

adversarial = partial(pgd_training, threat=Linf(0.05), steps=2)


def test_a_killed_run_goes_on_to_the_same_bits(tmp_path):
    """Killed in the third epoch, without a chance to tidy up."""
    code = KILLED.format(
        tests=str(Path(__file__).parent),
        root=str(Path(__file__).parents[3]),
        threads=torch.get_num_threads(),
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=False, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    steps = []
    resumed = trained(tmp_path, lambda progress: steps.append(progress.step), adversarial)
    assert steps == [9, 10, 11, 12]
    whole = trained(objective=adversarial)
    assert same_bits(resumed.model, whole.model)
    for ours, theirs in zip(resumed.epochs, whole.epochs, strict=True):
        assert (ours["loss"], ours["accuracy"]) == (theirs["loss"], theirs["accuracy"])


def test_a_finished_run_is_not_run_again(tmp_path):
    first, steps = trained(tmp_path), []
    again = trained(tmp_path, lambda progress: steps.append(progress.step))
    assert steps == []
    assert same_bits(first.model, again.model)
    assert again.seconds == first.seconds


def test_the_average_is_the_average():
    """Against a slow second implementation over the weights after each step."""
    model = small_cnn(in_channels=1, classes=2, width=4)
    seen = [{key: value.clone() for key, value in model.state_dict().items()}]

    def report(progress):
        seen.append({key: value.clone() for key, value in model.state_dict().items()})

    result = fit(model, pictures(), standard, SCHEDULE, seed=2, report=report)
    assert len(seen) == 13
    for key, value in result.model.state_dict().items():
        expected = seen[0][key].double()
        for step, state in enumerate(seen[1:]):
            decay = min(0.9, (1 + step) / (10 + step))
            expected = decay * expected + (1 - decay) * state[key].double()
        if value.is_floating_point():
            assert torch.allclose(value.double(), expected, atol=1e-6), key
        else:
            assert value == 12, key


def test_without_momentum_decay_and_average_it_is_gradient_descent():
    """Two steps of a linear model, by hand."""
    plain = SCHEDULE.model_copy(
        update={"epochs": 1, "batch_size": 35, "warm_up": 0.0, "momentum": 0.0, "weight_decay": 0.0}
    )
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 2))
    weight = model[1].weight.detach().clone()
    bias = model[1].bias.detach().clone()
    orders = []

    def objective(module, batch):
        orders.append((batch.images.flatten(1), batch.labels))
        return standard(module, batch)

    fit(model, pictures(), objective, plain, seed=2)
    for step, (images, labels) in enumerate(orders):
        wrong = (images @ weight.T + bias).softmax(1) - nn.functional.one_hot(labels, 2)
        lr = learning_rate(plain, step, 2)
        weight, bias = weight - lr * wrong.T @ images / 35, bias - lr * wrong.mean(0)
    assert torch.allclose(model[1].weight, weight, atol=1e-5)
    shown = torch.cat([images.sum(1) for images, _ in orders]).sort().values
    assert torch.allclose(shown, pictures().images.flatten(1).sum(1).sort().values)


def test_learning_rate_rises_then_falls_to_nothing():
    rates = [learning_rate(SCHEDULE, step, 40) for step in range(40)]
    assert max(rates) == rates[10] == SCHEDULE.lr
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] < 0.003 * SCHEDULE.lr
    assert rates[25] == pytest.approx(SCHEDULE.lr / 2)


def test_the_average_forgets_its_beginning():
    """The weight of the random start after n steps is the product of the decays: tiny at once."""
    left = 1.0
    for step in range(30):
        left *= average_decay(0.999, step)
    assert left < 1e-6


def test_each_step_has_its_own_seed_and_each_picture_its_key():
    seen = []

    def objective(model, batch):
        seen.append((batch.seed, tuple(batch.keys)))
        images = pictures().images[list(batch.keys)]
        assert torch.equal(images, batch.images)
        return standard(model, batch)

    trained(objective=objective)
    assert len({seed for seed, _ in seen}) == 12
    first = [key for _, keys in seen[:4] for key in keys]
    assert len(set(first)) == 64
    assert first != [key for _, keys in seen[4:8] for key in keys]


def test_progress_and_logs_tell_the_same(tmp_path):
    told = []
    trained(tmp_path, told.append)
    last = told[-1]
    assert (last.step, last.steps, last.epoch, last.epochs) == (12, 12, 3, 3)
    assert last.remaining == 0
    assert told[5].remaining > 0
    rows = list(csv.DictReader((tmp_path / "log.csv").read_text().splitlines()))
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3]
    assert float(rows[-1]["loss"]) == pytest.approx(last.loss, rel=1e-4)
    logged = json.loads((tmp_path / "log.json").read_text())
    assert logged["epochs"][-1]["accuracy"] == last.accuracy
    assert not list(tmp_path.glob("*.part"))


def test_another_run_in_the_folder_is_told(tmp_path):
    trained(tmp_path)
    with pytest.raises(RecipeError, match="another run"):
        trained(tmp_path, schedule=SCHEDULE.model_copy(update={"lr": 0.1}))
    with pytest.raises(RecipeError, match="another run"):
        fit(
            small_cnn(in_channels=1, classes=2, width=4),
            pictures(),
            standard,
            SCHEDULE,
            seed=2,
            folder=tmp_path,
            origin="another objective",
        )


@pytest.mark.parametrize("share", [0.0, 0.01, 0.6])
def test_a_damaged_checkpoint_is_told(tmp_path, share):
    trained(tmp_path)
    file = tmp_path / "checkpoint.safetensors"
    file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])
    with pytest.raises(DataError, match="damaged"):
        trained(tmp_path)


def test_too_few_pictures_are_told():
    with pytest.raises(InputError, match="70 pictures"):
        trained(schedule=SCHEDULE.model_copy(update={"batch_size": 71}))
