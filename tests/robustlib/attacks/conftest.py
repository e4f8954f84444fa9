"""A two-class linear model, whose nearest adversarial example is known exactly."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn

from robustlib.threats import L1, L2, Linf, ThreatModel


class Plane(nn.Module):
    """Logits (w·x + b, 0): class 0 on one side of a plane."""

    def __init__(self, weight: Tensor, offset: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("offset", offset)
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        height = images.flatten(1) @ self.weight + self.offset
        return torch.stack([height, torch.zeros_like(height)], dim=1)


@dataclass(frozen=True)
class Linear:
    """The model, images of class 0, and how far the plane is from each within the box."""

    model: Plane
    images: Tensor
    labels: Tensor
    linf: Tensor
    l2: Tensor
    l1: Tensor

    def exact(self, threat: type[ThreatModel]) -> Tensor:
        """How far in a norm."""
        return {Linf: self.linf, L2: self.l2, L1: self.l1}[threat]


def smallest(reaches: Callable[[float], bool], high: float) -> float:
    """The smallest number that reaches the plane, by bisection in float64."""
    low = 0.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


def knapsack(row: Tensor, weight: Tensor, height: float) -> float:
    """L1: the steepest pixels go to their walls, one after another, until the plane is reached."""
    spent = 0.0
    for pixel in weight.abs().argsort(descending=True).tolist():
        slope = float(weight[pixel])
        room = float(row[pixel]) if slope > 0 else 1 - float(row[pixel])
        if height <= abs(slope) * room:
            return spent + height / abs(slope)
        height, spent = height - abs(slope) * room, spent + room
    return float("inf")


def linear(*, walls: bool) -> Linear:
    """32 images of 4×4 pixels; `walls`: most pixels at 0 or 1, so that the box is active."""
    generator = torch.Generator().manual_seed(7)
    weight = torch.randn(16, generator=generator, dtype=torch.float64)
    spread = 1.8 if walls else 0.2
    drawn = torch.rand(400, 1, 4, 4, generator=generator, dtype=torch.float64)
    images = (0.5 + spread * (drawn - 0.5)).clamp(0, 1)
    height = images.flatten(1) @ weight
    offset = -height.median() if walls else -height.min() + 0.02
    images = images[height + offset > 0.02][:32]

    def height_at(row: Tensor, step: Tensor) -> float:
        return float((row + step).clamp(0, 1) @ weight + offset)

    linf, l2, l1 = [], [], []
    for row in images.flatten(1):
        # Linf: every pixel the whole way, as far as the box lets it.
        linf.append(smallest(lambda t: height_at(row, -t * weight.sign()) <= 0, 1.0))  # noqa: B023
        # L2: the optimum is clip(x - t w) for the multiplier t that just reaches the plane.
        t = smallest(lambda t: height_at(row, -t * weight) <= 0, 1e4)  # noqa: B023
        l2.append(float(((row - t * weight).clamp(0, 1) - row).norm()))
        l1.append(knapsack(row, weight, float(row @ weight + offset)))
    model = Plane(weight, offset).float()
    labels = torch.zeros(len(images), dtype=torch.int64)
    exact = map(torch.tensor, (linf, l2, l1))
    return Linear(model, images.float(), labels, *exact)


@pytest.fixture(scope="session", params=[False, True], ids=["open", "walls"])
def plane(request: pytest.FixtureRequest) -> Linear:
    """The linear model, once with the box inactive and once active."""
    return linear(walls=request.param)


@pytest.fixture(scope="session")
def open_plane() -> Linear:
    """The linear model with the box inactive."""
    return linear(walls=False)
