"""A picture file in, whole grey levels out, that still do what the attack has done."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from robustlib.attacks.pgd import pgd
from robustlib.errors import DataError, InputError, UnknownNameError
from robustlib.goals import Misclassify
from robustlib.threats import L2, Linf
from rostra.laboratory.photo import (
    answer,
    attacked,
    changes,
    class_of,
    photo_of,
    reached,
    roundings,
    saved,
    within_threat,
)

GOAL = Misclassify(torch.tensor([0]))


def drawn(file: Path, size: tuple[int, int] = (8, 6), mode: str = "RGB") -> Image.Image:
    wide, high = size
    channels = {"L": 1, "RGB": 3, "RGBA": 4}[mode]
    levels = np.random.default_rng(0).integers(0, 256, (high, wide, channels), dtype=np.uint8)
    picture = Image.fromarray(levels[..., 0] if mode == "L" else levels)
    picture.save(file)
    return picture


@pytest.mark.parametrize("shape", [None, (3, 6, 8)])
def test_a_picture_of_the_right_size_comes_to_the_bit(tmp_path: Path, shape) -> None:
    picture = drawn(tmp_path / "a.png")
    photo = photo_of(tmp_path / "a.png", shape)
    assert torch.equal(
        photo.image * 255, torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None]
    )
    assert photo.told == "8 x 6 pixels"


def test_another_size_is_cropped_scaled_and_said(tmp_path: Path) -> None:
    drawn(tmp_path / "a.jpg", (40, 20))
    photo = photo_of(tmp_path / "a.jpg", (3, 8, 8))
    assert photo.image.shape == (1, 3, 8, 8)
    told = "40 x 20 pixels, cropped to the middle, scaled to 8 x 8, which the model reads"
    assert photo.told == told
    grey = photo_of(tmp_path / "a.jpg", (1, 4, 8))
    assert grey.image.shape == (1, 1, 4, 8)
    assert "cropped" not in grey.told


def test_what_is_transparent_becomes_white_and_cameras_are_turned_upright(tmp_path: Path) -> None:
    Image.new("RGBA", (2, 2), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    clear = photo_of(tmp_path / "clear.png", None)
    assert clear.image.unique().tolist() == [1]
    assert "what is transparent made white" in clear.told
    picture = drawn(tmp_path / "a.png", (8, 6))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    picture.save(tmp_path / "turned.png", exif=exif)
    assert photo_of(tmp_path / "turned.png", None).image.shape == (1, 3, 8, 6)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no picture", encoding="utf-8")
    with pytest.raises(DataError, match="no picture that can be read"):
        photo_of(tmp_path / "a.png", None)
    drawn(tmp_path / "b.png", (90, 90))
    (tmp_path / "b.png").write_bytes((tmp_path / "b.png").read_bytes()[:9000])
    with pytest.raises(DataError, match="no whole picture"):
        photo_of(tmp_path / "b.png", None)
    with pytest.raises(FileNotFoundError):
        photo_of(tmp_path / "none.png", None)


class Threshold(nn.Module):
    """Class 1 where the mean is above a height."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.height = height

    def forward(self, images: Tensor) -> Tensor:
        above = (images.double().flatten(1).mean(dim=1) - self.height) * 50
        return torch.stack([-above, above], dim=1)


IMAGE = torch.full((1, 1, 4, 4), 100 / 255)


@pytest.mark.parametrize("levels", [0.2, 1.4, 2.6, 3.6, 3.9])
def test_what_succeeds_holds_in_whole_levels_within_eps(levels: float) -> None:
    """A model that is fooled by so many levels on average: a grid point within 4 levels does it."""
    model, threat = Threshold((100 + levels) / 255).eval(), Linf(4 / 255)
    done = attacked(model, IMAGE, GOAL, threat, pgd, steps=10)
    assert bool(done.result.success)
    assert done.holds
    assert reached(model, done.levels, GOAL)
    whole = done.levels.double() * 255
    assert torch.allclose(whole, whole.round(), atol=1e-4)
    assert float((whole - 100).abs().max()) <= 4.001


