"""What the library's tests share: victims small enough to reason about, and where they live."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from robustlib.conformance._exact_net import ExactNet


@pytest.fixture(scope="session")
def device() -> torch.device:
    return torch.device("cpu")


@pytest.fixture(scope="session")
def net(device: torch.device) -> Callable[..., nn.Module]:
    """net(classes, shape): a smooth, seeded net with BatchNorm; convolutional for images."""

    def build(
        classes: int = 4,
        shape: tuple[int, ...] = (2, 6, 6),
        dtype: torch.dtype = torch.float64,
        seed: int = 0,
    ) -> nn.Module:
        if len(shape) == 3:
            body: list[nn.Module] = [nn.Conv2d(shape[0], 6, 3, padding=1), nn.BatchNorm2d(6)]
            width = 6 * shape[1] * shape[2]
        else:
            body, width = [nn.Linear(shape[0], 12), nn.BatchNorm1d(12)], 12
        layers = nn.Sequential(*body, nn.SiLU(), nn.Flatten(), nn.Linear(width, classes))
        generator = torch.Generator().manual_seed(seed)
        for name, tensor in layers.state_dict().items():
            if tensor.is_floating_point():
                drawn = torch.randn(tensor.shape, generator=generator) * 0.4
                tensor.copy_(drawn.abs() + 0.5 if name.endswith("var") else drawn)
        return layers.to(device, dtype).eval()

    return build


@pytest.fixture(scope="session")
def pictures(device: torch.device) -> Callable[..., Tensor]:
    """pictures(count, shape): seeded numbers in [0, 1], many of them exactly 0 or 1."""

    def draw(
        count: int,
        shape: tuple[int, ...] = (2, 6, 6),
        dtype: torch.dtype = torch.float64,
        seed: int = 1,
    ) -> Tensor:
        generator = torch.Generator().manual_seed(seed)
        drawn = torch.rand(count, *shape, generator=generator) * 1.4 - 0.2
        return drawn.clamp(0, 1).to(device, dtype)

    return draw


@pytest.fixture(scope="session")
def labels_of() -> Callable[[nn.Module, Tensor], Tensor]:
    """The model's own answers: labels that every image has right."""

    def label(model: nn.Module, images: Tensor) -> Tensor:
        with torch.no_grad():
            return model(images).argmax(dim=1)

    return label


@pytest.fixture(scope="session")
def random_states(device: torch.device) -> Callable[[], list[Any]]:
    """The states of all global generators, the device's among them, to be compared."""

    def look() -> list[Any]:
        states = [torch.get_rng_state()]
        if device.type == "cuda":
            states.append(torch.cuda.get_rng_state(device))
        numpys = np.random.get_state()  # noqa: NPY002
        return [*(state.tolist() for state in states), numpys[1].tolist(), random.getstate()]

    return look


@pytest.fixture(scope="session")
def exact_net() -> ExactNet:
    """The tiny ReLU net."""
    return ExactNet()
