"""Blur along a line, as a camera or a snowflake draws it that moves while the shutter is open."""

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib.corruptions._sampling import Pictures, clamped, picked


def moved(images: Pictures, radius: int, sigma: float, angle: Float[Tensor, " n"]) -> Pictures:
    """Each pixel as the weighted mean of those on a line that begins at it.

    moved[y, x] = Σ w_i image[y + round(i sin angle), x + round(i cos angle)] over i = 0 … 2 radius,
    with w_i ∝ exp(-i² / 2 sigma²); beyond an edge its pixels go on

    Args:
        images: Pictures.
        radius: Half the line's length in pixels, ≥ 0.
        sigma: How fast the weights fall, in pixels, > 0.
        angle: The line's direction in each picture, in degrees from rightwards to downwards.
    """
    steps = torch.arange(2 * radius + 1, dtype=torch.float64, device=images.device)
    weights = (-((steps / sigma) ** 2) / 2).exp()
    turn = torch.deg2rad(angle.to(steps))[:, None]
    down, right = ((steps * way - 0.5).ceil().long() for way in (turn.sin(), turn.cos()))
    height, width = (torch.arange(size, device=images.device) for size in images.shape[2:])
    blurred = torch.zeros_like(images)
    for step, weight in enumerate((weights / weights.sum()).tolist()):  # in order: the same bits
        y = clamped(height + down[:, step, None], len(height))[:, :, None]
        x = clamped(width + right[:, step, None], len(width))[:, None, :]
        blurred = blurred + weight * picked(images, y, x)
    return blurred
