"""MNIST from its public files, packed or not, and from the archive of its test pictures."""

import gzip
import shutil

import numpy as np
import pytest
import torch

from robustlib.data.mnist import mnist
from robustlib.errors import DataError
from tests.conftest import DATA
from tests.robustlib.data.conftest import drawn


def test_the_files_pictures_come_in_their_order(files) -> None:
    pictures, labels = drawn(120, 28, 28)
    read = mnist(root=files)
    assert torch.equal((read.images * 255).round().byte(), torch.from_numpy(pictures[:, None]))
    assert read.labels.tolist() == labels.tolist()
    assert len(mnist(root=files, split="test")) == 100


@pytest.mark.parametrize("place", ["", "MNIST/raw"])
def test_packed_files_are_the_same_wherever_they_are_put(place, files, tmp_path) -> None:
    (tmp_path / place).mkdir(parents=True, exist_ok=True)
    for file in files.glob("train-*"):
        (tmp_path / place / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
    assert torch.equal(mnist(root=tmp_path).images, mnist(root=files).images)


def test_of_the_archive_eight_thousand_are_for_training(tmp_path) -> None:
    pictures, labels = drawn(10_000, 28, 28)
    np.savez(tmp_path / "mnist-test.npz", image=pictures, label=labels)
    train, test = (mnist(root=tmp_path, split=split) for split in ("train", "test"))
    assert (len(train), len(test)) == (8000, 2000)
    assert torch.cat([train.labels, test.labels]).tolist() == labels.tolist()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda content: content[:-1], r"should hold \(120, 28, 28\) bytes, and holds 94079"),
        (lambda content: content + b"0", "and holds 94081"),
        (lambda content: b"abcd" + content[4:], "is no IDX file of 3 axes: it begins with b'abcd'"),
        (lambda content: content[:7], "is no IDX file"),
    ],
)
def test_damaged_files_are_refused(spoil, told, files, tmp_path) -> None:
    for file in files.glob("train-*"):
        shutil.copy(file, tmp_path)
    file = tmp_path / "train-images-idx3-ubyte"
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(DataError, match=told):
        mnist(root=tmp_path)


def test_what_is_not_there_is_named(tmp_path) -> None:
    with pytest.raises(DataError, match=r"has no MNIST(.|\n)*t10k-images-idx3-ubyte\.gz"):
        mnist(root=tmp_path, split="test")


@pytest.mark.data
def test_the_real_digits_are_read() -> None:
    """A nearest mean names most of them: pictures and labels belong together."""
    train, test = mnist(root=DATA), mnist(root=DATA, split="test")
    means = torch.stack([train.images[train.labels == one].mean(0) for one in range(10)])
    named = torch.cdist(test.images.flatten(1), means.flatten(1)).argmin(1)
    assert (len(train), len(test)) == (8000, 2000)
    assert (named == test.labels).double().mean() > 0.75
