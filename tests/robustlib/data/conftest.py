"""The public files of data sets, in their formats and filled with drawn pictures."""

from pathlib import Path

import numpy as np
import pytest


def idx(array: np.ndarray) -> bytes:
    """As MNIST's files are written: two zeros, 8 for bytes, the number of axes, the sizes."""
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return head + array.tobytes()


def drawn(count: int, *shape: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures and labels of bytes."""
    numbers = np.random.default_rng(count)
    pictures = numbers.integers(0, 256, (count, *shape), dtype=np.uint8)
    return pictures, numbers.integers(0, 10, count, dtype=np.uint8)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with MNIST and CIFAR-10, a hundred pictures a split."""
    folder = tmp_path_factory.mktemp("data")
    for prefix, count in (("train", 120), ("t10k", 100)):
        pictures, labels = drawn(count, 28, 28)
        (folder / f"{prefix}-images-idx3-ubyte").write_bytes(idx(pictures))
        (folder / f"{prefix}-labels-idx1-ubyte").write_bytes(idx(labels))
    batches = folder / "cifar-10-batches-bin"
    batches.mkdir()
    for name, count in [("test_batch", 100), *((f"data_batch_{n}", 20 + n) for n in range(1, 6))]:
        pictures, labels = drawn(count, 3 * 32 * 32)
        records = np.concatenate([labels[:, None], pictures], axis=1)
        (batches / f"{name}.bin").write_bytes(records.tobytes())
    return folder
