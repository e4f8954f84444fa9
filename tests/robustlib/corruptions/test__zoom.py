"""Enlargements, against scipy's."""

import math

import pytest
import torch
from scipy import ndimage

from robustlib.corruptions._zoom import zoomed


def slow(image, factor):
    """One picture [h, w], cut out, enlarged by scipy and cut to size again."""
    kept = [math.ceil(size / factor) for size in image.shape]
    first = [(size - part) // 2 for size, part in zip(image.shape, kept, strict=True)]
    middle = image[first[0] : first[0] + kept[0], first[1] : first[1] + kept[1]]
    large = ndimage.zoom(middle.numpy(), factor, order=1)
    trim = [(one - size) // 2 for one, size in zip(large.shape, image.shape, strict=True)]
    return torch.from_numpy(large)[
        trim[0] : trim[0] + image.shape[0], trim[1] : trim[1] + image.shape[1]
    ]


@pytest.mark.parametrize("factor", [1.0, 1.01, 1.06, 1.25, 1.75, 2.25, 4.5])
@pytest.mark.parametrize("shape", [(32, 32), (28, 41)])
def test_it_is_scipys_middle(shape, factor) -> None:
    images = torch.rand(2, 2, *shape, dtype=torch.float64)
    found = zoomed(images, factor)
    for row in range(2):
        for channel in range(2):
            wanted = slow(images[row, channel], factor)
            assert torch.allclose(found[row, channel], wanted, atol=1e-12)


def test_no_enlargement_changes_nothing() -> None:
    images = torch.rand(1, 3, 5, 8)
    assert torch.equal(zoomed(images, 1.0), images)
