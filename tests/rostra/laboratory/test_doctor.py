"""The page of `rostra doctor`, as a user sees it: a healthy model, and one with two illnesses."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from robustlib.diagnosis import ANSWERS, SLOPES
from rostra.cli import app

ILL = """
import torch
from torch import nn

class Sharp(nn.Module):
    def forward(self, logits):
        return (3 * logits).softmax(dim=1)

def build():
    layers = nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(16, 5)
    return nn.Sequential(*layers, Sharp(), nn.Dropout(0.0))

def made_for_eight():
    return nn.Sequential(nn.Conv2d(3, 4, 8), nn.Flatten(), nn.Linear(4, 3))

class Label(nn.Module):
    def forward(self, images):
        return (images.flatten(1).mean(dim=1) > 0.5).long()

def of_labels():
    return Label()
"""


def rostra(*words: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *words], env={"COLUMNS": "200"})


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "model.py"
    path.write_text(ILL, encoding="utf-8")
    return str(path)


def test_a_healthy_model_gets_a_page_and_a_zero() -> None:
    told = rostra("signs_robust", "--count", "8")
    assert told.exit_code == 0, told.output
    assert "signs_robust: healthy" in told.stdout
    assert "8 test pictures of signs, with labels; 16 classes" in told.stdout
    assert "ms with its gradient" in told.stdout
    assert len(told.stdout.splitlines()) < 24
    for name in (*ANSWERS, *SLOPES, "mode", "numbers", "inside"):
        assert any(line.startswith(name) for line in told.stdout.splitlines())
    assert "To do" not in told.stdout


def test_each_doubt_says_why_and_what_to_do_and_exits_with_one(file: str) -> None:
    told = rostra(f"{file}:build", "--shape", "3,12,12", "--count", "16")
    assert told.exit_code == 1, told.output
    assert "16 random pictures of (3, 12, 12), without labels; 5 classes" in told.stdout
    assert "robustlib.stand_ins.Logits(model)" in told.stdout
    assert "not examined: it needs pictures with their true labels" in told.stdout
    assert told.stdout.count("To do:") == told.stdout.count(" doubt ")


def test_programs_read_the_record(file: str) -> None:
    told = rostra(f"{file}:build", "--data", "signs", "--count", "6", "--json", "--eps", "4/255")
    record = json.loads(told.stdout)
    assert told.exit_code == 1
    assert record["model"] == f"{file}:build"
    assert record["pictures"] == "signs, split test: 6 drawn with seed 0, with labels"
    assert (record["logits"], record["inside"], record["mode"]) == ("doubt", "doubt", "healthy")


def test_a_model_without_slopes_has_a_record_that_is_json(file: str) -> None:
    told = rostra(f"{file}:of_labels", "--shape", "3,8,8", "--count", "4", "--json")

    def refused(word: str) -> float:
        raise AssertionError(word)

    record = json.loads(told.stdout, parse_constant=refused)
    assert record["backward_seconds"] is None
    assert record["numbers"] == "doubt"


def test_pictures_of_ones_own_are_taken(file: str, tmp_path: Path) -> None:
    own = tmp_path / "own.npz"
    np.savez(own, images=np.random.default_rng(0).random((4, 3, 9, 9)), labels=np.arange(4))
    told = rostra(f"{file}:build", "--data", str(own), "--json")
    assert json.loads(told.stdout)["pictures"] == "own.npz: all of 4, with labels"


def test_a_shape_that_is_not_told_is_found(file: str) -> None:
    told = rostra(f"{file}:made_for_eight", "--count", "4", "--json")
    assert json.loads(told.stdout)["pictures"] == "4 random pictures of (3, 8, 8), without labels"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["signs_standart"], "signs_standard"),
        (["signs_standard", "--data", "cifar"], "cifar10"),
        (["signs_standard", "--shape", "3x32"], "counts as 3,32,32, not '3x32'"),
        (["signs_standard", "--shape", "3,0,2"], "counts as 3,32,32, not '3,0,2'"),
        (["signs_standard", "--eps", "eight"], "8/255"),
        (["signs_standard", "--shape", "5,32,32", "--count", "4"], "fails on pictures"),
        (["signs_standard", "--shape", "5,32,32"], "fails on pictures"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_gets_a_hint_and_no_traceback(words: list[str], hint: str) -> None:
    told = rostra(*words)
    assert told.exit_code != 0
    assert hint in told.output
    assert isinstance(told.exception, SystemExit)
