"""Gaussian noise: a sensor in the dark."""

from robustlib.corruptions._base import Levels
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS = Levels(
    cifar=(0.04, 0.06, 0.08, 0.09, 0.10),
    tiny=(0.04, 0.08, 0.12, 0.15, 0.18),
    imagenet=(0.08, 0.12, 0.18, 0.26, 0.38),
)


def gaussian_noise(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Adds normal noise to every value.

    corrupted = clip(images + sigma · normal)

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (sigma = 0.04 for pictures of CIFAR's size) to 5 (0.10).
        draws: The rows' random streams.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> grey = torch.full((1, 3, 32, 32), 0.5)
        >>> round(gaussian_noise(grey, severity=5, draws=Draws(0, [0])).std().item(), 2)
        0.1

    Source: hendrycks2019benchmarking, section 4.1
    """
    sigma = _LEVELS.at(images, severity, draws)
    return (images + sigma * draws.normal(*images.shape[1:]).to(images)).clamp(0, 1)
