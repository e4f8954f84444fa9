"""What every corruption promises, how to add one, and the sizes that its constants are set for.

A corruption is one file here, with one function of the file's name:

    def mine(images, *, severity=3, draws):
        '''One sentence that stands in the table of methods.'''
        strength = _LEVELS.at(images, severity, draws)
        return (images + strength * draws.normal(*images.shape[1:]).to(images)).clamp(0, 1)

That is all: `corruptions["mine"]`, the table of methods and the contract test of this room find it
there. It promises that

- pictures of one or three channels and of any size, in [0, 1], come back as such, in the same
  type and on the same device, and what came in is left as it was;
- what it does to a row depends on that row, the severity and the row's own random stream alone;
- a higher severity, from 1 to 5, is further from the picture, but where the source's own constants
  are not, which the contract test lists.

The constants are those of Hendrycks and Dietterich's code, which has three sets of them: for the
224 pixels of ImageNet, the 64 of Tiny ImageNet and the 32 of CIFAR-10. The shorter side of a
picture chooses the set; lengths are in pixels and not stretched with the picture. Their code
writes pictures of 8 bits to disk, after and sometimes within a corruption; here none is rounded,
except where a format rounds by its nature (JPEG).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Generic, Protocol, TypeVar

from torch import Tensor

from robustlib._border import check_draws, check_images
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.types import Images

SEVERITIES = range(1, 6)
_TINY, _IMAGENET = 48, 128  # sides in pixels from which the larger sets of constants hold

T = TypeVar("T")


class Corruption(Protocol):
    """Pictures in, the same pictures as a bad day shows them out."""

    def __call__(self, images: Images, *, severity: int = 3, draws: Draws) -> Images:
        """Corrupts pictures, each with its own random stream."""
        ...


@dataclass(frozen=True)
class Levels(Generic[T]):
    """A corruption's constants: one entry a severity, for pictures of three sizes.

    Args:
        cifar: For pictures whose shorter side has fewer than 48 pixels.
        tiny: For those with fewer than 128.
        imagenet: For those with more.

    Examples:
        >>> import torch
        >>> shares = Levels((0.1, 0.2, 0.3, 0.4, 0.5), (0.2,) * 5, (0.3,) * 5)
        >>> shares.at(torch.zeros(1, 3, 32, 40), 2, Draws(0, [0]))
        0.2
    """

    cifar: Sequence[T]
    tiny: Sequence[T]
    imagenet: Sequence[T]

    def at(self, images: Images, severity: int, draws: Draws) -> T:
        """The constants for these pictures, once what a corruption is given has been checked.

        Raises:
            InputError: If the pictures, the severity or the streams are not what they should be.
        """
        _check_pictures(images)
        _check_severity(severity)
        check_draws(draws, images)
        side = min(images.shape[2:])
        table = self.cifar if side < _TINY else self.tiny if side < _IMAGENET else self.imagenet
        return table[severity - 1]


def _check_pictures(images: Tensor) -> None:
    check_images(images)
    if images.ndim != 4 or images.shape[1] not in (1, 3) or 0 in images.shape[2:]:
        raise InputError(
            "pictures are [n, c, h, w] with one or three channels and a pixel at least, not "
            f"{list(images.shape)}: for one picture, image.unsqueeze(0)"
        )


def _check_severity(severity: object) -> None:
    whole = isinstance(severity, Integral) and not isinstance(severity, bool)
    if not whole or severity not in SEVERITIES:
        raise InputError(f"severity is one of 1, 2, 3, 4 and 5, not {severity!r}")
