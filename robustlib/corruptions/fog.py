"""Fog: clouds between the camera and the world."""

from robustlib.corruptions._base import Levels
from robustlib.corruptions._plasma import plasma
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS: Levels[tuple[float, float]] = Levels(  # thickness and decay
    cifar=((0.2, 3), (0.5, 3), (0.75, 2.5), (1, 2), (1.5, 1.75)),
    tiny=((0.4, 3), (0.7, 3), (1, 2.5), (1.5, 2), (2, 1.75)),
    imagenet=((1.5, 2), (2, 2), (2.5, 1.7), (2.5, 1.5), (3, 1.4)),
)


def fog(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Lays fractal clouds over every picture and dims the whole.

    corrupted = (images + thickness · clouds) · peak / (peak + thickness), where peak is the
    picture's largest value and clouds, in [0, 1], come from the diamond-square algorithm

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (a thickness of 0.2 for pictures of CIFAR's size) to 5 (1.5, and rougher).
        draws: The rows' random streams.

    Returns:
        The corrupted pictures; a black picture stays black, as the formula has it.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> stripes = (torch.arange(32) % 2).expand(1, 1, 32, 32).float()
        >>> bool(fog(stripes, severity=5, draws=Draws(0, [0])).std() < 0.5 * stripes.std())
        True

    Source: hendrycks2019benchmarking, section 4.1
    """
    thickness, decay = _LEVELS.at(images, severity, draws)
    clouds = plasma(images.shape[2], images.shape[3], decay, draws).to(images)[:, None]
    peak = images.amax(dim=(1, 2, 3), keepdim=True)
    return ((images + thickness * clouds) * peak / (peak + thickness)).clamp(0, 1)
