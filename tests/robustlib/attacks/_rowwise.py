"""What papers' updates are compared with: an attack played by hand, and slopes of one image."""

from collections.abc import Generator
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from robustlib.goals import Goal


def slope(model: nn.Module, goal: Goal, point: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """The goal's loss at points of some rows, and its gradient."""
    with torch.enable_grad():
        leaf = point.detach().clone().requires_grad_()
        loss = goal.loss(model(leaf), rows)
        (gradient,) = torch.autograd.grad(loss.sum(), leaf)
    return loss.detach(), gradient


def last(talk: Generator[Any, Any, Tensor], model: nn.Module, goal: Goal) -> Tensor:
    """What an attack returns if all its questions are answered and nothing is retired."""

    def answer(question: Any) -> SimpleNamespace:
        count = len(question.inputs)
        rows = torch.arange(count) if question.rows is None else question.rows
        loss, gradient = slope(model, goal, question.inputs, rows)
        return SimpleNamespace(loss=loss, gradient=gradient)

    heard: Any = None
    while True:
        try:
            asked = talk.send(heard)
        except StopIteration as end:
            found: Tensor = end.value
            return found
        heard = tuple(map(answer, asked)) if isinstance(asked, tuple) else answer(asked)
