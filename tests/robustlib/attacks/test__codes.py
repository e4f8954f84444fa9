import pytest
import torch

from robustlib.attacks._canvas import waves
from robustlib.attacks._codes import bilinear, check_decoder, cosines, decoded, pixels, tiles
from robustlib.errors import InputError


def test_the_lowest_cosines_keep_a_slow_wave_and_lose_a_fast_one() -> None:
    images = torch.zeros(1, 2, 6, 8, dtype=torch.float64)
    code = cosines(images, None)
    assert code.shape == (2, 3, 4)
    unit = torch.eye(code.size, dtype=torch.float64)
    basis = code.change(unit).flatten(1)
    assert torch.allclose(basis @ basis.T, unit, atol=1e-12)
    slow, fast = (torch.outer(waves(6)[k], waves(8)[k]).repeat(2, 1, 1).flatten() for k in (2, 5))
    assert torch.allclose(basis.T @ (basis @ slow), slow)
    assert (basis @ fast).abs().max() < 1e-12


def test_a_small_picture_is_enlarged_as_by_hand() -> None:
    """Half a pixel in from the edge, and straight lines between the middles of pixels."""
    code = bilinear(torch.zeros(1, 1, 1, 6, dtype=torch.float64), 3)
    assert code.shape == (1, 1, 3)
    large = code.change(torch.tensor([[0.0, 1.0, 3.0]], dtype=torch.float64))
    assert torch.allclose(large.flatten(), torch.tensor([0, 0.25, 0.75, 1.5, 2.5, 3]).double())


@pytest.mark.parametrize("shape", [(2, 6, 6), (9,), (1, 3, 8), (3, 5), (1, 1, 1)], ids=str)
@pytest.mark.parametrize("make", [bilinear, cosines, tiles])
@pytest.mark.parametrize("side", [None, 2, 100])
def test_every_shape_has_a_code_and_zero_is_no_change(make, side, shape) -> None:
    images = torch.zeros(3, *shape)
    code = make(images, side)
    assert code.size <= images[0].numel()
    assert code.change(torch.ones(3, code.size)).shape == images.shape
    assert torch.equal(code.change(torch.zeros(3, code.size)), images)


def test_a_pixel_is_its_own_code() -> None:
    images = torch.rand(2, 3, 4)
    code = pixels(images)
    assert torch.equal(code.change(images.flatten(1)), images)
    assert code.is_pixels


def test_what_a_decoder_makes_of_zero_is_taken_off() -> None:
    decoder = torch.nn.Linear(2, 5)
    images = torch.zeros(3, 5)
    code = decoded(images, decoder, (2,))
    assert torch.equal(code.change(torch.zeros(3, 2)), images)
    codes = torch.rand(3, 2)
    assert torch.allclose(code.change(codes), codes @ decoder.weight.T, atol=1e-6)


def test_a_decoder_of_other_pictures_is_refused() -> None:
    images = torch.zeros(1, 5)
    with pytest.raises(InputError, match=r"shaped as the images are, \(5,\), not \(4,\)"):
        decoded(images, torch.nn.Linear(2, 4), (2,))
    with pytest.raises(InputError, match="code_shape is a shape"):
        decoded(images, torch.nn.Linear(2, 5), None)


@pytest.mark.parametrize("shape", [(0,), (2, -1), (True,), [2], 3, (1.5,)], ids=repr)
def test_a_shape_is_a_tuple_of_counts(shape) -> None:
    with pytest.raises(InputError, match="code_shape is a tuple of counts"):
        check_decoder(None, shape)
    check_decoder(torch.nn.Identity(), (1, 2))


def test_a_tile_has_one_colour() -> None:
    code = tiles(torch.zeros(1, 1, 2, 4, dtype=torch.float64), 2)
    assert code.shape == (1, 2, 2)
    large = code.change(torch.tensor([[1.0, 2.0, 3.0, 4.0]], dtype=torch.float64))
    assert large[0, 0].tolist() == [[1, 1, 2, 2], [3, 3, 4, 4]]
