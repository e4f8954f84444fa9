"""CIFAR-10: 60,000 small photographs of ten kinds of things, from the public files."""

import io
import tarfile
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from robustlib.data._base import Dataset
from robustlib.data._files import (
    archive_of,
    check_asked,
    dataset,
    found,
    missing,
    root_of,
    rows_of,
)
from robustlib.errors import DataError

_BATCHES = {
    "train": tuple(f"data_batch_{number}.bin" for number in range(1, 6)),
    "test": ("test_batch.bin",),
}
_FOLDER, _PACKED = "cifar-10-batches-bin", "cifar-10-binary.tar.gz"
_RECORD = 1 + 3 * 32 * 32
_NAMES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
_NAMES_ZH = ("飞机", "汽车", "鸟", "猫", "鹿", "狗", "青蛙", "马", "船", "卡车")


def cifar10(
    count: int | None = None,
    *,
    seed: int = 0,
    split: str = "train",
    root: str | Path | None = None,
) -> Dataset:
    """CIFAR-10's photographs, from files that you have.

    Read are the public binary files (the folder `cifar-10-batches-bin`, or `cifar-10-binary.tar.gz`
    as it comes); where they are absent, `cifar10-train-jpeg.npz` and `cifar10-test-jpeg.npz`, the
    same pictures compressed as JPEG. That loses a little: figures from it are of "CIFAR-10 (JPEG)".

    Args:
        count: how many, chosen by the seed; `None`: all, in the file's order.
        seed: of the choice; row `i` depends on (split, seed, i) alone.
        split: `"train"` or `"test"`.
        root: the folder; by default what `$ROSTRA_DATA` names.

    Returns:
        RGB pictures, 3 x 32 x 32.

    Raises:
        DataError: the files are missing, truncated or other ones, or hold fewer pictures.
        InputError: a negative count or an unknown split.

    Source: krizhevsky2009learning

    Differences: the pickled files of the Python edition are not read: to read a pickle is to run
        it.
    """
    check_asked(split, count)
    folder = root_of(root)
    jpeg = folder / f"cifar10-{split}-jpeg.npz"
    records = _records(folder, split)
    if records is not None:
        rows = rows_of(len(records), count, seed, "cifar10").numpy()
        images, labels = records[rows, 1:].reshape(-1, 3, 32, 32), records[rows, 0]
    elif jpeg.is_file():
        images, labels = _photographs(jpeg, count, seed)
    else:
        raise missing("CIFAR-10", folder, [f"{_FOLDER}/{_BATCHES[split][0]}", _PACKED, jpeg.name])
    return dataset(images, labels, _NAMES, _NAMES_ZH)


def _records(folder: Path, split: str) -> np.ndarray | None:
    """A label and three planes of colour a picture, as the public files have them."""
    files = [found(folder, [f"{_FOLDER}/{name}", name]) for name in _BATCHES[split]]
    packed = folder / _PACKED
    if all(files):
        contents = [(str(file), file.read_bytes()) for file in files if file]
    elif packed.is_file():
        contents = _unpacked(packed, _BATCHES[split])
    else:
        return None
    return np.concatenate([_of(*each) for each in contents])


def _of(name: str, content: bytes) -> np.ndarray:
    if not content or len(content) % _RECORD:
        raise DataError(
            f"{name} should hold records of {_RECORD} bytes, a label and 32 x 32 x 3 colours; "
            f"it holds {len(content)} bytes: fetch it again"
        )
    return np.frombuffer(content, np.uint8).reshape(-1, _RECORD)


def _unpacked(packed: Path, names: Sequence[str]) -> list[tuple[str, bytes]]:
    try:
        with tarfile.open(packed) as archive:
            files = [archive.extractfile(f"{_FOLDER}/{name}") for name in names]
            contents = [file.read() if file else b"" for file in files]
    except (OSError, KeyError, EOFError, tarfile.TarError, zlib.error) as error:
        raise DataError(f"{packed} cannot be read ({error}): fetch it again") from error
    return [(f"{packed}: {name}", each) for name, each in zip(names, contents, strict=True)]


def _photographs(file: Path, count: int | None, seed: int) -> tuple[np.ndarray, np.ndarray]:
    content, offsets, labels = archive_of(file, ("jpeg", "offset", "label"))
    rows = rows_of(len(labels), count, seed, "cifar10").tolist()
    packed = [content[offsets[row] : offsets[row + 1]].tobytes() for row in rows]
    try:
        with ThreadPoolExecutor() as readers:  # the decoder works beside Python
            pictures = list(readers.map(_decoded, packed))
    except (OSError, UnidentifiedImageError) as error:
        raise DataError(f"{file} holds a damaged picture ({error}): fetch it again") from error
    images = np.stack(pictures) if pictures else np.empty((0, 32, 32, 3), np.uint8)
    return images.transpose(0, 3, 1, 2), labels[rows]


def _decoded(packed: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(packed), formats=["JPEG"]) as picture:
        return np.asarray(picture.convert("RGB"))
