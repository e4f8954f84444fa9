"""A victim of one number, and attacks on it whose every answer can be foretold."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from robustlib.goals import Misclassify
from robustlib.questions import ScoreBased, Scores
from robustlib.threats import Linf

BALL = Linf(0.5)


class Slope(nn.Module):
    """Two classes on single numbers: class 1 above 0.5. It notes what it is shown, pass by pass."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[list[float]] = []
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        self.shown.append([round(number, 4) for number in images.detach()[:, 0].tolist()])
        return torch.cat([0.5 - images[:, :1], images[:, :1] - 0.5], dim=1)


def layer() -> nn.Module:
    """The same two classes, of float32 and by weights, for who takes a model apart."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(1, 2)).eval()
    state = {"1.weight": torch.tensor([[-1.0], [1]]), "1.bias": torch.tensor([0.5, -0.5])}
    model.load_state_dict(state)
    return model


def low(*numbers: float) -> tuple[Tensor, Misclassify]:
    """Images of class 0, one number each, and the goal to leave it."""
    images = torch.tensor(numbers, dtype=torch.float64)[:, None]
    return images, Misclassify(torch.zeros(len(numbers), dtype=torch.int64))


Hear = Callable[[Any], object]


def deaf(answer: Any) -> None:
    """Takes no note of an answer."""


def stairs(
    images: Any, goal: Any, threat: Any, *, steps: int = 4, hear: Hear = deaf, draws: Any
) -> ScoreBased:
    """Climbs 0.1 a step, whatever it hears."""
    points = images
    for _ in range(steps):
        points = points + 0.1
        hear((yield from Scores(points)))
    return points


def probing(images: Any, goal: Any, threat: Any, *, hear: Hear = deaf, draws: Any) -> ScoreBased:
    """One candidate, then twice three probes of each row; the images are the last candidates."""
    rows = torch.arange(len(images)).repeat_interleave(3)
    yield from Scores(images + 0.1)
    for far in (0.9, 0.8):
        probes = images[rows] * 0 + far
        hear((yield from Scores(probes, rows, candidate=False)))
    return images
