"""Defocus blur: a lens out of focus."""

import math

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from robustlib.corruptions._base import Levels
from robustlib.corruptions._sampling import mirrored, padded
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS: Levels[tuple[float, float]] = Levels(  # radius and softness, in pixels
    cifar=((0.3, 0.4), (0.4, 0.5), (0.5, 0.6), (1, 0.2), (1.5, 0.1)),
    tiny=((0.5, 0.6), (1, 0.1), (1.5, 0.1), (2.5, 0.01), (3, 0.1)),
    imagenet=((3, 0.1), (4, 0.5), (6, 0.5), (8, 0.5), (10, 0.5)),
)
_LARGE = 8  # pixels of radius up to which the rim is softened by one pixel only


def defocus_blur(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Spreads every point to a disk.

    corrupted = W * images, where W is a disk of a radius, of sum one, with its rim softened by a
    bell; beyond an edge the picture is mirrored

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (one pixel and a soft rim for pictures of CIFAR's size, a radius of 3
            pixels for ImageNet's) to 5 (1.5 and 10 pixels).
        draws: The rows' random streams; none is used.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> dot = torch.zeros(1, 1, 5, 5)
        >>> dot[0, 0, 2, 2] = 1
        >>> (defocus_blur(dot, severity=4, draws=Draws(0, [0])) > 0.1).int()[0, 0].tolist()
        [[0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]]

    Source: hendrycks2019benchmarking, section 4.1

    Differences: the official code softens the disk within a square that large disks fill, so that
        their rim is folded inwards; here the square has room for it.
    """
    kernel = _disk(*_LEVELS.at(images, severity, draws)).to(images)
    canvas = padded(images, len(kernel) // 2, mirrored)
    blurred = functional.conv2d(canvas.flatten(0, 1)[:, None], kernel[None, None])
    return blurred.view_as(images).clamp(0, 1)


def _disk(radius: float, softness: float) -> Float[Tensor, "k k"]:
    """A disk of pixels, softened by a bell that is cut after one pixel, or two for large ones."""
    rim = 1 if radius <= _LARGE else 2
    ticks = torch.arange(-math.floor(radius) - rim, math.floor(radius) + rim + 1).double()
    disk = (ticks[:, None] ** 2 + ticks**2 <= radius**2).double()
    bell = (-((torch.arange(-rim, rim + 1).double() / softness) ** 2) / 2).exp()
    soft = functional.conv2d(disk[None, None], torch.outer(bell, bell)[None, None], padding=rim)
    return soft[0, 0] / soft.sum()
