import pytest
import torch

from robustlib.corruptions._motion import moved
from robustlib.corruptions.motion_blur import motion_blur
from tests.robustlib.corruptions.conftest import streams


@pytest.mark.parametrize(
    ("severity", "radius", "sigma"), [(1, 6, 1), (2, 6, 1.5), (3, 6, 2), (4, 8, 2), (5, 9, 2.5)]
)
def test_the_angle_is_drawn(severity, radius, sigma) -> None:
    images = torch.rand(5, 3, 32, 32)
    angle = streams(images).uniform(1)[:, 0] * 90 - 45
    corrupted = motion_blur(images, severity=severity, draws=streams(images))
    assert torch.equal(corrupted, moved(images, radius, sigma, angle).clamp(0, 1))


def test_a_dot_trails_within_forty_five_degrees() -> None:
    images = torch.zeros(50, 1, 41, 41)
    images[:, :, 20, 20] = 1
    corrupted = motion_blur(images, severity=5, draws=streams(images))
    row, _, y, x = corrupted.nonzero(as_tuple=True)
    assert ((y - 20).abs() <= 20 - x).all()
    assert corrupted.sum(dim=(1, 2, 3)).sub(1).abs().max() < 1e-5
    assert (y < 18).any()
    assert (y > 22).any()
    assert len(row.unique()) == 50
