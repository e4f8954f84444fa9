"""Cards: written, read back, and refused when something is wrong with them."""

import pandas
import pytest

from robustlib.card import Card, read_card, write_aside
from robustlib.errors import RecipeError

CARD = Card(
    name="example",
    recipe="example",
    summary="An example.",
    data="signs",
    model="small_cnn",
    model_options={"width": 4, "mean": [0.5]},
    classes=("stop", "yield"),
    classes_zh=("停车让行", "减速让行"),
    image_shape=(3, 32, 32),
    parameters=123,
    threat={"norm": "Linf", "eps": "8/255"},
    clean_accuracy=0.9,
    robust_accuracy=0.5,
    attack="PGD",
    judged_on="ten pictures",
    seed=0,
    versions={"torch": "2.13.0"},
    device="cpu",
    seconds=3,
    date="2026-11-21",
    sha256="0" * 64,
)


def test_what_is_written_is_read(tmp_path):
    file = tmp_path / "example.yaml"
    CARD.write(file)
    assert read_card(file) == CARD
    text = file.read_text(encoding="utf-8")
    assert "停车让行" in text  # readable without a program
    assert "montage" not in text


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("sha256: ", "sha265: ", "did you mean 'sha256'"),
        ("clean_accuracy: 0.9", "clean_accuracy: 90", "clean_accuracy"),
        ("'0000", "'zzzz", "sha256"),
        ("date: '2026-11-21'", "date: soon", "date"),
    ],
)
def test_a_wrong_card_is_refused(tmp_path, old, new, told):
    file = tmp_path / "example.yaml"
    CARD.write(file)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(RecipeError, match=told):
        read_card(file)


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "some" / "file"
    write_aside(file, b"old")

    def broken(descriptor):
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(OSError, match="no space"):
        write_aside(file, b"new and longer")
    assert file.read_bytes() == b"old"


def test_a_card_is_a_row_of_a_table():
    table = pandas.DataFrame([CARD.record()])
    assert all(isinstance(each, str | int | float) for each in CARD.record().values())
    assert table["clean_accuracy"].dtype.kind == "f"
    assert table["parameters"].dtype.kind == "i"
    assert table["threat_eps"][0] == 8 / 255
    assert table["classes"][0] == "stop, yield"
    assert table["model_options_width"][0] == 4
    assert table["model_options_mean"][0] == "[0.5]"
    assert table["versions_torch"][0] == "2.13.0"
