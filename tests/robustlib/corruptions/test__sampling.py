"""Edges, places between pixels and bells, against numpy's and scipy's own."""

import numpy as np
import pytest
import torch
from scipy import ndimage

from robustlib.corruptions._sampling import clamped, doubled, mirrored, padded, sampled, smoothed

BORDERS = pytest.mark.parametrize(
    ("border", "numpys", "scipys"),
    [(clamped, "edge", "nearest"), (mirrored, "reflect", "mirror"),
     (doubled, "symmetric", "reflect")],
)  # fmt: skip


@BORDERS
@pytest.mark.parametrize("reach", [0, 2, 9])
def test_pixels_beyond_an_edge(border, numpys, scipys, reach) -> None:
    """As far as more than a whole picture away."""
    images = torch.rand(2, 3, 4, 5)
    wanted = np.pad(images.numpy(), [(0, 0), (0, 0), (reach, reach), (reach, reach)], numpys)
    assert np.array_equal(padded(images, reach, border).numpy(), wanted)


@BORDERS
def test_one_pixel_is_all_there_is(border, numpys, scipys) -> None:
    assert border(torch.arange(-5, 6), 1).tolist() == [0] * 11


@BORDERS
def test_places_between_pixels(border, numpys, scipys) -> None:
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(2, 3, 6, 7, generator=generator, dtype=torch.float64)
    y, x = (torch.rand(2, 6, 7, generator=generator, dtype=torch.float64) * 20 - 7 for _ in "yx")
    found = sampled(images, y, x, border)
    for row, channel in np.ndindex(2, 3):
        wanted = ndimage.map_coordinates(
            images[row, channel].numpy(), [y[row].numpy(), x[row].numpy()], order=1, mode=scipys
        )
        assert found[row, channel].numpy() == pytest.approx(wanted, abs=1e-12)


@BORDERS
@pytest.mark.parametrize(("sigma", "cut"), [(0.05, 4), (0.4, 4), (1.5, 4), (30.0, 3)])
def test_bells_are_scipys(border, numpys, scipys, sigma, cut) -> None:
    images = torch.rand(2, 1, 8, 11, dtype=torch.float64)
    found = smoothed(images, sigma, cut=cut, border=border)
    for row in range(2):
        wanted = ndimage.gaussian_filter(images[row, 0].numpy(), sigma, mode=scipys, truncate=cut)
        assert found[row, 0].numpy() == pytest.approx(wanted, abs=1e-12)
