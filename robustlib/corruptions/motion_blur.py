"""Motion blur: the camera moves."""

from robustlib.corruptions._base import Levels
from robustlib.corruptions._motion import moved
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS: Levels[tuple[int, float]] = Levels(  # radius and sigma, in pixels
    cifar=((6, 1), (6, 1.5), (6, 2), (8, 2), (9, 2.5)),
    tiny=((10, 1), (10, 1.5), (10, 2), (10, 2.5), (12, 3)),
    imagenet=((10, 3), (15, 5), (15, 8), (15, 12), (20, 15)),
)


def motion_blur(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Smears every picture along a line.

    corrupted[p] = Σ w_i images[p + round(i (cos a, sin a))], i = 0 … 2 radius,
    w_i ∝ exp(-i² / 2 sigma²), where the angle a is uniform in [-45°, 45°]

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (sigma = 1 pixel for pictures of CIFAR's size) to 5 (2.5 pixels).
        draws: The rows' random streams.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> stripes = (torch.arange(32) % 2).expand(1, 1, 32, 32).float()
        >>> blurred = motion_blur(stripes, severity=5, draws=Draws(0, [0]))
        >>> bool(blurred.std() < 0.3 * stripes.std())
        True

    Source: hendrycks2019benchmarking, section 4.1

    Differences: the official code leaves the blur to ImageMagick; the line of pixels and the
        weights are written here after its documentation.
    """
    radius, sigma = _LEVELS.at(images, severity, draws)
    angle = 90 * draws.uniform(1)[:, 0] - 45
    return moved(images, radius, sigma, angle.to(images.device)).clamp(0, 1)
