"""Zoom blur: the camera moves towards its object."""

import numpy as np

from robustlib.corruptions._base import Levels
from robustlib.corruptions._zoom import zoomed
from robustlib.draws import Draws
from robustlib.types import Images

_SMALL = ((1.06, 0.01), (1.11, 0.01), (1.16, 0.01), (1.21, 0.01), (1.26, 0.01))
_LEVELS = Levels(  # end and step of the factors
    cifar=_SMALL,
    tiny=_SMALL,
    imagenet=((1.11, 0.01), (1.16, 0.01), (1.21, 0.02), (1.26, 0.02), (1.31, 0.03)),
)


def zoom_blur(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Averages every picture with enlargements of its middle.

    corrupted = mean of images and of zoomed(images, factor), factor = 1, 1 + step, … end

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (up to 1.06 for pictures of CIFAR's size) to 5 (1.25).
        draws: The rows' random streams; none is used.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> grey = torch.full((1, 1, 32, 32), 0.5)
        >>> torch.allclose(zoom_blur(grey, draws=Draws(0, [0])), grey)
        True

    Source: hendrycks2019benchmarking, section 4.1
    """
    end, step = _LEVELS.at(images, severity, draws)
    factors = np.arange(1, end, step).tolist()  # rounding lets most ends in, as in the paper's code
    total = images
    for factor in factors:
        total = total + zoomed(images, factor)
    return (total / (len(factors) + 1)).clamp(0, 1)
