"""Fractal clouds by the diamond-square algorithm."""

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib.draws import Draws


def plasma(height: int, width: int, decay: float, draws: Draws) -> Float[Tensor, "n h w"]:
    """Clouds from 0 to 1, one a row, in float64: rough near by, and rougher from afar.

    On a square that closes upon itself, of 2^k pixels a side, the middle of each square of points,
    and then of each diamond, becomes the mean of its four corners plus a uniform number; with each
    halving of the squares these numbers are divided by decay².

    Args:
        height: Of the part that is cut out, in pixels.
        width: Its width.
        decay: How smooth, > 1.
        draws: The rows' random streams.
    """
    size = 1 << max((max(height, width) - 1).bit_length(), 1)
    land = torch.zeros(len(draws), size, size, dtype=torch.float64, device=draws.device)
    step, rough = size, 1.0
    while step >= 2:
        _halved(land, step, rough, draws)
        step, rough = step // 2, rough / decay**2
    land = land - land.amin(dim=(1, 2), keepdim=True)
    return (land / land.amax(dim=(1, 2), keepdim=True))[:, :height, :width]


def _halved(land: Float[Tensor, "n s s"], step: int, rough: float, draws: Draws) -> None:
    """Fills in the points between those that are a step apart."""
    half, count = step // 2, land.shape[1] // step

    def between(corners: Tensor) -> Tensor:
        return corners / 4 + rough * (2 * draws.uniform(count, count).to(land) - 1)

    corners, middles = land[:, ::step, ::step], land[:, half::step, half::step]
    above, below = _pairs(corners, 2), _pairs(corners, 2).roll(-1, 1)
    middles.copy_(between(above + below))
    land[:, ::step, half::step] = between(above + middles + middles.roll(1, 1))
    land[:, half::step, ::step] = between(_pairs(corners, 1) + middles + middles.roll(1, 2))


def _pairs(points: Tensor, axis: int) -> Tensor:
    """Each point and the next along an axis, summed."""
    return points + points.roll(-1, axis)
