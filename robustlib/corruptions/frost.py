"""Frost: ice on the lens."""

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib.corruptions._base import Levels
from robustlib.corruptions._motion import moved
from robustlib.corruptions._plasma import plasma
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS: Levels[tuple[float, float, int]] = Levels(  # picture, ice, needles of so many pixels
    cifar=((1, 0.2, 3), (1, 0.3, 3), (0.9, 0.4, 3), (0.85, 0.4, 3), (0.75, 0.45, 3)),
    tiny=((1, 0.3, 4), (0.9, 0.4, 4), (0.8, 0.45, 4), (0.75, 0.5, 4), (0.7, 0.55, 4)),
    imagenet=((1, 0.4, 12), (0.8, 0.6, 12), (0.7, 0.7, 12), (0.65, 0.7, 12), (0.6, 0.75, 12)),
)
_COLOURS = (  # the means of the photographs
    (0.30, 0.58, 0.65),
    (0.79, 0.81, 0.84),
    (0.79, 0.81, 0.84),
    (0.54, 0.60, 0.65),
    (0.44, 0.48, 0.53),
)
_NEEDLES, _CLOUDS = 0.1, 0.3  # how much of its light and shade comes from each
_SOFT, _SHARP = 1.6, 1.2  # decays of the clouds of light, and of those between needles
_WAYS = 5  # in which needles lie


def frost(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Lays crystals of ice over every picture.

    corrupted = clip(kept · images + ice · crystals); crystals have one of five cold colours, lit by
    fractal clouds and by needles: noise smeared in five directions, of which rougher clouds choose
    one for each pixel

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (kept = 1, ice = 0.2 for pictures of CIFAR's size) to 5 (0.75, 0.45).
        draws: The rows' random streams.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> night = torch.zeros(1, 3, 32, 32)
        >>> red, green, blue = frost(night, draws=Draws(0, [0])).mean(dim=(0, 2, 3))
        >>> bool(0 < red < green < blue < 0.4)
        True

    Source: hendrycks2019benchmarking, section 4.1

    Differences: the paper lays parts of photographs over the pictures, which are not ours to
        give away. These crystals are drawn, with the colours and the contrast of those
        photographs: figures are near the paper's, not comparable to the last digit.
    """
    kept, ice, length = _LEVELS.at(images, severity, draws)
    height, width = images.shape[2:]
    light = _NEEDLES * _needles(height, width, length, draws)
    light = light + _CLOUDS * (plasma(height, width, _SOFT, draws) - 0.5)
    crystals = (_colours(images.shape[1], draws) + light[:, None]).clamp(0, 1)
    return (kept * images + ice * crystals.to(images)).clamp(0, 1)


def _needles(height: int, width: int, length: int, draws: Draws) -> Float[Tensor, "n h w"]:
    """Smeared noise of mean 0 and variance near 1, in float64."""
    noise = draws.normal(_WAYS, height, width).double()
    angles = 360 * draws.uniform(_WAYS)
    lying = [
        moved(layer[:, None], length, length / 2, angle)[:, 0]
        for layer, angle in zip(noise.unbind(1), angles.unbind(1), strict=True)
    ]
    chosen = torch.stack([plasma(height, width, _SHARP, draws) for _ in lying], dim=1).argmax(1)
    needles = torch.stack(lying, dim=1).gather(1, chosen[:, None])[:, 0]
    return needles * (length * torch.pi**0.5 / 2) ** 0.5  # a half bell's Σ w² is 1 / (sigma √π)


def _colours(channels: int, draws: Draws) -> Float[Tensor, "n c 1 1"]:
    """One a row; its grey for grey pictures."""
    table = torch.tensor(_COLOURS, dtype=torch.float64, device=draws.device)
    colours = table[draws.randint(len(table), 1)[:, 0]]
    colours = colours if channels > 1 else colours.mean(dim=1, keepdim=True)
    return colours[:, :, None, None]
