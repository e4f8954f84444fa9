"""Windows of a picture, and the bumps that the Square attack fills them with."""

import functools
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from robustlib.attacks._canvas import Canvas


@dataclass(frozen=True)
class Window:
    """The sides of a window, and of the canvas it moves on."""

    sides: tuple[int, int]
    canvas: tuple[int, int]

    def odd(self) -> "Window":
        """At least three pixels a side and an odd number, as far as the canvas is that large."""
        sides = (max(side, 3) | 1 for side in self.sides)
        height, width = map(min, sides, self.canvas)
        return Window((height, width), self.canvas)

    def at(self, places: Float[Tensor, "n 2"]) -> "Placed":
        """One window a row, at places given in [0, 1) of the way across."""
        steps = []
        for axis in (0, 1):
            free = self.canvas[axis] - self.sides[axis] + 1
            first = (places[:, axis, None] * free).long().clamp(max=free - 1)
            steps.append(torch.arange(self.canvas[axis], device=places.device) - first)
        return Placed(self.sides, steps[0], steps[1])


@dataclass(frozen=True)
class Placed:
    """One window a row: how far each line and each column of the canvas lies from its corner."""

    sides: tuple[int, int]
    down: Tensor
    right: Tensor

    @property
    def mask(self) -> Bool[Tensor, "n 1 h w"]:
        lines = (self.down >= 0) & (self.down < self.sides[0])
        columns = (self.right >= 0) & (self.right < self.sides[1])
        return lines[:, None, :, None] & columns[:, None, None, :]

    @property
    def pixels(self) -> tuple[Tensor, slice, Tensor, Tensor]:
        """What picks them out of [n, c, h, w], as [n, height, width, c]."""
        rows = torch.arange(len(self.down), device=self.down.device)
        lines, columns = (
            torch.arange(side, device=place.device) - place[:, :1]
            for side, place in zip(self.sides, (self.down, self.right), strict=True)
        )
        return rows[:, None, None], slice(None), lines[:, :, None], columns[:, None, :]

    def of(self, bumps: Tensor, coins: Float[Tensor, " n"]) -> Canvas:
        """One of two patterns in each window, by a coin in [0, 1); zero around it."""
        down = self.down.clamp(0, self.sides[0] - 1)[:, :, None]
        right = self.right.clamp(0, self.sides[1] - 1)[:, None, :]
        which = (coins >= 0.5).long()[:, None, None]
        return bumps.to(coins)[which, down, right][:, None] * self.mask


def window_of(canvas: torch.Size, share: float) -> Window:
    """A square of so large a share of the canvas; a rectangle where the canvas is too flat."""
    height, width = canvas
    side = max(1, round((share * height * width) ** 0.5))
    down = min(side, height)
    right = side if side <= min(height, width) else round(share * height * width / down)
    return Window((down, max(1, min(right, width))), (height, width))


@functools.cache
def bumps(height: int, width: int, order: int) -> Tensor:
    """The pattern of algorithm 3, upright and lying: [2, height, width], each of length 1.

    Args:
        height: Of the upright one, in pixels.
        width: Likewise.
        order: Of the norm that lengths are measured in, 1 or 2.
    """
    return torch.stack([_halves(height, width, order), _halves(width, height, order).T])


def _halves(height: int, width: int, order: int) -> Tensor:
    """A hill above a hollow."""
    upper, lower = height // 2, height - height // 2
    both = torch.cat([_hill(upper, width, order), -_hill(lower, width, order)])
    return both / both.norm(p=order)


def _hill(height: int, width: int, order: int) -> Tensor:
    """Rectangles stacked around the middle, the k-th of weight 1 / k², in L1 1 / k⁴; length 1."""
    hill = torch.zeros(height, width)
    for ring in range(max(height, width) // 2 + 1 if hill.numel() else 0):
        top, left = height // 2 - ring, width // 2 - ring
        hill[max(top, 0) : top + 2 * ring + 1, max(left, 0) : left + 2 * ring + 1] += 1 / (
            ring + 1
        ) ** (4 // order)
    return hill / hill.norm(p=order) if hill.numel() else hill
