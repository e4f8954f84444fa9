"""Glass blur: seen through frosted glass."""

import torch
from jaxtyping import Int
from torch import Tensor

from robustlib.corruptions._base import Levels
from robustlib.corruptions._sampling import clamped, picked, smoothed
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS: Levels[tuple[float, int, int]] = Levels(  # sigma, reach, rounds
    cifar=((0.05, 1, 1), (0.25, 1, 1), (0.4, 1, 1), (0.25, 1, 2), (0.4, 1, 2)),
    tiny=((0.1, 1, 1), (0.5, 1, 1), (0.6, 1, 2), (0.7, 2, 1), (0.9, 2, 2)),
    imagenet=((0.7, 1, 2), (0.9, 2, 1), (1, 2, 3), (1.1, 3, 2), (1.5, 4, 2)),
)


def glass_blur(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Takes every pixel from a place near by, between two slight blurs.

    From the last pixel to the first, in each round: picture[p] ← picture[p + d], d uniform in
    {-reach, …, reach - 1}², where p is reach pixels or more from the edge.

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (blurs of 0.05 pixels, a reach of 1, once, for pictures of CIFAR's size)
            to 5 (0.4 pixels, 1, twice).
        draws: The rows' random streams.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> ramp = torch.linspace(0, 1, 100).view(1, 1, 10, 10)
        >>> shuffled = glass_blur(ramp, severity=1, draws=Draws(0, [0]))
        >>> torch.isin(shuffled, ramp).all().item(), torch.equal(shuffled, ramp)
        (True, False)

    Source: hendrycks2019benchmarking, section 4.1

    Differences: the official code writes an exchange of two pixels, but its two sides share their
        memory and one of them is lost: what happens there, and in the published pictures, is the
        copy above. A blur of less than an eighth of a pixel is none, as there.
    """
    sigma, reach, rounds = _LEVELS.at(images, severity, draws)
    result = smoothed(images, sigma, cut=4, border=clamped)
    height, width = images.shape[2:]
    for _ in range(rounds):
        origin = _origins(draws, height, width, reach).to(images.device)
        result = picked(result, origin // width, origin % width)
    return smoothed(result, sigma, cut=4, border=clamped).clamp(0, 1)


def _origins(draws: Draws, height: int, width: int, reach: int) -> Int[Tensor, "n h w"]:
    """Where each pixel of a round comes from, counted along the rows of the picture.

    A later pixel has been replaced already when an earlier one takes it, so its own origin is
    taken; such chains lead to ever later pixels and end. Each turn doubles the way along them.
    """
    y, x = torch.arange(height, device=draws.device)[:, None], torch.arange(width).to(draws.device)
    shift = draws.randint(2 * reach, 2, height, width) - reach
    inner = (y > reach) & (y <= height - reach) & (x > reach) & (x <= width - reach)
    place = y * width + x
    origin = torch.where(inner, place + shift[:, 0] * width + shift[:, 1], place).flatten(1)
    place = place.flatten().expand_as(origin)
    follow = torch.where(origin > place, origin, place)  # those that end here follow themselves
    while not torch.equal(follow, further := follow.gather(1, follow)):
        follow = further
    return origin.gather(1, follow).view(-1, height, width)
