"""The disk is one, and the blur is its sum, pixel by pixel."""

import math

import pytest
import torch

from robustlib.corruptions.defocus_blur import _LEVELS, _disk, defocus_blur
from tests.robustlib.corruptions.conftest import streams

DISKS = {*_LEVELS.cifar, *_LEVELS.tiny, *_LEVELS.imagenet}


@pytest.mark.parametrize(("radius", "softness"), sorted(DISKS))
def test_it_is_a_disk_of_sum_one(radius, softness) -> None:
    disk = _disk(radius, softness)
    assert disk.sum().item() == pytest.approx(1)
    assert disk.min() >= 0
    for other in (disk.T, disk.flip(0), disk.flip(1)):
        assert torch.allclose(disk, other)
    half = len(disk) // 2
    for y, x in torch.cartesian_prod(*[torch.arange(-half, half + 1)] * 2).tolist():
        if math.hypot(y, x) <= radius - 3:
            assert disk[half + y, half + x] == pytest.approx(disk[half, half].item())
        if math.hypot(y, x) > radius + 3:
            assert disk[half + y, half + x] == 0


def test_a_hard_disk_is_flat() -> None:
    """29 pixels lie within three of the middle; a bell of 0.1 pixels does not reach the next."""
    disk = _disk(3, 0.1)
    assert (disk > 1e-9).sum() == 29
    assert disk[disk > 1e-9].max().item() == pytest.approx(1 / 29)
    assert disk[disk > 1e-9].min().item() == pytest.approx(1 / 29)


@pytest.mark.parametrize("severity", [3, 5])
def test_it_is_the_sum_over_the_disk(severity) -> None:
    images = torch.rand(2, 1, 6, 7, dtype=torch.float64)
    disk = _disk(*_LEVELS.cifar[severity - 1])
    half = len(disk) // 2
    blurred = defocus_blur(images, severity=severity, draws=streams(images))

    def beyond(place, size):
        return -place if place < 0 else 2 * size - 2 - place if place >= size else place

    for row, y, x in torch.cartesian_prod(*map(torch.arange, (2, 6, 7))).tolist():
        total = 0.0
        for down in range(-half, half + 1):
            for right in range(-half, half + 1):
                there = beyond(y + down, 6), beyond(x + right, 7)
                total += disk[half + down, half + right].item() * images[row, 0][there].item()
        assert blurred[row, 0, y, x].item() == pytest.approx(total)
