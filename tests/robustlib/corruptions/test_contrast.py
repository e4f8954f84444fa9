import pytest
import torch

from robustlib.corruptions.contrast import contrast
from tests.robustlib.corruptions.conftest import streams


@pytest.mark.parametrize(("severity", "kept"), [(1, 0.75), (2, 0.5), (3, 0.4), (4, 0.3), (5, 0.15)])
def test_each_channel_keeps_its_mean_and_a_share_of_its_spread(severity, kept) -> None:
    images = (
        torch.rand(2, 3, 6, 7, dtype=torch.float64) * torch.tensor([0.2, 0.5, 1])[:, None, None]
    )
    corrupted = contrast(images, severity=severity, draws=streams(images))
    for row in range(2):
        for channel in range(3):
            values = images[row, channel].flatten().tolist()
            mean = sum(values) / len(values)
            wanted = [mean + kept * (value - mean) for value in values]
            assert corrupted[row, channel].flatten().tolist() == pytest.approx(wanted)
