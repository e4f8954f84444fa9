"""Ice is added as the formula says, and has the light of the photographs that it stands for."""

import pytest
import torch

from robustlib.corruptions.frost import _COLOURS, _needles, frost
from robustlib.draws import Draws
from tests.robustlib.corruptions.conftest import streams


@pytest.mark.parametrize(
    ("severity", "kept", "ice"),
    [(1, 1, 0.2), (2, 1, 0.3), (3, 0.9, 0.4), (4, 0.85, 0.4), (5, 0.75, 0.45)],
)
def test_picture_and_ice_are_added(severity, kept, ice) -> None:
    images = torch.rand(4, 3, 32, 32, dtype=torch.float64)
    crystals = frost(torch.zeros_like(images), severity=severity, draws=streams(images)) / ice
    corrupted = frost(images, severity=severity, draws=streams(images))
    assert crystals.max() <= 1
    assert torch.allclose(corrupted, (kept * images + ice * crystals).clamp(0, 1))


def test_each_picture_has_one_of_the_colours() -> None:
    night = torch.zeros(60, 3, 64, 64, dtype=torch.float64)
    crystals = frost(night, severity=1, draws=streams(night)) / 0.3
    means = crystals.mean(dim=(2, 3))
    gaps = (means[:, None] - torch.tensor(_COLOURS, dtype=torch.float64)).abs().amax(dim=2)
    assert gaps.amin(dim=1).max() < 0.12  # clouds lighten some of them and darken others
    assert set(gaps.argmin(dim=1).tolist()) >= {0, 1, 3, 4}  # two are the same
    contrasts = crystals.mean(dim=1).flatten(1).std(dim=1)
    assert 0.07 < contrasts.mean() < 0.17  # of the photographs: 0.07 to 0.17


def test_needles_are_streaks_of_noise() -> None:
    needles = _needles(128, 128, 12, Draws(0, range(6)))
    assert abs(needles.mean()) < 0.05
    assert 0.8 < needles.std() < 1.2
    assert not torch.equal(needles[0], needles[1])
    long, short = (_likeness(_needles(128, 128, size, Draws(0, range(6)))) for size in (12, 1))
    assert long > 3 * short


def _likeness(pictures) -> float:
    """Of pixels side by side."""
    return (pictures[..., 1:] * pictures[..., :-1]).mean().item()
