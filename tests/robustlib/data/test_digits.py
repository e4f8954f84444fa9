"""Handwriting: the real file, a split that leaks nothing, and files that are not right."""

import gzip
import hashlib
import shutil

import pytest
import torch

from robustlib.data import digits as module
from robustlib.data.digits import digits
from robustlib.errors import DataError, InputError


def test_the_pictures_are_scikit_learns():
    """Shrunk back, each resembles the original that scikit-learn itself reads in its place."""
    from sklearn.datasets import load_digits

    theirs = load_digits()
    ours = torch.cat([digits().labels, digits(split="test").labels])
    assert ours.tolist() == theirs.target.tolist()
    pictures = torch.cat([digits().images, digits(split="test").images])
    inner = pictures[:, :, 3:25, 3:25]
    shrunk = torch.nn.functional.interpolate(inner, size=8, mode="area").flatten(1)
    theirs = torch.from_numpy(theirs.data).float()
    both = torch.stack([shrunk - shrunk.mean(1, True), theirs - theirs.mean(1, True)])
    shrunk, theirs = both / both.norm(dim=2, keepdim=True)
    likeness = shrunk @ theirs.T
    assert likeness.diagonal().min() > 0.8
    assert likeness.diagonal().mean() > 0.9
    assert likeness.mean() < 0.6


def test_no_original_is_in_both_splits():
    seen = {
        split: {image.numpy().tobytes() for image in digits(split=split).images}
        for split in ("train", "test")
    }
    assert len(seen["test"]) == 360
    assert not seen["train"] & seen["test"]


def test_varied_digits_come_from_their_own_split(monkeypatch):
    """With the test originals blanked, nothing drawn for training changes."""
    before = digits(200, seed=1).images
    ink, labels = module._read(module._shipped())
    blanked = torch.cat([ink[:-360], torch.zeros(360, 8, 8)])
    monkeypatch.setattr(module, "_read", lambda file: (blanked, labels))
    assert torch.equal(digits(200, seed=1).images, before)
    assert digits(50, seed=1, split="test").images.sum() == 0


def test_a_row_depends_on_its_own_number_only():
    assert torch.equal(digits(40, seed=2).images[:7], digits(7, seed=2).images)
    assert not torch.equal(digits(7, seed=3).images, digits(7, seed=2).images)


def test_variation_keeps_digits_in_the_picture():
    images = digits(500, seed=4).images
    assert images.shape[1:] == (1, 28, 28)
    assert images.sum(dim=(1, 2, 3)).min() > 15
    edge = torch.cat([images[..., 0, :], images[..., -1, :], images[..., 0], images[..., -1]], -1)
    assert edge.mean() < 0.05


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(DataError, match="no file"):
        digits(file=tmp_path / "digits.csv.gz")


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_truncated_file_is_told(tmp_path, share):
    file = tmp_path / "digits.csv.gz"
    whole = module._shipped().read_bytes()
    file.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(DataError, match=r"truncated|not scikit-learn's"):
        digits(file=file)


def test_another_file_is_told(tmp_path):
    file = tmp_path / "digits.csv.gz"
    file.write_bytes(gzip.compress(b"1,2,3\n"))
    with pytest.raises(DataError, match="SHA-256"):
        digits(file=file)
    file.write_bytes(b"1,2,3\n")
    module._read.cache_clear()
    with pytest.raises(DataError, match="gzip"):
        digits(file=file)


def test_another_place_of_the_file_is_used(tmp_path):
    copy = shutil.copy(module._shipped(), tmp_path)
    assert len(digits(file=tmp_path / copy)) == 1437


@pytest.mark.parametrize("wrong", [{"split": "valid"}, {"count": -1}])
def test_wrong_arguments_are_refused(wrong):
    with pytest.raises(InputError):
        digits(**wrong)


def test_the_checksum_is_of_the_text():
    text = gzip.decompress(module._shipped().read_bytes())
    assert hashlib.sha256(text).hexdigest() == module._SHA256
