import numpy as np
import pytest
import torch

from robustlib.corruptions._zoom import zoomed
from robustlib.corruptions.zoom_blur import zoom_blur
from tests.robustlib.corruptions.conftest import streams


@pytest.mark.parametrize(
    ("side", "severity", "last"),
    [(32, 1, 1.06), (32, 2, 1.11), (32, 3, 1.15), (32, 4, 1.2), (32, 5, 1.25), (128, 1, 1.11)],
)
def test_it_is_the_mean_of_single_zooms(side, severity, last) -> None:
    images = torch.rand(2, 3, side, side, dtype=torch.float64)
    factors = np.arange(1, last + 0.005, 0.01)
    assert factors[-1] == pytest.approx(last)
    wanted = torch.stack([images, *(zoomed(images, factor) for factor in factors)]).mean(dim=0)
    corrupted = zoom_blur(images, severity=severity, draws=streams(images))
    assert torch.allclose(corrupted, wanted, atol=1e-9)
