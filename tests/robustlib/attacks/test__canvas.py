import pytest
import torch
from torch.nn import functional

from robustlib.attacks._canvas import blurred, check_kernel, on_canvas
from robustlib.errors import InputError


def test_what_is_no_picture_is_one_line() -> None:
    assert on_canvas(torch.zeros(2, 3, 4, 5)).shape == (2, 3, 4, 5)
    assert on_canvas(torch.zeros(2, 3, 4)).shape == (2, 1, 1, 12)
    assert on_canvas(torch.zeros(0, 7)).shape == (0, 1, 1, 7)


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
