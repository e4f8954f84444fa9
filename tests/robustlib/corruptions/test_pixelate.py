"""Against Pillow's box filter, there and back."""

import numpy as np
import pytest
import torch
from PIL import Image

from robustlib.corruptions.pixelate import _LEVELS, _cells, pixelate
from tests.robustlib.corruptions.conftest import streams


def boxed(picture, share):
    """[h, w] float32: Pillow rounds no pixel of such a picture."""
    height, width = picture.shape
    small = Image.fromarray(picture).resize((int(width * share), int(height * share)), Image.BOX)
    return np.asarray(small.resize((width, height), Image.BOX))


@pytest.mark.parametrize("shape", [(32, 32), (28, 46), (64, 64), (128, 144)])
@pytest.mark.parametrize("severity", [1, 2, 3, 4, 5])
def test_it_is_pillows_box(shape, severity) -> None:
    images = torch.rand(2, 1, *shape)
    found = pixelate(images, severity=severity, draws=streams(images))
    share = _LEVELS.at(images, severity, streams(images))
    for row in range(2):
        assert found[row, 0].numpy() == pytest.approx(
            boxed(images[row, 0].numpy(), share), abs=1e-6
        )


def test_every_pixel_is_a_mean() -> None:
    for size in range(1, 80):
        for share in (0.25, 0.5, 0.65, 0.95):
            cells = _cells(size, share)
            assert torch.allclose(cells.sum(dim=1), torch.ones(size, dtype=torch.float64))
