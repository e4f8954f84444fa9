"""Impulse noise: salt and pepper, in colour."""

import torch

from robustlib.corruptions._base import Levels
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS = Levels(
    cifar=(0.01, 0.02, 0.03, 0.05, 0.07),
    tiny=(0.01, 0.02, 0.05, 0.08, 0.14),
    imagenet=(0.03, 0.06, 0.09, 0.17, 0.27),
)


def impulse_noise(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Sets a share of all values to black or white, as bit errors do.

    corrupted = 0 where u < share / 2, 1 where u ≥ 1 - share / 2, else images, for uniform u

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (a share of 0.01 for pictures of CIFAR's size) to 5 (0.07).
        draws: The rows' random streams.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> grey = torch.full((1, 3, 32, 32), 0.5)
        >>> impulse_noise(grey, draws=Draws(0, [0])).unique().tolist()
        [0.0, 0.5, 1.0]

    Source: hendrycks2019benchmarking, section 4.1
    """
    share = _LEVELS.at(images, severity, draws)
    fate = draws.uniform(*images.shape[1:]).to(images)
    salted = torch.where(fate >= 1 - share / 2, 1.0, images)
    return torch.where(fate < share / 2, 0.0, salted)
