"""What every data set promises; a new file joins by existing."""

import pytest
import torch

from robustlib.data import data


@pytest.fixture(autouse=True)
def files_are_there(files, monkeypatch) -> None:
    monkeypatch.setenv("ROSTRA_DATA", str(files))


@pytest.mark.parametrize("name", data)
@pytest.mark.parametrize("split", ["train", "test"])
def test_contract(name, split, random_states):
    """A seed gives the same pictures for the same row, and others for another seed."""
    states = random_states()
    many, few = data[name](60, seed=1, split=split), data[name](20, seed=1, split=split)
    assert random_states() == states
    assert torch.equal(many.images[:20], few.images)
    assert torch.equal(many.labels[:20], few.labels)
    assert not torch.equal(data[name](20, seed=2, split=split).images, few.images)
    assert len(set(many.classes)) == len(set(many.classes_zh)) == len(many.classes)
    assert len(data[name](0, split=split)) == 0


@pytest.mark.parametrize("name", data)
def test_splits_differ(name):
    train, test = (data[name](20, seed=1, split=split) for split in ("train", "test"))
    assert not torch.equal(train.images, test.images)
