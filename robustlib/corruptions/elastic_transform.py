"""Elastic transform: the picture on a rubber sheet."""

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib.corruptions._base import Levels
from robustlib.corruptions._sampling import doubled, mirrored, sampled, smoothed
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS: Levels[tuple[float, float, float]] = Levels(  # bend, sigma and pull, in pixels
    cifar=((0, 0, 2.56), (1.6, 6.4, 2.24), (2.56, 1.92, 1.92), (3.2, 1.28, 1.6), (3.2, 0.96, 0.96)),
    tiny=(
        (0, 0, 5.12),
        (3.2, 19.2, 3.84),
        (6.4, 5.12, 3.84),
        (6.4, 1.92, 1.92),
        (10.24, 1.92, 1.28),
    ),
    imagenet=(
        (488, 170.8, 24.4),
        (488, 19.52, 48.8),
        (12.2, 2.44, 4.88),
        (17.08, 2.44, 4.88),
        (29.28, 2.44, 4.88),
    ),
)


def elastic_transform(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Pulls three points of every picture apart, and then each pixel a little.

    pulled = images under the affine map that moves three points around the middle by uniform
    numbers in [-pull, pull]²;
    corrupted[p] = pulled[p + bend · smoothed(uniform numbers in [-1, 1]², sigma)], linear between
    pixels and mirrored beyond the edges

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (a pull of 2.56 pixels and no bend for pictures of CIFAR's size) to 5 (a
            pull of 0.96 and a bend of 3.2 pixels, smoothed over 0.96).
        draws: The rows' random streams.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> grey = torch.full((1, 1, 32, 32), 0.5)
        >>> torch.allclose(elastic_transform(grey, draws=Draws(0, [0])), grey)
        True

    Source: hendrycks2019benchmarking, section 4.1

    Differences: where height and width differ, the official code would put the middle of the three
        points elsewhere.
    """
    bend, sigma, pull = _LEVELS.at(images, severity, draws)
    result = _pulled(images, pull * (2 * draws.uniform(3, 2) - 1).to(images.device).double())
    if bend:
        noise = (2 * draws.uniform(2, *images.shape[2:]) - 1).to(images.device).double()
        result = _bent(result, bend * smoothed(noise, sigma, cut=3, border=doubled))
    return result.clamp(0, 1)


def _grid(images: Images) -> tuple[Float[Tensor, "h 1"], Float[Tensor, " w"]]:
    y, x = (torch.arange(size, device=images.device).double() for size in images.shape[2:])
    return y[:, None], x


def _pulled(images: Images, shifts: Float[Tensor, "n 3 2"]) -> Images:
    """The picture under the affine map that moves three points by shifts, each (x, y)."""
    height, width = images.shape[2:]
    middle = shifts.new_tensor([width // 2, height // 2])
    signs = shifts.new_tensor([[1, 1], [1, -1], [-1, -1]])
    points = middle + max(min(height, width) // 3, 1) * signs
    ones = shifts.new_ones(len(shifts), 3, 1)
    back = torch.linalg.solve(torch.cat([points + shifts, ones], dim=2), points.expand_as(shifts))
    along, down, start = (part[:, :, None, None] for part in back.unbind(1))  # each [n, (x, y)]
    y, x = _grid(images)
    place_x, place_y = (along * x + down * y + start).unbind(1)
    return sampled(images, place_y, place_x, mirrored)


def _bent(images: Images, field: Float[Tensor, "n 2 h w"]) -> Images:
    """The picture with each pixel taken from a place apart, given in (x, y)."""
    y, x = _grid(images)
    return sampled(images, y + field[:, 1], x + field[:, 0], doubled)
