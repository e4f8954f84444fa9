import math

import pytest
import torch
from torch.nn import functional

from robustlib.attacks._canvas import blurred, check_kernel, grid, on_canvas, waves
from robustlib.errors import InputError


def test_what_is_no_picture_is_one_line() -> None:
    assert on_canvas(torch.zeros(2, 3, 4, 5)).shape == (2, 3, 4, 5)
    assert on_canvas(torch.zeros(2, 3, 4)).shape == (2, 1, 1, 12)
    assert on_canvas(torch.zeros(0, 7)).shape == (0, 1, 1, 7)
    assert grid(torch.Size((3, 4, 5))) == (3, 4, 5)
    assert grid(torch.Size((3, 5))) == (1, 1, 15)


def test_waves_are_those_of_the_cosine_transform() -> None:
    basis = waves(5)
    assert torch.allclose(basis @ basis.T, torch.eye(5, dtype=torch.float64), atol=1e-12)
    for wave in range(5):
        for place in range(5):
            height = math.cos(math.pi * (2 * place + 1) * wave / 10)
            scale = math.sqrt((1 if wave == 0 else 2) / 5)
            assert basis[wave, place].item() == pytest.approx(scale * height, abs=1e-12)


@pytest.mark.parametrize("kernel", [1, 3, 9])
def test_it_is_a_convolution_with_a_product(kernel) -> None:
    generator = torch.Generator().manual_seed(0)
    canvas = torch.randn(4, 2, 5, 6, generator=generator, dtype=torch.float64)
    weights = torch.randn(kernel, generator=generator, dtype=torch.float64)
    square = torch.outer(weights, weights)[None, None]
    whole = functional.conv2d(canvas.flatten(0, 1)[:, None], square, padding=kernel // 2)
    assert torch.allclose(blurred(canvas, weights.tolist()), whole.view_as(canvas))


@pytest.mark.parametrize("kernel", [0, 2, 3.0])
def test_a_kernel_is_odd(kernel) -> None:
    with pytest.raises(InputError, match="kernel is a"):
        check_kernel(kernel)
    check_kernel(5)
