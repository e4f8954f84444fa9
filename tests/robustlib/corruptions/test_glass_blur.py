"""Pixels move as in a loop over the picture's bytes."""

import numpy as np
import pytest
import torch

from robustlib.corruptions._sampling import clamped, smoothed
from robustlib.corruptions.glass_blur import _origins, glass_blur
from robustlib.draws import Draws
from tests.robustlib.corruptions.conftest import streams


def shuffled(picture, shifts, reach):
    """One round over [h, w, c] in place, written as an exchange of two views of one array."""
    height, width = picture.shape[:2]
    for y in range(height - reach, reach, -1):
        for x in range(width - reach, reach, -1):
            down, right = shifts[:, y, x]
            there = y + down, x + right
            picture[y, x], picture[there] = picture[there], picture[y, x]


@pytest.mark.parametrize("reach", [1, 2, 4])
@pytest.mark.parametrize("shape", [(12, 12), (9, 15), (3, 3)])
def test_one_round_is_the_loop(shape, reach) -> None:
    height, width = shape
    place = np.arange(height * width).reshape(height, width, 1)
    origins = _origins(Draws(0, range(3)), height, width, reach)
    for row in range(3):
        picture = np.concatenate([place, -place], axis=2)  # two channels: entries are views
        shifts = Draws(0, [row]).randint(2 * reach, 2, height, width)[0].numpy() - reach
        if min(shape) > 2 * reach:
            shuffled(picture, shifts, reach)
        assert np.array_equal(origins[row].numpy(), picture[..., 0])


def test_rounds_follow_one_another_between_two_blurs() -> None:
    images = torch.rand(2, 3, 32, 32, dtype=torch.float64)
    corrupted = glass_blur(images, severity=5, draws=streams(images))
    for row in range(2):
        draws = Draws(0, [row])
        picture = smoothed(images[row : row + 1], 0.4, cut=4, border=clamped)[0]
        picture = picture.permute(1, 2, 0).numpy().copy()
        for _ in range(2):
            shuffled(picture, draws.randint(2, 2, 32, 32)[0].numpy() - 1, 1)
        again = torch.from_numpy(picture).permute(2, 0, 1)[None]
        wanted = smoothed(again, 0.4, cut=4, border=clamped)
        assert torch.allclose(corrupted[row : row + 1], wanted, atol=1e-12)


def test_pixels_stay_near() -> None:
    y, x = np.divmod(_origins(Draws(1, range(20)), 64, 64, 2).numpy(), 64)
    rows, columns = np.indices((64, 64))
    assert 0.5 < np.hypot(y - rows, x - columns).mean() < 4
    assert (y[:, :2] == rows[:2]).all()  # the edge stays
    assert (x[:, :, :2] == columns[:, :2]).all()
