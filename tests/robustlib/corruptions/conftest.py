"""Pictures to be corrupted, and their random streams."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from robustlib.data.digits import digits
from robustlib.data.signs import signs
from robustlib.draws import Draws


def streams(images: Tensor, seed: int = 0) -> Draws:
    return Draws(seed, range(len(images)))


@pytest.fixture(scope="session")
def scenes(device: torch.device) -> Callable[..., Tensor]:
    """scenes(count, shape): traffic signs in colour or digits in grey, brought to a shape."""

    def take(
        count: int, shape: tuple[int, int, int] = (3, 32, 32), dtype: torch.dtype = torch.float64
    ) -> Tensor:
        drawn = (signs if shape[0] == 3 else digits)(count, seed=5).images.to(dtype)
        if drawn.shape[1:] != shape:
            drawn = functional.interpolate(drawn, size=shape[1:], mode="bilinear").clamp(0, 1)
        return drawn.to(device)

    return take