@pytest.mark.parametrize("threat", [Linf(0.9 / 255), L2(0.9 / 255)])
def test_what_no_whole_level_can_hold_is_said_not_to_hold(threat) -> None:
    """Less than one level is allowed: the only picture of whole levels within it is the clean."""
    model = Threshold(100.1 / 255).eval()
    done = attacked(model, IMAGE, GOAL, threat, pgd, steps=10)
    if isinstance(threat, Linf):
        assert bool(done.result.success)
    assert not done.holds
    assert torch.equal(done.levels, IMAGE)


def test_an_attack_that_fails_is_rounded_within_eps() -> None:
    threat = Linf(2.5 / 255)
    done = attacked(Threshold(0.9).eval(), IMAGE, GOAL, threat, pgd, steps=5)
    assert not bool(done.result.success)
    assert not done.holds
    assert within_threat(done.levels, IMAGE, threat)


def test_roundings_lie_on_both_sides_and_on_the_grid() -> None:
    point = IMAGE + torch.tensor([0.4, -0.6, 1.0, 0.0]).repeat(4).view(1, 1, 4, 4) / 255
    found = dict(list(roundings(point, IMAGE, 0))[:3])
    shifts = {how: ((each - IMAGE) * 255).round()[0, 0, 0].tolist() for how, each in found.items()}
    assert shifts == {
        "to the nearest level": [0, -1, 1, 0],
        "away from the picture": [1, -1, 1, 0],
        "towards the picture": [0, 0, 1, 0],
    }


@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_saved_is_read_back_to_the_bit(tmp_path: Path, channels: int) -> None:
    levels = torch.arange(256).float().view(1, 1, 16, 16).expand(1, channels, 16, 16) / 255
    assert torch.equal(saved(levels, tmp_path / "deep" / "a.png"), levels)


def test_changes_are_magnified_about_grey() -> None:
    shown, factor = changes(
        IMAGE + torch.tensor([4.0, -4.0]).repeat(8).view(1, 1, 4, 4) / 255, IMAGE
    )
    assert factor == 31
    pixels = np.asarray(Image.open(io.BytesIO(shown)))
    assert pixels.shape == (256, 256)
    assert {int(each) for each in np.unique(pixels)} == {4, 252}
    same, times = changes(IMAGE, IMAGE)
    assert times == 127
    assert np.unique(np.asarray(Image.open(io.BytesIO(same)))).tolist() == [128]


def test_a_class_is_named_by_word_or_number() -> None:
    assert class_of("Stop", ("yield", "stop"), 2) == 1
    assert class_of("0", ("yield", "stop"), 2) == 0
    assert class_of("7", (), 10) == 7
    with pytest.raises(UnknownNameError, match="did you mean 'stop'"):
        class_of("stob", ("yield", "stop"), 2)
    with pytest.raises(UnknownNameError, match="no class named '²'"):
        class_of("²", ("yield", "stop"), 2)
    for word in ("10", "stop", "²"):
        with pytest.raises(InputError, match=r"0 … 9"):
            class_of(word, (), 10)


@pytest.mark.parametrize("dtype", [np.uint16, np.int32])
def test_sixteen_bits_a_pixel_are_not_cut_off(tmp_path: Path, dtype: type) -> None:
    levels = np.arange(256).reshape(16, 16)
    Image.fromarray((levels * 257).astype(dtype)).save(tmp_path / "deep.tiff")
    for shape, channels in (((1, 16, 16), 1), (None, 3)):
        read = photo_of(tmp_path / "deep.tiff", shape).image
        assert read.shape == (1, channels, 16, 16)
        assert torch.equal((read * 255).round()[0, 0], torch.from_numpy(levels).float())


def test_a_model_that_does_not_read_the_picture_or_answers_no_logits_is_told_so() -> None:
    def narrow(_: Tensor) -> Tensor:
        raise AssertionError("64 wide, please")

    with pytest.raises(InputError, match=r"\(1, 4, 4\) \(--size .* 64 wide"):
        answer(narrow, IMAGE)
    for odd in ({"logits": IMAGE}, IMAGE):
        with pytest.raises(InputError, match=r"logits \[1, k\], not a (dict|Tensor)"):
            answer(lambda _, odd=odd: odd, IMAGE)
