"""Test pictures: one of each class, exactly eight bits, and fetched again by the code they give."""

import base64
import io
from pathlib import Path

import pytest
import torch
from PIL import Image

from robustlib.data.digits import digits
from robustlib.data.signs import signs
from rostra.live import pictures, pixels
from rostra.live.settings import SETS, Source
from rostra.live.words import VisitorError


def uri(image: Image.Image) -> str:
    file = io.BytesIO()
    image.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize("name", SETS)
def test_there_is_one_of_each_class(name: str) -> None:
    held = pictures.held(name)
    assert held.labels.tolist() == list(range(len(held.classes)))
    assert len(set(held.classes_zh)) == len(held.classes)


@pytest.mark.parametrize("name", SETS)
def test_the_code_fetches_the_same_pixels(name: str) -> None:
    for index in (0, 5, 9):
        source = Source(name, index=index)
        again = eval(pictures.code(source), {"signs": signs, "digits": digits})
        picture, label = pictures.fetch(source)
        assert torch.equal(pixels.to_bytes(again[0]), picture.pixels)
        assert label == index


def test_a_drawing_is_a_digit() -> None:
    strokes = Image.new("L", (60, 60))
    strokes.paste(255, (28, 10, 34, 50))
    picture, label = pictures.fetch(Source("digits", "drawn", data=uri(strokes)))
    assert picture.pixels.shape == (1, 28, 28)
    assert label is None
    with pytest.raises(VisitorError):
        pictures.fetch(Source("signs", "drawn", data=uri(strokes)))


def test_a_file_goes_to_the_set_it_is_for() -> None:
    photo = uri(Image.new("RGB", (64, 40), "red"))
    assert pictures.fetch(Source("signs", "file", data=photo))[0].pixels.shape == (3, 32, 32)
    kept = uri(Image.new("RGB", (32, 32), (1, 2, 3)))
    picture, _ = pictures.fetch(Source("signs", "pixels", data=kept))
    assert picture.pixels[:, 0, 0].tolist() == [1, 2, 3]
    assert picture.notes == ()


def test_nothing_is_read_from_the_servers_disk(tmp_path: Path) -> None:
    Image.new("RGB", (32, 32)).save(tmp_path / "x.png")
    for data in (str(tmp_path / "x.png"), f"file://{tmp_path}/x.png"):
        with pytest.raises(VisitorError):
            pictures.fetch(Source("signs", "file", data=data))
