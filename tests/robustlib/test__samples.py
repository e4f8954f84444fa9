"""Pictures where nobody gives any: the shape is one that the model answers."""

import time

import pytest
import torch
from torch import Tensor, nn

from robustlib._samples import FEWEST, MOST, affordable, drawn, shape_of, suited
from robustlib.errors import InputError


def conv(channels: int, side: int) -> nn.Module:
    """It takes pictures of one size only."""
    layers = [nn.Conv2d(channels, 2, 3, padding=1), nn.Flatten(), nn.Linear(2 * side * side, 3)]
    return nn.Sequential(*layers).eval()


class Asserting(nn.Module):
    """It asserts the side that it takes, as transformers do."""

    def forward(self, images: Tensor) -> Tensor:
        assert images.shape[3] == 64, "wrong width"
        return images.mean(dim=(2, 3))


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (Asserting(), (3, 64, 64)),
        (conv(3, 32), (3, 32, 32)),
        (conv(1, 28), (1, 28, 28)),
        (conv(4, 8), (4, 8, 8)),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 3)), (1, 28, 28)),
        (nn.Sequential(nn.Flatten(), nn.Linear(3 * 32 * 32, 3)), (3, 32, 32)),
        (nn.Linear(7, 3), (7,)),
        (conv(1, 16).bfloat16(), (1, 16, 16)),
        (lambda images: images[:, 2].flatten(1), (3, 32, 32)),
    ],
)
def test_a_shape_that_the_model_answers_is_found(model, shape) -> None:
    assert shape_of(model) == shape


def test_a_model_of_none_of_these_asks_for_a_shape() -> None:
    with pytest.raises(InputError, match=r"\(3, 32, 32\), \(3, 28, 28\).*give their shape"):
        shape_of(conv(3, 31))


def test_pictures_are_seeded_lie_in_the_box_and_half_of_them_are_soft() -> None:
    images = drawn((3, 16, 16), 20)
    assert torch.equal(images, drawn((3, 16, 16), 20))
    assert not torch.equal(images, drawn((3, 16, 16), 20, seed=1))
    assert 0 <= images.min() < images.max() < 1
    rough = (images.diff(dim=3) ** 2).flatten(1).mean(1)
    assert rough[::2].max() < rough[1::2].min() / 3
    assert drawn((5,), 3).shape == (3, 5)


@pytest.mark.parametrize(("pause", "count"), [(0.0, MOST), (0.1, FEWEST)])
def test_a_slow_model_is_shown_fewer_pictures(pause, count) -> None:
    def model(images: Tensor) -> Tensor:
        time.sleep(pause * len(images))
        return images[:, :2]

    assert affordable(model, (3,)) == count


class Held(nn.Module):
    """Nothing but parameters, and buffers on another device."""

    def __init__(self, *parameters: Tensor, buffers: int = 0) -> None:
        super().__init__()
        self.weights = nn.ParameterList(nn.Parameter(each, False) for each in parameters)
        for number in range(buffers):
            self.register_buffer(f"buffer{number}", torch.zeros(2, device="meta"))


def test_pictures_go_where_a_models_weights_are_and_are_of_their_kind() -> None:
    images = torch.rand(2, 3, requires_grad=True)
    double, coarse = torch.zeros(2).double(), torch.zeros(2, 2).bfloat16()
    for model, dtype, device in [
        (lambda images: images, torch.float32, "cpu"),
        (Held(), torch.float32, "cpu"),
        (Held(torch.zeros(2).long()), torch.float32, "cpu"),
        (Held(double), torch.float64, "cpu"),
        (Held(double, coarse), torch.bfloat16, "cpu"),  # a mean and a spread, and then a layer
        (Held(buffers=1), torch.float32, "meta"),
    ]:
        shown = suited(images, model)
        assert (shown.dtype, shown.device.type, shown.requires_grad) == (dtype, device, False)
