"""Linear models, whose nearest adversarial examples within the box are known in closed form."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from robustlib.threats import L0, L1, L2, Linf, ThreatModel


class Plane(nn.Module):
    """Logits (w·x + b, 0): class 0 on one side of a plane."""

    weight: Tensor
    offset: Tensor

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

    model: nn.Module
    images: Tensor
    labels: Tensor
    linf: Tensor
    l2: Tensor
    l1: Tensor
    l0: Tensor

    def exact(self, threat: type[ThreatModel]) -> Tensor:
        """How far in a norm."""
        return {Linf: self.linf, L2: self.l2, L1: self.l1, L0: self.l0}[threat]


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


def straight(row: Tensor, weight: Tensor, height: float) -> float:
    """Linf: every pixel the whole way, as far as the box lets it."""

    def fallen(t: float) -> float:
        return float((row - (row - t * weight.sign()).clamp(0, 1)) @ weight)

    return smallest(lambda t: fallen(t) >= height, 1.0) if fallen(1.0) >= height else float("inf")


def steep(row: Tensor, weight: Tensor, height: float) -> float:
    """L2: the optimum is clip(x - t w) for the multiplier t that just reaches the plane."""

    def step(t: float) -> Tensor:
        return row - (row - t * weight).clamp(0, 1)

    if float(step(1e4) @ weight) < height:
        return float("inf")
    return float(step(smallest(lambda t: float(step(t) @ weight) >= height, 1e4)).norm())


def fewest(row: Tensor, weight: Tensor, height: float) -> float:
    """L0: those that gain most go to their walls, until the plane is reached."""
    gains = torch.where(weight > 0, row, 1 - row) * weight.abs()
    total = gains.sort(descending=True).values.cumsum(0)
    return float((total < height).sum()) + 1 if total[-1] >= height else float("inf")


DISTANCES = {Linf: straight, L2: steep, L1: knapsack, L0: fewest}


def _rounded(numbers: Tensor) -> Tensor:
    """The same, as float32 has them: what is known is known of the model that is shown."""
    return numbers.float().double()


def linear(*, walls: bool) -> Linear:
    """32 images of 4×4 pixels; `walls`: most pixels at 0 or 1, so that the box is active."""
    generator = torch.Generator().manual_seed(7)
    weight = torch.randn(16, generator=generator, dtype=torch.float64)
    spread = 1.8 if walls else 0.2
    drawn = torch.rand(400, 1, 4, 4, generator=generator, dtype=torch.float64)
    weight, images = _rounded(weight), _rounded((0.5 + spread * (drawn - 0.5)).clamp(0, 1))
    height = images.flatten(1) @ weight
    offset = _rounded(-height.median() if walls else -height.min() + 0.02)
    images = images[height + offset > 0.02][:32]

    exact = [
        torch.tensor([DISTANCES[threat](row, weight, float(row @ weight + offset)) for row in rows])
        for threat, rows in ((norm, images.flatten(1)) for norm in DISTANCES)
    ]
    model = Plane(weight, offset).float()
    labels = torch.zeros(len(images), dtype=torch.int64)
    return Linear(model, images.float(), labels, *exact)


def many(threat: type[ThreatModel], spread: float, dtype: torch.dtype = torch.float32) -> Linear:
    """A linear model of four classes; the nearest of its three other classes, each by itself.

    In float32 a point may be on the other side of a boundary by rounding alone: what must be told
    to the fifth digit, of distances of a hundredth, is asked in float64.
    """
    generator = torch.Generator().manual_seed(11)
    weight = torch.randn(4, 12, generator=generator, dtype=torch.float64)
    offset = -weight @ torch.full((12,), 0.5, dtype=torch.float64)
    drawn = torch.rand(24, 12, generator=generator, dtype=torch.float64)
    weight, offset = _rounded(weight), _rounded(offset)
    images = _rounded((0.5 + spread * (drawn - 0.5)).clamp(0, 1))
    logits = images @ weight.T + offset
    labels = logits.argmax(1)
    exact = torch.full((24, 4), torch.inf)
    for row, label in enumerate(labels.tolist()):
        for rival in set(range(4)) - {label}:
            slope, height = weight[label] - weight[rival], logits[row, label] - logits[row, rival]
            exact[row, rival] = DISTANCES[threat](images[row], slope, float(height))
    model = nn.Linear(12, 4)
    model.weight.data, model.bias.data = weight.to(dtype), offset.to(dtype)
    return Linear(model.eval(), images.to(dtype), labels, *[exact] * 4)
