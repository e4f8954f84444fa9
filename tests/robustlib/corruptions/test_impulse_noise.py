import pytest
import torch

from robustlib.corruptions.impulse_noise import impulse_noise
from tests.robustlib.corruptions.conftest import streams


@pytest.mark.parametrize(
    ("severity", "share"), [(1, 0.01), (2, 0.02), (3, 0.03), (4, 0.05), (5, 0.07)]
)
def test_half_is_salt_and_half_is_pepper(severity, share) -> None:
    """Within five standard errors; the other values are left as they are."""
    images = torch.full((30, 3, 32, 32), 0.25)
    corrupted = impulse_noise(images, severity=severity, draws=streams(images))
    assert corrupted.unique().tolist() == [0, 0.25, 1]
    error = 5 * (share / 2 / corrupted.numel()) ** 0.5
    for grain in (0, 1):
        assert abs((corrupted == grain).double().mean().item() - share / 2) < error


def test_each_channel_has_its_own_grains() -> None:
    images = torch.full((1, 3, 32, 32), 0.5)
    red, green, _ = impulse_noise(images, severity=5, draws=streams(images))[0] != 0.5
    assert not torch.equal(red, green)
