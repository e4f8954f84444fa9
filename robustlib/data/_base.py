"""What every data set here promises: a frozen `Dataset` with pictures in [0, 1]."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from robustlib.errors import DataError


@dataclass(frozen=True, eq=False)
class Dataset:
    """Pictures with their labels and the names of the classes.

    Args:
        images: pictures, float32 in [0, 1].
        labels: the class of each picture, from 0.
        classes: English name of each class, in the order of the labels.
        classes_zh: Chinese name of each class.

    Raises:
        DataError: the parts do not fit together.

    Examples:
        >>> one = Dataset(torch.zeros(1, 1, 2, 2), torch.tensor([1]), ("no", "yes"), ("否", "是"))
        >>> len(one), one.classes[one.labels[0]]
        (1, 'yes')
    """

    images: Float[Tensor, "n c h w"]
    labels: Int64[Tensor, " n"]
    classes: tuple[str, ...]
    classes_zh: tuple[str, ...]

    def __post_init__(self) -> None:
        """Check the promise once, at the border."""
        if self.images.ndim != 4 or self.images.dtype != torch.float32:
            raise DataError(
                "images must be float32 of shape [n, c, h, w], got "
                f"{self.images.dtype} {list(self.images.shape)}"
            )
        if self.labels.dtype != torch.int64 or self.labels.shape != self.images.shape[:1]:
            raise DataError(
                f"labels must be int64, one for each of {len(self.images)} images, got "
                f"{self.labels.dtype} {list(self.labels.shape)}"
            )
        if len(self.classes) != len(self.classes_zh):
            raise DataError(
                f"{len(self.classes)} English class names but {len(self.classes_zh)} Chinese ones"
            )
        if len(self) and not self._in_range():
            raise DataError(
                "images must lie in [0, 1] and labels name one of "
                f"{len(self.classes)} classes; check the scale of the pictures"
            )

    def _in_range(self) -> bool:
        low, high = self.images.aminmax()
        return (
            bool(low >= 0)
            and bool(high <= 1)
            and 0 <= int(self.labels.min()) <= int(self.labels.max()) < len(self.classes)
        )

    def __len__(self) -> int:
        """The number of pictures."""
        return len(self.images)

    def take(self, rows: Tensor) -> "Dataset":
        """The same data set with these rows only, in this order."""
        return replace(self, images=self.images[rows], labels=self.labels[rows])
