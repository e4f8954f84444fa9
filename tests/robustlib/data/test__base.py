"""A data set keeps its promise or says which part of it is broken."""

import dataclasses

import pytest
import torch

from robustlib.data._base import Dataset
from robustlib.errors import DataError

GOOD = Dataset(torch.rand(3, 1, 2, 2), torch.tensor([0, 1, 1]), ("no", "yes"), ("否", "是"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"images": torch.rand(3, 1, 2, 2).double()}, "float32"),
        ({"images": torch.rand(3, 4)}, r"\[n, c, h, w\]"),
        ({"images": 255 * torch.ones(3, 1, 2, 2)}, "scale"),
        ({"images": torch.full((3, 1, 2, 2), torch.nan)}, "scale"),
        ({"labels": torch.tensor([0, 1])}, "one for each of 3"),
        ({"labels": torch.tensor([0.0, 1, 1])}, "int64"),
        ({"labels": torch.tensor([0, 1, 2])}, "2 classes"),
        ({"labels": torch.tensor([0, 1, -1])}, "2 classes"),
        ({"classes_zh": ("否",)}, "2 English class names but 1"),
    ],
)
def test_each_broken_part_is_told(change, told):
    with pytest.raises(DataError, match=told):
        dataclasses.replace(GOOD, **change)


def test_rows_are_taken_in_order():
    some = GOOD.take(torch.tensor([2, 0]))
    assert len(some) == 2
    assert torch.equal(some.images, GOOD.images[[2, 0]])
    assert some.labels.tolist() == [1, 0]
    assert some.classes == GOOD.classes
