"""Pixelate: enlarged from too few pixels."""

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib.corruptions._base import Levels
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS = Levels(
    cifar=(0.95, 0.9, 0.85, 0.75, 0.65),
    tiny=(0.9, 0.8, 0.7, 0.6, 0.5),
    imagenet=(0.6, 0.5, 0.4, 0.3, 0.25),
)


def pixelate(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Shrinks every picture to fewer pixels and enlarges these to squares.

    corrupted = the mean of the cell that a pixel's middle lies in, of ⌊share · height⌋ by
    ⌊share · width⌋ equal cells

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (a share of 0.95 for pictures of CIFAR's size) to 5 (0.65).
        draws: The rows' random streams; none is used.

    Returns:
        The corrupted pictures.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> line = torch.tensor([0.0, 0.25, 0.5, 1.0]).view(1, 1, 1, 4)
        >>> pixelate(line, severity=5, draws=Draws(0, [0])).flatten().tolist()
        [0.125, 0.125, 0.75, 0.75]

    Source: hendrycks2019benchmarking, section 4.1

    Differences: a middle on the border of two cells belongs to the latter; the official code's
        filter leaves that to rounding. It does not happen at 32, 64 and 224 pixels.
    """
    share = _LEVELS.at(images, severity, draws)
    rows, columns = (_cells(size, share).to(images) for size in images.shape[2:])
    return (rows @ images @ columns.T).clamp(0, 1)


def _cells(size: int, share: float) -> Float[Tensor, "size size"]:
    """The matrix that puts the mean of its cell in the place of each pixel of a line."""
    count = max(int(size * share), 1)
    cell = (2 * torch.arange(size) + 1) * count // (2 * size)  # of each pixel's middle
    same = (cell[:, None] == cell).double()
    return same / same.sum(dim=1, keepdim=True)
