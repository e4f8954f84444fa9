"""Photons are counted as Poisson's law says."""

import math

import pytest
import torch

from robustlib.corruptions.shot_noise import shot_noise
from tests.robustlib.corruptions.conftest import streams


@pytest.mark.parametrize(("severity", "photons"), [(1, 500), (2, 250), (3, 100), (4, 75), (5, 50)])
def test_mean_and_variance_are_those_of_the_law(severity, photons) -> None:
    """Within five standard errors: those of a mean, and of a variance, of so many counts."""
    images = torch.full((30, 3, 32, 32), 0.4, dtype=torch.float64)
    counts = photons * shot_noise(images, severity=severity, draws=streams(images))
    assert (counts - counts.round()).abs().max() < 1e-9
    rate, size = 0.4 * photons, counts.numel()
    assert abs(counts.mean() - rate) < 5 * (rate / size) ** 0.5
    fourth = rate + 3 * rate**2  # central moment
    assert abs(counts.var() - rate) < 5 * ((fourth - rate**2) / size) ** 0.5


def test_three_photons_for_white() -> None:
    images = torch.full((4, 3, 128, 128), 0.5)
    corrupted = shot_noise(images, severity=5, draws=streams(images))
    size, rest = corrupted.numel(), 1.0
    for count in range(3):
        share = (corrupted * 3).round().eq(count).double().mean().item()
        expected = math.exp(-1.5) * 1.5**count / math.factorial(count)
        assert abs(share - expected) < 5 * (expected * (1 - expected) / size) ** 0.5
        rest -= share
    assert (corrupted == 1).double().mean().item() == pytest.approx(rest)  # three or more


def test_in_the_dark_nothing_is_counted() -> None:
    images = torch.zeros(2, 1, 32, 32)
    assert torch.equal(shot_noise(images, draws=streams(images)), images)
