"""MNIST: 70,000 handwritten digits, from the public files."""

from pathlib import Path

import numpy as np

from robustlib.data._base import Dataset
from robustlib.data._files import (
    archive_of,
    check_asked,
    content_of,
    dataset,
    found,
    missing,
    root_of,
    rows_of,
)
from robustlib.errors import DataError

_FOLDERS = ("", "MNIST/raw/", "mnist/", "raw/")
_PREFIX = {"train": "train", "test": "t10k"}
_ARCHIVE = "mnist-test.npz"
_TRAIN = 8000  # of the archive's 10,000 test pictures, where there is nothing else
_NAMES = tuple("0123456789")
_NAMES_ZH = tuple("零一二三四五六七八九")


def mnist(
    count: int | None = None,
    *,
    seed: int = 0,
    split: str = "train",
    root: str | Path | None = None,
) -> Dataset:
    """MNIST's handwritten digits, white on black, from files that you have.

    Read are the four public files (`train-images-idx3-ubyte`, packed as `.gz` or not, in the folder
    itself or where torchvision puts them); where they are absent, an archive `mnist-test.npz` with
    the 10,000 test pictures: its first 8,000 are the train split then, its last 2,000 the test
    split, and figures from it must say so.

    Args:
        count: how many, chosen by the seed; `None`: all, in the file's order.
        seed: of the choice; row `i` depends on (split, seed, i) alone.
        split: `"train"` or `"test"`.
        root: the folder; by default what `$ROSTRA_DATA` names.

    Returns:
        Grey pictures, 1 x 28 x 28.

    Raises:
        DataError: the files are missing, truncated or other ones, or hold fewer pictures.
        InputError: a negative count or an unknown split.

    Source: lecun1998gradient
    """
    check_asked(split, count)
    images, labels = _read(root_of(root), split)
    rows = rows_of(len(images), count, seed, "mnist").numpy()
    return dataset(images[rows, None], labels[rows], _NAMES, _NAMES_ZH)


def _read(folder: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    kinds = ("images-idx3-ubyte", "labels-idx1-ubyte")
    names = [[f"{_PREFIX[split]}-{kind}", f"{_PREFIX[split]}-{kind}.gz"] for kind in kinds]
    wanted = [[at + name for at in _FOLDERS for name in each] for each in names]
    files = [found(folder, each) for each in wanted]
    if files[0] and files[1]:
        return _idx(files[0], 3), _idx(files[1], 1)
    archive = found(folder, [_ARCHIVE])
    if archive is None:
        raise missing("MNIST", folder, [*names[0], _ARCHIVE])
    images, labels = archive_of(archive, ("image", "label"))
    part = slice(None, _TRAIN) if split == "train" else slice(_TRAIN, None)
    return images[part], labels[part]


def _idx(file: Path, axes: int) -> np.ndarray:
    """An array of bytes in the format of the public files: a head of sizes, and the numbers."""
    content = content_of(file)
    head = 4 + 4 * axes
    magic = int.from_bytes(content[:4])
    if len(content) < head or magic != 0x800 + axes:
        raise DataError(f"{file} is no IDX file of {axes} axes: it begins with {content[:4]!r}")
    shape = tuple(np.frombuffer(content, ">u4", axes, 4).tolist())
    if len(content) != head + int(np.prod(shape)):
        size = len(content) - head
        raise DataError(f"{file} should hold {shape} bytes, and holds {size}: fetch it again")
    return np.frombuffer(content, np.uint8, offset=head).reshape(shape)
