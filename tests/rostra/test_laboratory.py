"""The computing commands, as a user types them, on the real zoo."""

import re
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner, Result

from robustlib.card import read_card
from rostra.cli import app
from rostra.laboratory import pictures_for

ZOO = Path(__file__).parents[2] / "robustlib" / "zoo"


def rostra(*words: str) -> Result:
    return CliRunner().invoke(app, [*words], env={"COLUMNS": "200"})


def test_models_are_listed_with_the_figures_of_their_cards() -> None:
    told = rostra("models")
    assert told.exit_code == 0, told.output
    cards = [read_card(path) for path in sorted(ZOO.glob("*.yaml"))]
    assert len(cards) >= 4
    for card in cards:
        assert card.name in told.output
        assert f"{card.robust_accuracy:.1%}" in told.output


def test_an_attack_prints_what_it_cost() -> None:
    told = rostra("attack", "signs_standard", "--eps", "8/255", "--steps", "10", "--count", "16")
    assert told.exit_code == 0, told.output
    successes = re.search(r"successes\D+(\d+)", told.output)
    assert successes
    assert int(successes[1]) >= 12
    assert re.search(r"backwards\D+[1-9]", told.output)


def test_noise_of_one_grey_level_harms_nobody_and_stays_within_it() -> None:
    told = rostra("attack", "signs_robust", "--eps", "1/255", "--count", "16", "--attack", "noise")
    assert told.exit_code == 0, told.output
    assert re.search(r"successes\D+0\s", told.output)
    assert re.search(r"max_distance\D+0\.0039", told.output)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["attack", "signs_standart"], "signs_standard"),
        (["attack", "signs_standard", "--attack", "pdg"], "pgd"),
        (["attack", "signs_standard", "--threat", "L3"], "L2"),
        (["attack", "signs_standard", "--eps", "eight"], "8/255"),
        (["attack", "signs_standard", "--eps", "0"], "8/255"),
        (
            ["attack", "signs_standard", "--attack", "fgsm", "--steps", "3"],
            "fgsm has no option steps",
        ),
        (["attack", "signs_standard", "--device", "gpu"], "'gpu' cannot be used"),
        (["evaluate", "signs_standart"], "signs_standard"),
        (["train", "signs_robus"], "signs_robust"),
        (["demo", "attack_playgroud"], "attack_playground"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_gets_a_hint_and_no_traceback(words: list[str], hint: str) -> None:
    told = rostra(*words)
    assert told.exit_code != 0
    assert hint in told.output + told.stderr
    assert "Traceback" not in told.output + told.stderr
    assert told.exception is None or isinstance(told.exception, SystemExit)


def test_an_evaluation_stands_beside_the_card() -> None:
    told = rostra("evaluate", "signs_standard", "--count", "8")
    assert told.exit_code == 0, told.output
    card = read_card(ZOO / "signs_standard.yaml")
    assert f"{card.clean_accuracy:.1%}" in told.output


def test_by_default_the_pictures_are_those_of_the_card() -> None:
    for card in map(read_card, sorted(ZOO.glob("*.yaml"))):
        assert card.judged_on.startswith(f"{len(pictures_for(card.name, None))} pictures")
    some = pictures_for("digits_robust", 7)
    assert torch.equal(some.images, pictures_for("digits_robust", None).images[:7])


def test_recipes_and_demos_are_listed() -> None:
    recipes = rostra("train", "--list")
    assert recipes.exit_code == 0
    assert {"signs_robust", "digits_standard"} <= set(recipes.output.split())
    demos = rostra("demo")
    assert demos.exit_code == 0
    assert "/gallery/attack_playground/" in demos.output
