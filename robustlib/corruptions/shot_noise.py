"""Shot noise: light comes in grains."""

from robustlib.corruptions._base import Levels
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS = Levels(
    cifar=(500, 250, 100, 75, 50),
    tiny=(250, 100, 50, 30, 15),
    imagenet=(60, 25, 12, 5, 3),
)


def shot_noise(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Counts the photons of an exposure that is too short.

    corrupted = clip(Poisson(photons · images) / photons)

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (white is 500 photons for pictures of CIFAR's size) to 5 (50).
        draws: The rows' random streams.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> counts = 3 * shot_noise(torch.rand(1, 3, 224, 224), severity=5, draws=Draws(0, [0]))
        >>> counts.round().unique().tolist()
        [0.0, 1.0, 2.0, 3.0]

    Source: hendrycks2019benchmarking, section 4.1
    """
    photons = _LEVELS.at(images, severity, draws)
    return (draws.poisson(photons * images.double()).to(images) / photons).clamp(0, 1)
