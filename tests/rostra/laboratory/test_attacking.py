"""`rostra attack`, as a user types it, on a picture and on pictures of one's own."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner, Result

from robustlib.data.signs import signs
from robustlib.run import load_model
from rostra.cli import app

MINE = "from robustlib.run import load_model\ndef build():\n    return load_model('signs_robust')\n"
SIGNS = signs(64, seed=11, split="test")


def rostra(*words: str) -> Result:
    return CliRunner().invoke(app, ["attack", *words], env={"COLUMNS": "200"})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def photo(file: str, row: int = 0, scale: int = 1) -> str:
    """A sign as a file, and its name."""
    levels = (SIGNS.images[row] * 255).round().byte().permute(1, 2, 0).numpy()
    Image.fromarray(levels).resize((32 * scale, 32 * scale), 0).save(file)
    return SIGNS.classes[SIGNS.labels[row]]


def read(file: Path) -> torch.Tensor:
    with Image.open(file) as opened:
        levels = torch.from_numpy(np.array(opened))
    return levels.permute(2, 0, 1)[None].float() / 255


@pytest.mark.parametrize("scale", [1, 5])
def test_a_picture_is_turned_into_a_file_that_fools(folder: Path, scale: int) -> None:
    name = photo("photo.png", scale=scale)
    before = (folder / "photo.png").read_bytes()
    told = rostra("signs_standard", "photo.png", "--label", name, "--eps", "8/255")
    assert told.exit_code == 0, told.output + told.stderr
    assert "Read back from the file, it fools the model within eps." in told.stdout
    assert f"wanted: anything but {name}, as you say" in told.stdout
    assert ("scaled to 32 x 32" in told.stdout) == (scale == 5)
    assert re.search(r"queries\D+[1-9]", told.stdout)
    assert (folder / "photo.png").read_bytes() == before
    adversarial = read(folder / "runs/attack/photo-adversarial.png")
    answer = load_model("signs_standard")(adversarial).argmax()
    assert SIGNS.classes[answer] != name
    assert f"in the file          │ {SIGNS.classes[answer]}" in told.stdout
    if scale == 1:
        assert float((adversarial - read(folder / "photo.png")).abs().max()) <= 8 / 255 + 1e-6
    assert read(folder / "runs/attack/photo-change.png").shape == (1, 3, 256, 256)
    factor = re.search(r"magnified (\d+) times", told.stdout)
    assert factor
    assert int(factor[1]) >= 15


def test_towards_a_class(folder: Path) -> None:
    photo("photo.png")
    told = rostra(
        "signs_standard",
        "photo.png",
        "--target",
        SIGNS.classes[3],
        "--eps",
        "16/255",
        "--steps",
        "40",
    )
    assert told.exit_code == 0, told.output
    answer = load_model("signs_standard")(read(folder / "runs/attack/photo-adversarial.png"))
    assert int(answer.argmax()) == 3
    assert f"wanted: {SIGNS.classes[3]}" in told.stdout


def test_what_is_wrong_already_is_left_alone(folder: Path) -> None:
    name = photo("photo.png")
    other = next(each for each in SIGNS.classes if each != name)
    told = rostra("signs_standard", "photo.png", "--label", other)
    assert told.exit_code == 0
    assert f"It is named {name}, " in told.stdout
    assert not (folder / "runs").exists()


def test_an_attack_that_fails_says_so(folder: Path) -> None:
    photo("photo.png")
    told = rostra(
        "signs_robust", "photo.png", "--eps", "1/255", "--attack", "fgsm", "--out", "here"
    )
    assert told.exit_code == 0, told.output
    assert "The attack does not succeed" in told.stdout
    assert "as the model says; --label says what it is" in told.stdout
    assert (folder / "here" / "photo-adversarial.png").exists()


def test_a_model_and_pictures_of_ones_own(folder: Path) -> None:
    (folder / "mine.py").write_text(MINE, encoding="utf-8")
    photo("photo.png", scale=3)
    told = rostra("mine.py:build", "photo.png", "--size", "32x32", "--eps", "0.2")
    assert told.exit_code == 0, told.output + told.stderr
    assert re.search(r"before\W+class \d+, \d", told.stdout)
    np.savez("mine.npz", images=SIGNS.images[:5].numpy(), labels=SIGNS.labels[:5].numpy())
    several = rostra("mine.py:build", "--data", "mine.npz")
    assert several.exit_code == 0, several.output
    assert re.search(r"images\D+5\s", several.stdout)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["none.png"], "none.png: No such file"),
        (["text.png"], "no picture that can be read"),
        (["photo.png", "--label", "stopp"], "did you mean 'stop'"),
        (["photo.png", "--label", "99"], "0 … 15"),
        (["photo.png", "--label", "1", "--target", "2"], "--target the one to lead to"),
        (["x-adversarial.png", "--out", "."], None),
        (["photo.png", "--eps", "8"], "as 8/255"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_gets_a_hint_and_no_traceback(folder: Path, words: list[str], hint: str) -> None:
    photo("photo.png")
    photo("x-adversarial.png")
    (folder / "text.png").write_text("text", encoding="utf-8")
    told = rostra("signs_standard", *words)
    assert "Traceback" not in told.output + told.stderr
    if hint is None:  # its own picture gets another name
        assert (folder / "x-adversarial-adversarial.png").exists()
        return
    assert told.exit_code == 1
    assert hint in told.output + told.stderr


def test_a_patch_changes_one_square_and_any_colour_will_do(folder: Path) -> None:
    """Of a picture that seven pixels break: in the file nothing outside the square has moved."""
    name = photo("photo.png")
    told = rostra(
        "signs_standard", "photo.png", "--label", name, "--threat", "patch", "--size", "7"
    )
    assert told.exit_code == 0, told.output + told.stderr
    assert "lavan on photo.png" in told.stdout
    before, after = read(folder / "photo.png"), read(folder / "runs/attack/photo-adversarial.png")
    moved = (before != after)[0].any(dim=0).nonzero()
    assert 0 < len(moved) <= 49
    assert (moved.amax(dim=0) - moved.amin(dim=0)).max() < 7
    assert float((before - after).abs().max()) > 8 / 255


def test_a_patch_on_a_model_of_ones_own_has_two_sizes(folder: Path) -> None:
    (folder / "mine.py").write_text(MINE, encoding="utf-8")
    photo("photo.png", scale=3)
    words = "--size", "32x32", "--threat", "Patch", "--size", "4", "--eps", "0.5"
    told = rostra("mine.py:build", "photo.png", *words)
    assert told.exit_code == 0, told.output + told.stderr
    after = read(folder / "runs/attack/photo-adversarial.png")
    assert after.shape == (1, 3, 32, 32)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--threat", "Patch"], "needs the side of its square in pixels: --size 7"),
        (["--size", "7"], "is the side of a patch: say --threat Patch too"),
        (["--threat", "Patch", "--size", "0"], "of a patch, its side in pixels, as 7"),
        (["--threat", "Patch", "--size", "7", "--size", "8"], "each once: not '8'"),
        (["--threat", "Patch", "--size", "7", "--attack", "pgd"], "lavan searches the place"),
        (["--threat", "Patsh", "--size", "7"], "did you mean 'Patch'"),
        (["--threat", "Patch", "--size", "7", "--eps", "8"], "at most 1"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_about_a_patch_gets_a_hint(words: list[str], hint: str) -> None:
    told = rostra("signs_standard", "--count", "2", *words)
    assert told.exit_code == 1
    assert hint in told.output + told.stderr
    assert "Traceback" not in told.output + told.stderr


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--label", "stop", "--out", "here"], "--label, --out: of a picture"),
        (["--target", "stop"], "--target: of a picture, and none is named"),
        (["--size", "32x32"], "--size: of a picture"),
        (["photo.png", "--count", "100"], "--count: of test pictures, but photo.png is"),
        (["photo.png", "--data", "signs"], "--data: of test pictures, but photo.png is"),
        (["photo.png", "--size", "64x64"], "signs_standard reads 32x32: --size is of a model of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_option_that_nobody_would_read_is_refused(words: list[str], hint: str) -> None:
    photo("photo.png")
    told = rostra("signs_standard", *words)
    assert told.exit_code == 1
    assert hint in told.stderr
    assert not Path("runs").exists()


def test_a_picture_is_never_written_over(folder: Path) -> None:
    photo("photo-adversarial.png")
    (folder / "photo.png").symlink_to(folder / "photo-adversarial.png")
    told = rostra("signs_standard", "photo.png", "--out", ".")
    assert told.exit_code == 1
    assert "would be overwritten: name another folder with --out" in told.stderr
    wrong = rostra("mine.py:build", "photo.png", "--size", "32")
    assert wrong.exit_code == 1
