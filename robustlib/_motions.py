"""Pictures turned, zoomed and shifted about their centre, each by its own motion."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int
from torch import Tensor

from robustlib.types import PerRow

_TINY = 1e-9
"""Of a pixel: so near to a pixel's middle a place is there, or a quarter turn would be blurred."""

Places = Float[Tensor, "n #h #w"]
Indices = Int[Tensor, "n h w"]


@dataclass(frozen=True, eq=False)
class Motion:
    """A turn and a zoom about the centre, and then a shift, of each row.

    across' = zoom (across cos turn + down sin turn) + right,
    down' = zoom (down cos turn - across sin turn) + below, both from the picture's centre

    Args:
        turn: Anticlockwise, in degrees.
        zoom: Factor, > 0: 2 shows everything twice as wide and as high.
        right: Shift to the right, in pixels.
        below: Shift downwards, in pixels.

    Examples:
        >>> motion = Motion(*torch.tensor([[90.0], [2], [3], [0]]))
        >>> right, below = motion.of(torch.tensor([1.0]), torch.tensor([0.0]))
        >>> round(right.item(), 6), round(below.item(), 6)
        (3.0, -2.0)
    """

    turn: PerRow
    zoom: PerRow
    right: PerRow
    below: PerRow

    @classmethod
    def still(cls, count: int) -> "Motion":
        """Of so many rows, none of which moves."""
        return cls(torch.zeros(count), torch.ones(count), torch.zeros(count), torch.zeros(count))

    def of(self, across: Tensor, down: Tensor) -> tuple[Tensor, Tensor]:
        """Where places go, told as pixels to the right of the centre and below it: [n, ...]."""
        shape = (-1, *[1] * (max(across.ndim, down.ndim) - 1))
        turn, zoom, right, below = (each.double().view(shape) for each in self._parts)
        cos, sin = turn.deg2rad().cos(), turn.deg2rad().sin()
        there = zoom * (across * cos + down * sin) + right
        return there, zoom * (down * cos - across * sin) + below

    def then(self, other: "Motion") -> "Motion":
        """Both as one: this one first."""
        right, below = other.of(self.right, self.below)
        return Motion(self.turn + other.turn, self.zoom * other.zoom, right, below)

    @property
    def back(self) -> "Motion":
        """The motion that undoes it."""
        turned = Motion(-self.turn, 1 / self.zoom, 0 * self.right, 0 * self.below)
        right, below = turned.of(-self.right, -self.below)
        return replace(turned, right=right, below=below)

    @property
    def _parts(self) -> tuple[PerRow, PerRow, PerRow, PerRow]:
        return self.turn, self.zoom, self.right, self.below


def moved(
    pictures: Float[Tensor, "n c h w"], motion: Motion, *, edge: bool = False
) -> Float[Tensor, "n c h w"]:
    """The pictures moved, each place mixed from the four pixels around where it came from.

    A picture that does not move stays as it is to the bit; a shift by whole pixels or a quarter
    turn of a square only puts its pixels elsewhere. Differentiable in pictures and motion.

    Args:
        pictures: Of any values.
        motion: Of each row.
        edge: What comes in from outside: the pixels of the edge, repeated, or else zeros.

    Returns:
        Pictures of the same size; their values lie between those that were mixed.
    """
    return mixed(pictures, *motion.back.of(*middles(pictures)), edge=edge)


def middles(pictures: Float[Tensor, "n c h w"]) -> tuple[Tensor, Tensor]:
    """Where pixels lie to the right of the centre [1, 1, w], and below it [1, h, 1]."""
    down, across = (_middles(size, pictures) for size in pictures.shape[2:])
    return across[None, None, :], down[None, :, None]


def mixed(
    pictures: Float[Tensor, "n c h w"], across: Places, down: Places, *, edge: bool = False
) -> Float[Tensor, "n c h w"]:
    """The pictures at places between their pixels, each mixed from the four around it.

    Args:
        pictures: Of any values.
        across: Pixels to the right of the centre, for each pixel that is wanted.
        down: Pixels below the centre.
        edge: What is outside: the pixels of the edge, repeated, or else zeros.

    Returns:
        Pictures of the same size; their values lie between those that were mixed.
    """
    height, width = pictures.shape[2:]
    across, down = _snapped(across + (width - 1) / 2), _snapped(down + (height - 1) / 2)
    left, top = across.detach().floor(), down.detach().floor()
    found = torch.zeros_like(pictures, dtype=torch.float64)
    for lower, heavy in ((0, 1 - (down - top)), (1, down - top)):
        for later, wide in ((0, 1 - (across - left)), (1, across - left)):
            pixels = _pixels(pictures, (top + lower).long(), (left + later).long(), edge)
            found = found + (heavy * wide)[:, None] * pixels
    return found.to(pictures.dtype)


def _middles(size: int, like: Tensor) -> Float[Tensor, " size"]:
    """Where pixels lie along an axis, from its centre."""
    return torch.arange(size, dtype=torch.float64, device=like.device) - (size - 1) / 2


def _snapped(places: Places) -> Places:
    """Places that rounding has led away from a pixel's middle put back; their slopes stay."""
    off = (places.round() - places).detach()
    return places + torch.where(off.abs() < _TINY, off, 0)


def _pixels(pictures: Tensor, down: Indices, across: Indices, edge: bool) -> Tensor:
    """The values of pixels by their numbers, [n, c, h, w], also of those outside."""
    height, width = pictures.shape[2:]
    place = down.clamp(0, height - 1) * width + across.clamp(0, width - 1)
    channels = place.flatten(1)[:, None].expand(-1, pictures.shape[1], -1)
    found = pictures.flatten(2).gather(2, channels).view_as(pictures)
    inside = (down >= 0) & (down < height) & (across >= 0) & (across < width)
    return found if edge else found * inside[:, None]
