"""The loop that trains every model here: seeded, resumable to the last bit, without callbacks."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.utils import convert_conv2d_weight_memory_format

from robustlib.data._base import Dataset
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.recipe import Schedule
from robustlib.training._base import Batch, Objective
from robustlib.training._state import CHECKPOINT, State, checkpoint, identity, log, resume


@dataclass(frozen=True)
class TrainingProgress:
    """Where a training stands, told after each step.

    Args:
        step: steps done.
        steps: steps in all.
        epoch: the current epoch, from 1.
        epochs: epochs in all.
        loss: mean of the epoch so far.
        accuracy: share of the epoch's pictures named rightly as the objective showed them.
        lr: learning rate of the step.
        seconds: spent, those before an interruption included.
        remaining: seconds to go, at the pace so far.
    """

    step: int
    steps: int
    epoch: int
    epochs: int
    loss: float
    accuracy: float
    lr: float
    seconds: float
    remaining: float


Report = Callable[[TrainingProgress], None]


@dataclass(frozen=True, eq=False)
class Trained:
    """What came out of a training.

    Args:
        model: with averaged weights, in eval mode.
        seconds: spent in training, interruptions not counted.
        epochs: one line of the log for each.
    """

    model: nn.Module
    seconds: float
    epochs: list[dict[str, float]]


def fit(
    model: nn.Module,
    data: Dataset,
    objective: Objective,
    schedule: Schedule,
    *,
    seed: int = 0,
    folder: Path | None = None,
    origin: str = "",
    device: str | torch.device = "cpu",
    report: Report | None = None,
) -> Trained:
    """Trains a model in place and returns the average of its weights.

    After each epoch the whole state goes to `folder/checkpoint.safetensors`, written aside and
    then renamed. A run that finds one there continues it, and on one machine with the same
    number of threads ends with the same bits as if it had never stopped.

    Args:
        model: from images in [0, 1] to logits.
        data: what to learn from.
        objective: objective(model, batch) -> Outcome, in train mode.
        schedule: how the weights move.
        seed: of the order of the pictures and of each step.
        folder: for checkpoint, `log.csv` and `log.json`, made if need be; none: nothing is kept.
        origin: what the run is made from, in any words: a checkpoint of another is refused.
        device: where to train.
        report: called after each step.

    Returns:
        Another module of the same kind, with averaged weights, and how it went. The averages of
        batch normalisation are averaged too.

    Raises:
        InputError: fewer pictures than one batch.
        RecipeError: the folder holds another run.
        DataError: the checkpoint is damaged.
        OSError: the folder cannot be written.

    Examples:
        >>> from robustlib.data.digits import digits
        >>> from robustlib.models.small_cnn import small_cnn
        >>> from robustlib.training.standard import standard
        >>> schedule = Schedule(
        ...     epochs=1, batch_size=32, lr=0.05, warm_up=0.2,
        ...     momentum=0.9, weight_decay=0.0005, average=0.9,
        ... )
        >>> model = small_cnn(in_channels=1, width=4)
        >>> len(fit(model, digits(64), standard, schedule).epochs)
        1

    Source: tarvainen2017mean, section 2 (the average of the weights)

    Differences: the average teaches nothing, it is what comes out; its decay begins at 0.1 and
        rises with the steps to the schedule's; the running averages of batch normalisation are
        averaged as the weights are.
    """
    if len(data) < schedule.batch_size:
        raise InputError(f"{len(data)} pictures are fewer than one batch, {schedule.batch_size}")
    if folder:
        folder.mkdir(parents=True, exist_ok=True)  # before the hours, not after
    convert_conv2d_weight_memory_format(model.to(device), torch.channels_last)
    state = State(model, schedule, identity=identity(model, data, schedule, seed, origin))
    file = folder / CHECKPOINT if folder else None
    if file and file.exists():
        resume(state, file)
    for epoch in range(state.epochs_done, schedule.epochs):
        _epoch(state, _Feed(data, objective, seed, epoch, torch.device(device)), report)
        if file:
            log(state, file.parent)
            checkpoint(state, file)
    return Trained(state.average.eval(), state.seconds, state.rows)


@dataclass(frozen=True, eq=False)
class _Feed:
    """The batches of one epoch, in its own order."""

    data: Dataset
    objective: Objective
    seed: int
    epoch: int
    device: torch.device

    def batch(self, rows: Tensor, step: int) -> Batch:
        """Some pictures, on the device."""
        images = self.data.images[rows].to(self.device, memory_format=torch.channels_last)
        labels = self.data.labels[rows].to(self.device)
        return Batch(images, labels, rows.tolist(), seed=(self.seed << 32) + step)

    def order(self) -> Tensor:
        """All pictures, shuffled."""
        return Draws(self.seed, [self.epoch]).uniform(len(self.data))[0].argsort()


def _epoch(state: State, feed: _Feed, report: Report | None) -> None:
    schedule, began, spent = state.schedule, time.monotonic(), state.seconds
    batches = len(feed.data) // schedule.batch_size
    total = batches * schedule.epochs
    losses, right = 0.0, 0
    for number, rows in enumerate(
        torch.split(feed.order(), schedule.batch_size)[:batches], start=1
    ):
        lr = learning_rate(schedule, state.step, total)
        outcome = _step(state, feed, rows, lr)
        losses, right = losses + outcome[0], right + outcome[1]
        state.seconds = spent + time.monotonic() - began
        told = TrainingProgress(
            step=state.step,
            steps=total,
            epoch=feed.epoch + 1,
            epochs=schedule.epochs,
            loss=losses / number,
            accuracy=right / (number * schedule.batch_size),
            lr=lr,
            seconds=state.seconds,
            remaining=state.seconds / state.step * (total - state.step),
        )
        if report:
            report(told)
    state.epochs_done += 1
    state.rows.append(asdict(told))


def _step(state: State, feed: _Feed, rows: Tensor, lr: float) -> tuple[float, int]:
    for group in state.optimiser.param_groups:
        group["lr"] = lr
    state.model.train()
    outcome = feed.objective(state.model, feed.batch(rows, state.step))
    state.optimiser.zero_grad()
    torch.autograd.backward(outcome.loss)
    state.optimiser.step()
    _blend(state.average, state.model, average_decay(state.schedule.average, state.step))
    state.step += 1
    return float(outcome.loss.detach()), int(outcome.right.sum())


def learning_rate(schedule: Schedule, step: int, steps: int) -> float:
    """Linear from 0 to the highest while warming up, then half a cosine down to 0.

    Examples:
        >>> from robustlib.recipe import recipe
        >>> schedule = recipe("signs_standard").schedule
        >>> learning_rate(schedule, 0, 100) < learning_rate(schedule, 10, 100) <= schedule.lr
        True
    """
    warm = schedule.warm_up * steps
    if step < warm:
        return schedule.lr * (step + 1) / (warm + 1)
    return schedule.lr * (1 + math.cos(math.pi * (step - warm) / (steps - warm))) / 2


def average_decay(decay: float, step: int) -> float:
    """Smaller at first, so that the average forgets the random weights it began with.

    Examples:
        >>> average_decay(0.999, 0), average_decay(0.999, 10**6)
        (0.1, 0.999)
    """
    return min(decay, (1 + step) / (10 + step))


@torch.no_grad()
def _blend(average: nn.Module, model: nn.Module, decay: float) -> None:
    latest = model.state_dict()
    for name, value in average.state_dict().items():
        if value.is_floating_point():
            value.lerp_(latest[name], 1 - decay)
        else:
            value.copy_(latest[name])  # how many batches normalisation has seen
