import pytest
import torch

from robustlib.corruptions.gaussian_noise import gaussian_noise
from tests.robustlib.corruptions.conftest import streams


@pytest.mark.parametrize(
    ("side", "sigmas"),
    [(32, (0.04, 0.06, 0.08, 0.09, 0.10)), (64, (0.04, 0.08, 0.12, 0.15, 0.18)),
     (128, (0.08, 0.12, 0.18, 0.26, 0.38))],
)  # fmt: skip
def test_it_is_clipped_normal_noise(side, sigmas) -> None:
    images = torch.rand(2, 3, side, side, dtype=torch.float64)
    normal = streams(images).normal(3, side, side).double()
    for severity, sigma in enumerate(sigmas, start=1):
        corrupted = gaussian_noise(images, severity=severity, draws=streams(images))
        assert torch.equal(corrupted, (images + sigma * normal).clamp(0, 1))
