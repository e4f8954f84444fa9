"""Pictures beyond their edges, between their pixels, and smoothed."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor

Pictures = Float[Tensor, "n c h w"]
Places = Float[Tensor, "n h w"]
Border = Callable[[Tensor, int], Tensor]


def clamped(places: Int[Tensor, "..."], size: int) -> Int[Tensor, "..."]:
    """Which pixel of a line stands at each place, where the last one goes on: a a | a b c | c c."""
    return places.clamp(0, size - 1)


def mirrored(places: Int[Tensor, "..."], size: int) -> Int[Tensor, "..."]:
    """The same, where the line is reflected at its last pixel: c b | a b c | b a."""
    period = max(2 * size - 2, 1)
    places = places % period
    return torch.minimum(places, period - places)


def doubled(places: Int[Tensor, "..."], size: int) -> Int[Tensor, "..."]:
    """The same, where it is reflected behind its last pixel: b a | a b c | c b."""
    places = places % (2 * size)
    return torch.minimum(places, 2 * size - 1 - places)


def padded(images: Pictures, reach: int, border: Border) -> Pictures:
    """Pictures, longer by so many pixels at each edge."""
    for axis in (2, 3):
        size = images.shape[axis]
        places = torch.arange(-reach, size + reach, device=images.device)
        images = images.index_select(axis, border(places, size))
    return images


def picked(images: Pictures, y: Int[Tensor, "n h #w"], x: Int[Tensor, "n #h w"]) -> Pictures:
    """The pixel of each picture that stands at each place, for all channels."""
    places = (y * images.shape[3] + x).flatten(1)[:, None]
    return images.flatten(2).gather(2, places.expand(-1, images.shape[1], -1)).view_as(images)


def sampled(images: Pictures, y: Places, x: Places, border: Border) -> Pictures:
    """Pictures at places between pixels, linear along both axes."""
    top, left = y.floor(), x.floor()
    down, right = ((y - top)[:, None].to(images), (x - left)[:, None].to(images))
    result = torch.zeros_like(images)
    for row, share in ((0, 1 - down), (1, down)):
        for column, part in ((0, 1 - right), (1, right)):
            places = (
                border(top.long() + row, images.shape[2]),
                border(left.long() + column, images.shape[3]),
            )
            result = result + share * part * picked(images, *places)
    return result


def smoothed(images: Pictures, sigma: float, *, cut: float, border: Border) -> Pictures:
    """Pictures, blurred with a bell of standard deviation sigma > 0 that ends at cut · sigma."""
    rows, columns = (_bell(size, sigma, cut, border).to(images) for size in images.shape[2:])
    return rows @ images @ columns.T


def _bell(size: int, sigma: float, cut: float, border: Border) -> Float[Tensor, "size size"]:
    """The matrix that blurs a line of pixels: what is beyond its ends is already counted in."""
    reach = int(cut * sigma + 0.5)
    offsets = torch.arange(-reach, reach + 1)
    weights = (-((offsets.double() / sigma) ** 2) / 2).exp()
    places = border(torch.arange(size)[:, None] + offsets, size)
    matrix = torch.zeros(size, size, dtype=torch.float64)
    return matrix.scatter_add(1, places, (weights / weights.sum()).expand(size, -1))
