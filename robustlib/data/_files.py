"""What data sets that lie in files share: where they are looked for, and a part of them."""

import gzip
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
from torch import Tensor

from robustlib.data._base import Dataset
from robustlib.draws import Draws
from robustlib.errors import DataError, InputError

ROOT = "ROSTRA_DATA"


def root_of(root: str | Path | None) -> Path:
    """The folder that was given, or that the environment names.

    Raises:
        DataError: neither is, or it is no folder.
    """
    given = root if root is not None else os.environ.get(ROOT)
    if given is None:
        raise DataError(f"say where the files lie: root=folder, or set ${ROOT}")
    folder = Path(given)
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder: root= (or ${ROOT}) is where the files lie")
    return folder


def found(folder: Path, names: Iterable[str]) -> Path | None:
    """The first of some files that is there."""
    return next((folder / name for name in names if (folder / name).is_file()), None)


def missing(what: str, folder: Path, names: Iterable[str]) -> DataError:
    """What to say where none of the files is there."""
    listed = "\n  ".join(names)
    return DataError(f"{folder} has no {what}; one of these is read:\n  {listed}")


def content_of(file: Path) -> bytes:
    """What a file holds, unpacked where it is packed.

    Raises:
        DataError: it cannot be read, or is truncated.
    """
    try:
        content = file.read_bytes()
        return gzip.decompress(content) if file.suffix == ".gz" else content
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{file} cannot be read ({error}): fetch it again") from error


def archive_of(file: Path, keys: Iterable[str]) -> list[np.ndarray]:
    """Some arrays of an `.npz` file; nothing in it is run.

    Raises:
        DataError: it is truncated, or has no such arrays.
    """
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            return [archive[key] for key in keys]
    except (OSError, ValueError, EOFError, KeyError, zlib.error, BadZipFile) as error:
        raise DataError(f"{file} is not the archive it should be ({error})") from error


def check_asked(split: str, count: int | None) -> None:
    """Raises an `InputError` for a split that there is not, or a negative count."""
    if split not in ("train", "test"):
        raise InputError(f"split must be train or test, got {split!r}")
    if count is not None and count < 0:
        raise InputError(f"count starts from 0, got {count}")


def rows_of(total: int, count: int | None, seed: int, name: str) -> Tensor:
    """Which pictures: all in the file's order, or the first of those that a seed has shuffled.

    Raises:
        DataError: there are not as many.
    """
    if count is None:
        return torch.arange(total)
    if count > total:
        raise DataError(f"{name} has {total} pictures in this split, not {count}")
    return Draws(seed, [0]).uniform(total)[0].argsort(stable=True)[:count]


def dataset(
    images: np.ndarray, labels: np.ndarray, names: tuple[str, ...], names_zh: tuple[str, ...]
) -> Dataset:
    """A data set of bytes [n, c, h, w] and labels."""
    pixels = torch.from_numpy(np.ascontiguousarray(images)).float() / 255
    return Dataset(pixels, torch.from_numpy(labels.astype(np.int64)), names, names_zh)
