"""Inputs as pictures: channels, rows and columns, waves, and sums over neighbouring pixels."""

import math
from functools import reduce

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from robustlib._border import check_counts
from robustlib.errors import InputError
from robustlib.types import Images

Canvas = Float[Tensor, "n c h w"]


def grid(shape: torch.Size) -> tuple[int, int, int]:
    """Channels, height and width; one line of pixels for inputs that are no images."""
    return (shape[0], shape[1], shape[2]) if len(shape) == 3 else (1, 1, shape.numel())


def on_canvas(images: Images) -> Canvas:
    """[n, c, h, w]: inputs of another shape are taken as one line of pixels."""
    return images.reshape(len(images), *grid(images.shape[1:]))


def waves(length: int) -> Tensor:
    """The cosine transform's basis [length, length], a frequency a row, each of length 1."""
    place = torch.arange(length, dtype=torch.float64)
    basis = (math.pi / length * place[:, None] * (place + 0.5)).cos()
    return basis / basis.norm(dim=1, keepdim=True)


def blurred(canvas: Canvas, weights: list[float]) -> Canvas:
    """The weighted sum over neighbours, along columns and then along rows; beyond the edge is zero.

    It is summed in order, so that a picture's result is the same bits in any company.

    Examples:
        >>> blurred(torch.tensor([[[[0.0, 1.0, 0.0, 5.0]]]]), [1, 2, 3]).flatten().tolist()
        [6.0, 4.0, 32.0, 20.0]
    """
    reach = len(weights) // 2
    for axis, padding in ((2, (0, 0, reach, reach)), (3, (reach, reach))):
        size, padded = canvas.shape[axis], functional.pad(canvas, padding)
        shifted = [weight * padded.narrow(axis, i, size) for i, weight in enumerate(weights)]
        canvas = reduce(torch.add, shifted)
    return canvas


def check_kernel(kernel: int) -> None:
    """Raises an `InputError` unless it is an odd count of pixels."""
    check_counts(kernel=kernel)
    if not kernel % 2:
        raise InputError(f"kernel is an odd count of pixels, with one in the middle, not {kernel}")
