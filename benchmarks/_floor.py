"""What an attack's own passes cost alone: the bare model repeats them, size by size."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

import torch
from torch import Tensor, nn

from robustlib._passes import Passes

Pass = tuple[int, bool]
"""Inputs of a pass, and whether it has a gradient."""

AT = 100
"""The batch that a well-filled pass is held against."""


@contextmanager
def noted() -> Iterator[list[Pass]]:
    """Within, the sizes of all the engine's passes are noted."""
    found: list[Pass] = []
    shown = Passes._pass

    def noting(self: Passes, inputs: Any, where: slice, requests: Sequence[Any]) -> Any:
        found.append((where.stop - where.start, any(one.loss is not None for one in requests)))
        return shown(self, inputs, where, requests)

    with mock.patch.object(Passes, "_pass", noting):
        yield found


def bare(model: nn.Module, point: Tensor, labels: Tensor, graded: bool) -> None:
    """One pass with nothing around it: forward, and backward to the input where it is wanted."""
    with torch.set_grad_enabled(graded):
        loss = nn.functional.cross_entropy(model(point), labels, reduction="sum")
    if graded:
        torch.autograd.grad(loss, point)


def seconds(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    passes: Sequence[Pass],
    clock: Callable[[], float] | None = None,
) -> float:
    """Process time of some bare passes, or seconds by another clock; layout is off the clock."""
    clock, total = clock or time.process_time, 0.0
    for count, graded in passes:
        rows = torch.arange(count) % len(images)
        point, wanted = images[rows].requires_grad_(graded), labels[rows]
        began = clock()
        bare(model, point, wanted, graded)
        total += clock() - began
    return total


def filled(model: nn.Module, images: Tensor, labels: Tensor, passes: Sequence[Pass]) -> float:
    """Process time of the same rows, had every pass a hundred."""
    total = 0.0
    for graded in {kind for _, kind in passes}:
        each = seconds(model, images, labels, [(AT, graded)] * 3) / (3 * AT)
        total += each * sum(count for count, kind in passes if kind == graded)
    return total
