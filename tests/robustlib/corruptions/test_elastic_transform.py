"""Sheets that are not pulled stay, those pulled evenly are moved, and the rest is scipy's."""

import numpy as np
import pytest
import torch
from scipy import ndimage

from robustlib.corruptions.elastic_transform import _bent, _pulled, elastic_transform
from robustlib.draws import Draws
from tests.robustlib.corruptions.conftest import streams


def shifts(*points):
    return torch.tensor([points], dtype=torch.float64)


def test_nothing_pulled_and_nothing_bent_is_the_picture() -> None:
    images = torch.rand(2, 3, 7, 9, dtype=torch.float64)
    assert torch.allclose(_pulled(images, torch.zeros(2, 3, 2, dtype=torch.float64)), images)
    assert torch.allclose(_bent(images, torch.zeros(2, 2, 7, 9, dtype=torch.float64)), images)


def test_points_pulled_alike_move_the_picture() -> None:
    """Two to the right and one down; what comes in is mirrored at the edge pixel."""
    images = torch.rand(1, 3, 7, 9, dtype=torch.float64)
    found = _pulled(images, shifts((2, 1), (2, 1), (2, 1)))
    assert torch.allclose(found[..., 1:, 2:], images[..., :-1, :-2])
    assert torch.allclose(found[..., 0, 2:], images[..., 1, :-2])
    assert torch.allclose(found[..., 1:, 0], images[..., :-1, 2])


def test_each_of_the_three_points_goes_where_it_is_pulled() -> None:
    """On a ramp a pixel's value is its place."""
    y, x = torch.meshgrid(torch.arange(33.0), torch.arange(30.0), indexing="ij")
    ramps = torch.stack([x, y])[None].double()
    pulls = [(3, -2), (-1, 4), (2, 2)]
    found = _pulled(ramps, shifts(*pulls))
    points = [(25, 26), (25, 6), (5, 6)]  # around (15, 16), at ten pixels
    for (across, down), (right, below) in zip(points, pulls, strict=True):
        pixel = found[0, :, down + below, across + right]
        assert pixel.tolist() == pytest.approx([across, down])


def test_a_bend_takes_pixels_from_elsewhere() -> None:
    images = torch.rand(1, 1, 5, 6, dtype=torch.float64)
    field = torch.zeros(1, 2, 5, 6, dtype=torch.float64)
    field[0, 0, 2, 3], field[0, 1, 2, 3] = 1, -2  # one to the right, two up
    found = _bent(images, field)
    assert found[0, 0, 2, 3] == images[0, 0, 0, 4]
    found[0, 0, 2, 3] = images[0, 0, 2, 3]
    assert torch.allclose(found, images)


@pytest.mark.parametrize(
    ("severity", "bend", "sigma", "pull"),
    [(1, 0, 0, 0.08), (2, 0.05, 0.2, 0.07), (3, 0.08, 0.06, 0.06), (4, 0.1, 0.04, 0.05),
     (5, 0.1, 0.03, 0.03)],
)  # fmt: skip
def test_the_whole_is_what_scipy_makes_of_it(severity, bend, sigma, pull) -> None:
    """With the paper's constants as shares of 32 pixels."""
    images = torch.rand(2, 1, 32, 32, dtype=torch.float64)
    corrupted = elastic_transform(images, severity=severity, draws=streams(images))
    ticks = np.indices((32, 32)).astype(float)
    for row in range(2):
        draws = Draws(0, [row])
        before = np.array([[26, 26], [26, 6], [6, 6]], float)
        after = before + 32 * pull * (2 * draws.uniform(3, 2)[0].double().numpy() - 1)
        back, *_ = np.linalg.lstsq(np.c_[after, np.ones(3)], before)
        x, y = np.tensordot(back.T, np.stack([ticks[1], ticks[0], np.ones((32, 32))]), axes=1)
        picture = images[row, 0].numpy()
        picture = ndimage.map_coordinates(picture, [y, x], order=1, mode="mirror")
        if bend:
            noise = 2 * draws.uniform(2, 32, 32)[0].double().numpy() - 1
            dx, dy = (
                32 * bend * ndimage.gaussian_filter(each, 32 * sigma, mode="reflect", truncate=3)
                for each in noise
            )
            places = [ticks[0] + dy, ticks[1] + dx]
            picture = ndimage.map_coordinates(picture, places, order=1, mode="reflect")
        assert corrupted[row, 0].numpy() == pytest.approx(picture, abs=1e-6)
