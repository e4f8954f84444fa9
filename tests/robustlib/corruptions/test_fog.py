import pytest
import torch

from robustlib.corruptions._plasma import plasma
from robustlib.corruptions.fog import fog
from tests.robustlib.corruptions.conftest import streams


@pytest.mark.parametrize(
    ("severity", "thickness", "decay"),
    [(1, 0.2, 3), (2, 0.5, 3), (3, 0.75, 2.5), (4, 1, 2), (5, 1.5, 1.75)],
)
def test_clouds_are_laid_over_and_the_whole_is_dimmed(severity, thickness, decay) -> None:
    images = (
        torch.rand(3, 3, 20, 32, dtype=torch.float64)
        * torch.tensor([1, 0.7, 0.2])[:, None, None, None]
    )
    clouds = plasma(20, 32, decay, streams(images))
    corrupted = fog(images, severity=severity, draws=streams(images))
    for row, image in enumerate(images):
        peak = image.max()
        wanted = (image + thickness * clouds[row]) * peak / (peak + thickness)
        assert torch.allclose(corrupted[row], wanted)


def test_black_stays_black() -> None:
    night = torch.zeros(1, 3, 32, 32)
    assert torch.equal(fog(night, draws=streams(night)), night)
