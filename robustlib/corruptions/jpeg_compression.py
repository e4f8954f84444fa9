"""JPEG compression: a file that had to be small."""

import io

import numpy as np
import torch
from PIL import Image

from robustlib.corruptions._base import Levels
from robustlib.draws import Draws
from robustlib.types import Images

_LEVELS = Levels(
    cifar=(80, 65, 58, 50, 40),
    tiny=(65, 58, 50, 40, 25),
    imagenet=(25, 18, 15, 10, 7),
)


def jpeg_compression(images: Images, *, severity: int = 3, draws: Draws) -> Images:
    """Writes every picture as a JPEG file and reads it again.

    corrupted = decoded(encoded(images, quality)), from 8 bits to 8 bits

    Args:
        images: Pictures [n, c, h, w] in [0, 1], of one or three channels.
        severity: From 1 (a quality of 80 of 100 for pictures of CIFAR's size) to 5 (40).
        draws: The rows' random streams; none is used.

    Returns:
        The corrupted pictures; no gradient passes.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> import torch
        >>> grey = torch.full((1, 3, 32, 32), 102 / 255)
        >>> torch.equal(jpeg_compression(grey, draws=Draws(0, [0])), grey)
        True

    Source: hendrycks2019benchmarking, section 4.1
    """
    quality = _LEVELS.at(images, severity, draws)
    levels = (images.detach().permute(0, 2, 3, 1).double() * 255).round().byte().cpu().numpy()
    corrupted = np.empty_like(levels)
    for row, pixels in enumerate(levels):
        corrupted[row] = _again(pixels, quality)
    return torch.from_numpy(corrupted).permute(0, 3, 1, 2).to(images) / 255


def _again(pixels: np.ndarray, quality: int) -> np.ndarray:
    file = io.BytesIO()
    flat = pixels[..., 0] if pixels.shape[2] == 1 else pixels
    Image.fromarray(flat).save(file, "JPEG", quality=quality)
    with Image.open(file, formats=["JPEG"]) as picture:
        return np.asarray(picture).reshape(pixels.shape)
