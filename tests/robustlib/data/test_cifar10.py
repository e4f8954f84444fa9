"""CIFAR-10 from its public files, from the archive as it comes, and compressed as JPEG."""

import io
import shutil
import tarfile

import numpy as np
import pytest
import torch
from PIL import Image

from robustlib.data.cifar10 import cifar10
from robustlib.errors import DataError
from tests.conftest import DATA
from tests.robustlib.data.conftest import drawn


def test_the_files_pictures_come_in_their_order(files) -> None:
    parts = [drawn(20 + number, 3 * 32 * 32) for number in range(1, 6)]
    read = cifar10(root=files)
    pictures = np.concatenate([each for each, _ in parts]).reshape(-1, 3, 32, 32)
    assert torch.equal((read.images * 255).round().byte(), torch.from_numpy(pictures))
    assert read.labels.tolist() == [one for _, labels in parts for one in labels.tolist()]
    assert len(cifar10(root=files, split="test")) == 100


def test_the_archive_is_read_as_it_comes(files, tmp_path) -> None:
    with tarfile.open(tmp_path / "cifar-10-binary.tar.gz", "w:gz") as archive:
        archive.add(files / "cifar-10-batches-bin", "cifar-10-batches-bin")
    assert torch.equal(cifar10(root=tmp_path).images, cifar10(root=files).images)


def photographs(pictures: np.ndarray) -> list[bytes]:
    """[n, 32, 32, 3] bytes, each as a file."""
    packed = []
    for picture in pictures:
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "JPEG", quality=95)
        packed.append(file.getvalue())
    return packed


@pytest.fixture
def jpeg(tmp_path):
    """A folder with smooth pictures compressed as JPEG, and the pictures."""
    line = np.arange(32, dtype=np.uint8)
    pictures = np.stack([np.stack([line + 8 * n] * 32)[..., None].repeat(3, 2) for n in range(9)])
    packed = photographs(pictures)
    offsets = np.cumsum([0, *map(len, packed)])
    content = np.frombuffer(b"".join(packed), np.uint8)
    labels = np.arange(9, dtype=np.uint8)
    np.savez(tmp_path / "cifar10-test-jpeg.npz", jpeg=content, offset=offsets, label=labels)
    return tmp_path, pictures


def test_compressed_pictures_are_nearly_the_same(jpeg) -> None:
    folder, pictures = jpeg
    read = cifar10(root=folder, split="test")
    wanted = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255
    assert (read.images - wanted).abs().max() < 0.02
    some = cifar10(4, seed=1, root=folder, split="test")
    assert torch.equal(some.images, read.images[some.labels])


def test_a_damaged_picture_is_refused(jpeg) -> None:
    folder, _ = jpeg
    file = folder / "cifar10-test-jpeg.npz"
    with np.load(file) as archive:
        parts = dict(archive)
    parts["jpeg"] = np.where(np.arange(len(parts["jpeg"])) < 300, 0, parts["jpeg"])
    np.savez(file, **parts)
    with pytest.raises(DataError, match="holds a damaged picture"):
        cifar10(root=folder, split="test")


def test_a_short_file_is_refused(files, tmp_path) -> None:
    shutil.copytree(files / "cifar-10-batches-bin", tmp_path / "cifar-10-batches-bin")
    file = tmp_path / "cifar-10-batches-bin/test_batch.bin"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(DataError, match="should hold records of 3073 bytes"):
        cifar10(root=tmp_path, split="test")


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_a_broken_archive_is_refused(content, tmp_path) -> None:
    (tmp_path / "cifar-10-binary.tar.gz").write_bytes(content)
    with pytest.raises(DataError, match="cannot be read"):
        cifar10(root=tmp_path)


def test_what_is_not_there_is_named(tmp_path) -> None:
    with pytest.raises(DataError, match=r"has no CIFAR-10(.|\n)*cifar-10-binary\.tar\.gz"):
        cifar10(root=tmp_path)


@pytest.mark.data
def test_the_real_photographs_are_read() -> None:
    """A thousand a class; aeroplanes and ships are bluer than frogs and deer."""
    test = cifar10(root=DATA, split="test")
    assert test.labels.bincount().tolist() == [1000] * 10
    colour = torch.stack([test.images[test.labels == one].mean((0, 2, 3)) for one in range(10)])
    bluer = colour[:, 2] - colour[:, 0]
    assert min(bluer[0], bluer[8]) > max(bluer[6], bluer[4])
