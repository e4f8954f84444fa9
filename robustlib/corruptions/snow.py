"""Snow: flakes that fall while the shutter is open."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib.corruptions._base import Levels
from robustlib.corruptions._motion import moved
from robustlib.corruptions._zoom import zoomed
from robustlib.draws import Draws
from robustlib.types import Images


class _Snow(NamedTuple):
    mean: float
    spread: float
    size: float  # of a flake, in pixels
    threshold: float
    radius: int  # of the line that it draws, in pixels
    sigma: float
    share: float  # of the picture that is not whitened


_LEVELS = Levels(
    cifar=(
        _Snow(0.1, 0.2, 1, 0.6, 8, 3, 0.95),
        _Snow(0.1, 0.2, 1, 0.5, 10, 4, 0.9),
        _Snow(0.15, 0.3, 1.75, 0.55, 10, 4, 0.9),
        _Snow(0.25, 0.3, 2.25, 0.6, 12, 6, 0.85),
        _Snow(0.3, 0.3, 1.25, 0.65, 14, 12, 0.8),
    ),
    tiny=(
        _Snow(0.1, 0.2, 1, 0.6, 8, 3, 0.8),
        _Snow(0.1, 0.2, 1, 0.5, 10, 4, 0.8),
        _Snow(0.15, 0.3, 1.75, 0.55, 10, 4, 0.7),
        _Snow(0.25, 0.3, 2.25, 0.6, 12, 6, 0.65),
        _Snow(0.3, 0.3, 1.25, 0.65, 14, 12, 0.6),
    ),
    imagenet=(
        _Snow(0.1, 0.3, 3, 0.5, 10, 4, 0.8),
        _Snow(0.2, 0.3, 2, 0.5, 12, 4, 0.7),
        _Snow(0.55, 0.3, 4, 0.9, 12, 8, 0.7),
        _Snow(0.55, 0.3, 4.5, 0.85, 12, 8, 0.65),
        _Snow(0.55, 0.3, 2.5, 0.85, 12, 12, 0.55),
    ),
)
_GREY = (0.299, 0.587, 0.114)  # of red, green and blue


def snow(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Whitens every picture and draws falling flakes over it, and once more upside down.

    flakes = zoomed normal noise where it is above a threshold, smeared downwards;
    white = share · images + (1 - share) · max(images, 1.5 · grey + 0.5);
    corrupted = clip(white + flakes + flakes turned by 180°)

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (0.6 % of all pixels begin a flake, 5 % of the picture is whitened, for
            pictures of CIFAR's size) to 5 (12 %, 20 %).
        draws: The rows' random streams.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> night = torch.zeros(1, 3, 32, 32)
        >>> bool(snow(night, severity=5, draws=Draws(0, [0])).mean() > 0.1)
        True

    Source: hendrycks2019benchmarking, section 4.1

    Differences: the official code leaves the smear to ImageMagick (see `motion_blur`), and rounds
        flakes to 8 bits.
    """
    weather = _LEVELS.at(images, severity, draws)
    flakes = _flakes(images, weather, draws)
    bright = 1.5 * _grey(images) + 0.5
    white = weather.share * images + (1 - weather.share) * torch.maximum(images, bright)
    return (white + flakes + flakes.rot90(2, (2, 3))).clamp(0, 1)


def _flakes(images: Images, weather: _Snow, draws: Draws) -> Float[Tensor, "n 1 h w"]:
    noise = draws.normal(1, *images.shape[2:]).to(images)
    layer = zoomed(weather.mean + weather.spread * noise, weather.size)
    layer = torch.where(layer < weather.threshold, 0, layer).clamp(0, 1)
    angle = -135 + 90 * draws.uniform(1)[:, 0]
    return moved(layer, weather.radius, weather.sigma, angle.to(images.device))


def _grey(images: Images) -> Float[Tensor, "n 1 h w"]:
    if images.shape[1] == 1:
        return images
    red, green, blue = (weight * images[:, i, None] for i, weight in enumerate(_GREY))
    return red + green + blue
