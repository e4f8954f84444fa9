"""Against Python's own hue, saturation and value."""

import colorsys

import pytest
import torch

from robustlib.corruptions.brightness import brightness
from tests.robustlib.corruptions.conftest import streams


@pytest.mark.parametrize(
    ("severity", "light"), [(1, 0.05), (2, 0.1), (3, 0.15), (4, 0.2), (5, 0.3)]
)
def test_value_rises_and_hue_and_saturation_stay(severity, light) -> None:
    images = torch.rand(2, 3, 6, 7, dtype=torch.float64)
    images[0, :, 0], images[1, :, 2:4] = 0, 1
    corrupted = brightness(images, severity=severity, draws=streams(images))
    before, after = (each.movedim(1, 3).reshape(-1, 3).tolist() for each in (images, corrupted))
    for pixel, found in zip(before, after, strict=True):
        hue, saturation, value = colorsys.rgb_to_hsv(*pixel)
        assert found == pytest.approx(colorsys.hsv_to_rgb(hue, saturation, min(value + light, 1)))


def test_grey_pictures_are_lifted() -> None:
    grey = torch.rand(2, 1, 5, 5, dtype=torch.float64)
    wanted = (grey + 0.15).clamp(max=1)
    assert torch.allclose(brightness(grey, severity=3, draws=streams(grey)), wanted)
