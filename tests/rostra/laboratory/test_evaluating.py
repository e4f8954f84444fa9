"""`rostra evaluate` over many radii, as a user types it."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from robustlib.attacks.pgd import pgd
from robustlib.data.signs import signs
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.run import load_model, zoo
from robustlib.threats import Linf
from rostra.cli import app
from rostra.laboratory.curving import pictures_for

FILES = {"curve.png", "curve-dark.png", "curve.svg", "curve.csv", "curve.json", "report.md"}
MINE = "from robustlib.run import load_model\ndef build():\n    return load_model('signs_robust')\n"


def rostra(*words: str) -> Result:
    return CliRunner().invoke(app, ["evaluate", *words], env={"COLUMNS": "200"})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_curve_is_drawn_and_goes_on_with_finished_shards(folder: Path) -> None:
    words = ["signs_standard", "--threat", "linf", "--eps", "0:8/255", "--points", "3"]
    words += ["--attacks", "pgd,fgsm", "--count", "12", "--device", "cpu"]
    told = rostra(*words)
    assert told.exit_code == 0, told.output + told.stderr
    out = folder / "runs" / "signs_standard-Linf"
    assert {file.name for file in out.iterdir()} == FILES | {"shards"}
    curves = json.loads((out / "curve.json").read_text(encoding="utf-8"))["curves"]
    assert list(curves) == ["all together", "pgd", "fgsm"]
    assert re.search(r"pgd: pgd within 0.03\d+, 24/24, after \d+ s", told.stderr)
    again = rostra(*words)
    assert again.exit_code == 1
    assert "finished parts of this very run" in again.stderr
    resumed = rostra(*words, "--resume")
    assert resumed.exit_code == 0, resumed.stderr
    assert "pgd: 1 finished shards taken" in resumed.stderr
    other = json.loads((out / "curve.json").read_text(encoding="utf-8"))["curves"]
    assert [each["pictures"] for each in other.values()] == [
        each["pictures"] for each in curves.values()
    ]


def test_its_shares_are_those_of_the_attack_by_itself(folder: Path) -> None:
    words = ["--eps", "8/255", "--attacks", "pgd", "--count", "12", "--out", "here"]
    assert rostra("signs_standard", *words).exit_code == 0
    pictures = pictures_for("signs_standard", None, 12)
    goal, seed = Misclassify(pictures.labels), zoo()["signs_standard"].seed
    model = load_model("signs_standard")
    alone = attack(model, pictures.images, goal, Linf(8 / 255), pgd, seed=seed)
    (found,) = json.loads((folder / "here/curve.json").read_text("utf-8"))["curves"].values()
    fooled = [row["fooled_at"] is not None for row in found["pictures"]]
    assert fooled == alone.success.tolist()
    assert [point["eps"] for point in found["points"]] == [0, 8 / 255]


def test_a_model_and_pictures_of_ones_own(folder: Path) -> None:
    (folder / "mine.py").write_text(MINE, encoding="utf-8")
    some = signs(6, seed=4, split="test")
    np.savez(folder / "mine.npz", images=some.images.numpy(), labels=some.labels.numpy())
    words = ["--data", "mine.npz", "--eps", "0,4/255", "--attacks", "fgsm,noise", "--together"]
    told = rostra("mine.py:build", *words)
    assert told.exit_code == 0, told.output + told.stderr
    report = (folder / "runs" / "mine.py-build-Linf" / "report.md").read_text(encoding="utf-8")
    assert "mine.npz: all of 6" in report
    assert "in this order, each on what is left" in report
    changed = MINE.replace("signs_robust", "signs_standard")
    (folder / "mine.py").write_text(changed, encoding="utf-8")
    other = rostra("mine.py:build", *words, "--resume")
    assert other.exit_code == 0, other.stderr
    assert "1 shards of other settings left alone" in other.stderr


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["signs_robust", "--eps", "0:eight"], "0:16/255"),
        (["signs_robust", "--eps", "0:8"], "as 8/255"),
        (["signs_robust", "--eps", "0:1/255", "--threat", "L3"], "no norm named 'L3'"),
        (["signs_robust", "--eps", "0:1/255", "--attacks", "pdg"], "did you mean 'pgd'"),
        (["signs_robust", "--eps", "0:1/255", "--attacks", ","], "names attacks with commas"),
        (["signs_robust", "--eps", "0:1/255", "--attacks", "ddn"], "ddn knows L2, not Linf"),
        (["signs_robust", "--threat", "L2"], "no card that names a radius in L2"),
        (["mine.py:build", "--eps", "0:1/255"], "file.py:function"),
        (["mine.py:build"], "has no card"),
        (["signs_robust", "--eps", "0:1/255", "--data", "none.npz"], "there is no none.npz"),
        (["signs_robust", "--points", "4"], "--points are those of a range"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_gets_a_hint_and_no_traceback(words: list[str], hint: str) -> None:
    told = rostra(*words)
    assert told.exit_code != 0
    said = re.sub(r"[│\s]+", " ", told.output + told.stderr)
    assert hint in said
    assert "Traceback" not in said
    assert told.exception is None or isinstance(told.exception, SystemExit)


def test_what_ones_own_model_raises_is_told_with_its_place(folder: Path) -> None:
    fussy = "def build():\n    return fussy\n\n\ndef fussy(images):\n    assert len(images) == 99\n"
    (folder / "mine.py").write_text(fussy, encoding="utf-8")
    told = rostra("mine.py:build", "--data", "signs", "--count", "4", "--eps", "0,1/255")
    assert told.exit_code == 1
    assert "mine.py:6: AssertionError; the model was shown" in told.stderr


def test_what_a_layer_of_torch_raises_is_told_with_ones_own_line(folder: Path) -> None:
    wrong = "from torch import nn\n\n\ndef build():\n    return Wrong()\n\n\n"
    wrong += "class Wrong(nn.Module):\n"
    wrong += "    def forward(self, images):\n        return nn.Conv2d(5, 2, 3)(images)\n"
    (folder / "mine.py").write_text(wrong, encoding="utf-8")
    told = rostra("mine.py:build", "--data", "signs", "--count", "4", "--eps", "0,1/255")
    assert told.exit_code == 1
    assert "mine.py:10: RuntimeError: Given groups=1" in told.stderr
    assert "conv.py" not in told.stderr


def test_a_folder_that_cannot_be_made_is_told_at_once(folder: Path) -> None:
    (folder / "taken").touch()
    told = rostra("signs_robust", "--eps", "0,1/255", "--out", "taken")
    assert told.exit_code == 1
    assert "taken" in told.stderr
    assert "Traceback" not in told.stderr
