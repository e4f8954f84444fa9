"""Eight bits: what is saved is what was measured, and never further from the clean picture."""

import base64
import io

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from rostra.live import pixels


def noise(seed: int, low: int = 0, high: int = 256, channels: int = 3) -> torch.Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.randint(low, high, (channels, 8, 8), generator=draw).to(torch.uint8)


@given(st.integers(0, 10**6), st.integers(1, 32))
def test_rounding_towards_the_clean_picture_keeps_the_budget(seed: int, levels: int) -> None:
    clean = noise(seed)
    draw = torch.Generator().manual_seed(seed + 1)
    change = (torch.rand(clean.shape, generator=draw) * 2 - 1) * levels / 255
    image = (pixels.to_floats(clean) + change).clamp(0, 1)
    rounded = pixels.towards(clean, image)
    moved = rounded.double() - clean.double()
    wanted = image.double() * 255 - clean.double()
    assert bool((moved.abs() <= wanted.abs() + 2e-3).all())
    assert bool((moved * wanted >= 0).all())
    assert bool(((wanted - moved).abs() < 1).all())
    assert pixels.distances(clean, rounded)["linf"] <= levels / 255


def test_a_full_step_stays_a_full_step() -> None:
    """8/255 in float32 is a hair off 8 levels; cutting it to 7 would weaken an attack."""
    clean = torch.arange(256, dtype=torch.uint8).reshape(1, 16, 16)
    for level in range(1, 33):
        image = (pixels.to_floats(clean) + torch.tensor(level / 255)).clamp(0, 1)
        expected = (clean.int() + level).clamp(max=255).to(torch.uint8)
        assert torch.equal(pixels.towards(clean, image), expected)


def test_distances_by_hand() -> None:
    clean = torch.zeros(3, 2, 2, dtype=torch.uint8)
    moved = clean.clone()
    moved[:, 0, 0] = torch.tensor([51, 51, 0], dtype=torch.uint8)
    moved[1, 1, 1] = 255
    measured = pixels.distances(clean, moved)
    assert measured["linf"] == 1.0
    assert measured["l1"] == pytest.approx(1.4)
    assert measured["l2"] == pytest.approx((0.2**2 * 2 + 1) ** 0.5)
    assert measured["l0"] == 2


@pytest.mark.parametrize("channels", [1, 3])
def test_png_is_lossless_and_always_the_same(channels: int) -> None:
    picture = noise(3, channels=channels)
    file = pixels.png(picture)
    assert torch.equal(pixels.from_png(file), picture)
    assert pixels.png(picture) == file
    assert pixels.uri(picture) == pixels.URI + base64.b64encode(file).decode()
    with Image.open(io.BytesIO(file)) as image:
        assert image.mode == ("L" if channels == 1 else "RGB")


def test_a_film_holds_perturbations_level_by_level() -> None:
    clean = noise(1, 40, 200)
    frames = [(clean.int() + noise(i, 0, 33).int() - 16).to(torch.uint8) for i in range(3)]
    film = pixels.film(clean, frames)
    assert film.shape == (3, 8, 24)
    for i, frame in enumerate(frames):
        back = clean.int() + film[:, :, 8 * i : 8 * i + 8].int() - 128
        assert torch.equal(back.to(torch.uint8), frame)


def test_a_change_that_does_not_fit_is_refused() -> None:
    black = torch.zeros(1, 2, 2, dtype=torch.uint8)
    with pytest.raises(ValueError, match="127 levels"):
        pixels.film(black, [black + 200])


def test_to_bytes_rounds_to_the_nearest_level() -> None:
    image = torch.tensor([[[0.0, 0.4999 / 255, 0.5001 / 255, 1.0]]])
    assert pixels.to_bytes(image).tolist() == [[[0, 0, 1, 255]]]
