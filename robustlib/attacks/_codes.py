"""Where a black-box search is held: in the pixels, or in codes that are decoded to changes."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional

from robustlib.attacks._canvas import grid, waves
from robustlib.errors import InputError
from robustlib.types import Images

Decoder = Callable[[Tensor], Tensor]
"""decoder(codes [m, *code_shape]) -> changes [m, *shape of an image]."""


@dataclass(frozen=True)
class Code:
    """How a flat code becomes a change of an image.

    Args:
        shape: Of a code, without its row.
        decode: [m, *shape] codes to [m, *image] changes; zero must become zero.
        is_pixels: Whether a code is the change itself, so that the box bounds it.
    """

    shape: tuple[int, ...]
    decode: Decoder
    is_pixels: bool = False

    @property
    def size(self) -> int:
        """Numbers in a code."""
        return math.prod(self.shape)

    def change(self, codes: Tensor) -> Images:
        """The changes of flat codes [m, size]."""
        return self.decode(codes.reshape(len(codes), *self.shape))


def pixels(images: Images) -> Code:
    """The change itself."""
    return Code(tuple(images.shape[1:]), lambda codes: codes, is_pixels=True)


def bilinear(images: Images, side: int | None) -> Code:
    """A small picture, enlarged bilinearly.

    Args:
        images: Of which the change is one.
        side: Of the small picture, at most the image's; None: half of it.
    """
    return _enlarged(images, side, "bilinear")


def tiles(images: Images, side: int | None) -> Code:
    """A small picture, each of whose pixels becomes a tile of one colour.

    Args:
        images: Of which the change is one.
        side: Of the small picture, at most the image's; None: half of it.
    """
    return _enlarged(images, side, "nearest")


def cosines(images: Images, side: int | None) -> Code:
    """The lowest frequencies of the cosine transform: what a linear autoencoder keeps of pictures.

    Args:
        images: Of which the change is one.
        side: Frequencies along each axis, at most the image's side; None: half of it.
    """
    channels, *size = grid(images.shape[1:])
    small = _small(size, side)
    down, across = (
        waves(length)[:count].to(images) for length, count in zip(size, small, strict=True)
    )

    def mix(codes: Tensor) -> Images:
        return (down.T @ codes @ across).reshape(len(codes), *images.shape[1:])

    return Code((channels, *small), mix)


def decoded(images: Images, decoder: Decoder | None, code_shape: tuple[int, ...] | None) -> Code:
    """What a decoder makes of a code, less what it makes of zero.

    Args:
        images: Of which the change is one.
        decoder: From codes to changes; None: `cosines`.
        code_shape: Of one code; None, without a decoder, as `cosines` has it.

    Raises:
        InputError: If there is one without the other, or changes are not shaped as images are.
    """
    if decoder is None:
        return cosines(images, None)
    if code_shape is None:
        raise InputError("code_shape is a shape, as (8, 8, 3), where there is a decoder, not None")
    nothing = decoder(images.new_zeros(1, *code_shape)).detach()
    if nothing.shape[1:] != images.shape[1:]:
        wanted, came = tuple(images.shape[1:]), tuple(nothing.shape[1:])
        raise InputError(f"a decoder's changes are shaped as the images are, {wanted}, not {came}")
    return Code(code_shape, lambda codes: decoder(codes) - nothing)


def check_decoder(decoder: object, code_shape: object) -> None:
    """Raises an `InputError` unless these are a decoder and a shape, or None."""
    if decoder is not None and not callable(decoder):
        raise InputError(f"decoder is a function from codes to changes, not {decoder!r}")
    whole = isinstance(code_shape, tuple) and all(
        isinstance(side, int) and not isinstance(side, bool) and side >= 1 for side in code_shape
    )
    if code_shape is not None and not whole:
        raise InputError(f"code_shape is a tuple of counts ≥ 1, not {code_shape!r}")


def _enlarged(images: Images, side: int | None, mode: str) -> Code:
    channels, *size = grid(images.shape[1:])
    small = _small(size, side)

    def enlarge(codes: Tensor) -> Images:
        large = functional.interpolate(codes, size=tuple(size), mode=mode)
        return large.reshape(len(codes), *images.shape[1:])

    return Code((channels, *small), enlarge)


def _small(size: list[int], side: int | None) -> list[int]:
    return [min(length, side) if side else (length + 1) // 2 for length in size]
