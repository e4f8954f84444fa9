"""The whitening by its formula, the flakes by their symmetry and their number."""

import pytest
import torch

from robustlib.corruptions.snow import _LEVELS, _flakes, snow
from robustlib.draws import Draws
from tests.robustlib.corruptions.conftest import streams


class Calm(Draws):
    """Draws no noise: the air is clear."""

    def normal(self, *shape):
        return torch.zeros(len(self), *shape)


@pytest.mark.parametrize(
    ("severity", "share"), [(1, 0.95), (2, 0.9), (3, 0.9), (4, 0.85), (5, 0.8)]
)
def test_without_flakes_the_picture_is_whitened(severity, share) -> None:
    images = torch.rand(1, 3, 4, 5, dtype=torch.float64)
    corrupted = snow(images, severity=severity, draws=Calm(0, [0]))
    for y in range(4):
        for x in range(5):
            pixel = images[0, :, y, x].tolist()
            red, green, blue = pixel
            bright = 1.5 * (0.299 * red + 0.587 * green + 0.114 * blue) + 0.5
            for channel, value in enumerate(pixel):
                white = min(share * value + (1 - share) * max(value, bright), 1)
                assert corrupted[0, channel, y, x].item() == pytest.approx(white)


def test_grey_pictures_are_their_own_grey() -> None:
    grey = torch.rand(2, 1, 32, 32, dtype=torch.float64)
    colour = snow(grey.expand(-1, 3, -1, -1), draws=Draws(0, [0, 1]))
    assert torch.allclose(snow(grey, draws=Draws(0, [0, 1])), colour.mean(1, keepdim=True))


def test_flakes_fall_twice_once_upside_down() -> None:
    night = torch.zeros(3, 3, 32, 32, dtype=torch.float64)
    corrupted = snow(night, severity=2, draws=streams(night))
    assert torch.allclose(corrupted, corrupted.flip(2, 3))
    red, green, _ = corrupted.unbind(1)
    assert torch.equal(red, green)
    flakes = _flakes(night, _LEVELS.cifar[1], streams(night))
    assert torch.allclose(corrupted, (0.05 + flakes + flakes.flip(2, 3)).clamp(max=1))


def test_as_many_flakes_begin_as_the_noise_has_peaks() -> None:
    """At the first severity a pixel in 161: the noise is above 2.5 standard deviations there."""
    images = torch.zeros(60, 1, 40, 40)
    weather = _LEVELS.cifar[0]._replace(radius=0)  # not smeared
    share = (_flakes(images, weather, streams(images)) > 0).double().mean().item()
    expected = 0.00620967
    assert abs(share - expected) < 5 * (expected / images.numel()) ** 0.5


def test_flakes_fall_downwards() -> None:
    """A pixel's light is that of the line above it, at most 45 degrees to its side."""
    images = torch.zeros(200, 1, 31, 31)
    flakes = _flakes(images, _LEVELS.cifar[0]._replace(threshold=0.95), streams(images))
    tall = (flakes[:, 0, 1:] * flakes[:, 0, :-1]).sum()
    wide = (flakes[:, 0, :, 1:] * flakes[:, 0, :, :-1]).sum()
    assert tall > 1.5 * wide
