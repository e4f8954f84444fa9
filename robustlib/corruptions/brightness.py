"""Brightness: too much light."""

from robustlib.corruptions._base import Levels
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS = Levels(
    cifar=(0.05, 0.1, 0.15, 0.2, 0.3),
    tiny=(0.1, 0.2, 0.3, 0.4, 0.5),
    imagenet=(0.1, 0.2, 0.3, 0.4, 0.5),
)


def brightness(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Raises the value of every pixel and keeps its hue and saturation.

    corrupted = images · min(value + light, 1) / value, where value is a pixel's largest channel;
    black becomes grey

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (light = 0.05 for pictures of CIFAR's size) to 5 (0.3).
        draws: The rows' random streams; none is used.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> pixel = torch.tensor([0.5, 0.25, 0.0]).view(1, 3, 1, 1)
        >>> brightness(pixel, severity=5, draws=Draws(0, [0])).flatten().tolist()
        [0.800000011920929, 0.4000000059604645, 0.0]

    Source: hendrycks2019benchmarking, section 4.1
    """
    light = _LEVELS.at(images, severity, draws)
    value = images.amax(dim=1, keepdim=True)
    hue = (images / value.where(value > 0, 1)).where(value > 0, 1)
    return hue * (value + light).clamp(max=1)
