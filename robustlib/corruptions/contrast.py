"""Contrast: flat light."""

from robustlib.corruptions._base import Levels
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS = Levels(
    cifar=(0.75, 0.5, 0.4, 0.3, 0.15),
    tiny=(0.4, 0.3, 0.2, 0.1, 0.05),
    imagenet=(0.4, 0.3, 0.2, 0.1, 0.05),
)


def contrast(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Draws every pixel towards the mean of its channel.

    corrupted = mean + kept · (images - mean)

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (kept = 0.75 for pictures of CIFAR's size) to 5 (0.15).
        draws: The rows' random streams; none is used.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> halves = torch.tensor([0.0, 1.0]).view(1, 1, 1, 2)
        >>> contrast(halves, severity=2, draws=Draws(0, [0])).flatten().tolist()
        [0.25, 0.75]

    Source: hendrycks2019benchmarking, section 4.1
    """
    kept = _LEVELS.at(images, severity, draws)
    mean = images.double().mean(dim=(2, 3), keepdim=True)
    return (mean + kept * (images.double() - mean)).to(images).clamp(0, 1)
