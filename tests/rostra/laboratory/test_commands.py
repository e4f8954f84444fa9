"""The computing commands, as a user types them, on the real zoo."""

import re
from pathlib import Path

import pytest
import torch
import typer
from typer.testing import CliRunner, Result

from robustlib import judge, run
from robustlib.attacks import attacks
from robustlib.card import Card, read_card
from robustlib.questions import access_of
from robustlib.recipe import RECIPES, read_recipe
from rostra.cli import app
from rostra.laboratory.commands import confirm, repeats
from rostra.laboratory.pictures import card_pictures

ZOO = Path(__file__).parents[3] / "robustlib" / "zoo"


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
        (["attack", "signs_standard", "--eps", "1e400"], "8/255"),
        (["attack", "signs_standard", "--threat", "L2", "--eps", "8 255"], "not '8 255'"),
        (["evaluate", "signs_standard", "--eps", "0. 03"], "not '0. 03'"),
        (["attack", "signs_standard", "--eps", "8"], "at most 1"),
        (["attack", "signs_standard", "--eps", "8"], "as 8/255"),
        (["evaluate", "signs_standard", "--eps", "8"], "as 8/255"),
        (["evaluate", "signs_standard", "--threat", "patch"], "rostra attack MODEL --threat Patch"),
        (["evaluate", "../zoo/signs_standard"], "no model named '../zoo/signs_standard'"),
        (["train", "../recipes/signs_robust"], "no recipe named '../recipes/signs_robust'"),
        (["train", "digits_standard", "--out", __file__], f"{__file__}: File exists"),
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


def test_a_budget_in_l2_may_be_above_one_and_have_spaces() -> None:
    words = ["--threat", "L2", "--eps", "3 / 2", "--count", "2", "--attack", "noise"]
    told = rostra("attack", "signs_robust", *words)
    assert told.exit_code == 0, told.output
    assert "noise on signs_robust, fooled" in told.stderr  # nobody watches: lines, not a bar
    assert "━" not in told.stderr


def test_an_evaluation_stands_beside_the_card() -> None:
    told = rostra("evaluate", "signs_standard", "--count", "32", "--eps", "8/255")
    assert told.exit_code == 0, told.output
    card = read_card(ZOO / "signs_standard.yaml")
    assert f"{card.clean_accuracy:.1%}" in told.stdout
    lines = told.stderr.splitlines()
    assert lines[0].startswith("judging signs_standard on 32 pictures")
    assert re.match(r"judging, \d+ still right, (\d+)/\1, after", lines[-1])


def test_by_default_the_pictures_are_those_of_the_card() -> None:
    for card in map(read_card, sorted(ZOO.glob("*.yaml"))):
        assert card.judged_on.startswith(f"{len(card_pictures(card.name, None))} pictures")
    some = card_pictures("digits_robust", 7)
    assert torch.equal(some.images, card_pictures("digits_robust", None).images[:7])


def test_by_default_a_model_is_judged_as_its_card_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real judge, on four of the pictures that it is given."""
    card = read_card(ZOO / "signs_standard.yaml").model_copy(update={"seed": 7})
    monkeypatch.setattr(run, "zoo", lambda: {card.name: card})
    asked = []

    def on_four(model, pictures, threat, *, real=judge.judge, **options):
        asked.append((len(pictures), threat.eps, options["seed"], set(options)))
        return real(model, pictures.take(torch.arange(4)), threat, **options)

    monkeypatch.setattr(judge, "judge", on_four)
    assert rostra("evaluate", card.name).exit_code == 0
    assert asked == [(1000, card.threat.eps, 7, {"seed", "report"})]


@pytest.fixture
def card() -> Card:
    shipped = read_card(ZOO / "signs_robust.yaml")
    return shipped.model_copy(update={"clean_accuracy": 0.95, "robust_accuracy": 0.8})


@pytest.mark.parametrize(
    ("clean", "robust", "same"),
    [
        (0.95, 0.8, True),
        (0.93, 0.82, True),  # both at the very edge of 0.02
        (0.9299, 0.8, False),
        (0.9701, 0.8, False),
        (0.95, 0.7799, False),
        (0.95, 0.8201, False),
    ],
)
def test_a_run_repeats_the_card_within_its_tolerance(
    card: Card, capsys: pytest.CaptureFixture[str], clean: float, robust: float, same: bool
) -> None:
    came = card.model_copy(update={"clean_accuracy": clean, "robust_accuracy": robust})
    assert repeats(came, card) is same
    try:
        confirm(came, card)
        code = 0
    except typer.Exit as left:
        code = left.exit_code
    said = capsys.readouterr()
    assert code == (0 if same else 1)
    assert f"{clean:.1%}" in said.out
    assert f"{card.robust_accuracy:.1%}" in said.out
    assert "2 percentage points" in (said.out if same else said.err)


def test_a_narrower_tolerance_is_kept_too(card: Card) -> None:
    came = card.model_copy(update={"clean_accuracy": 0.945})
    assert repeats(came, card)
    assert not repeats(came, card.model_copy(update={"tolerance": 0.004}))


def test_training_ends_with_the_comparison(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    smaller = {"count: 20000": "count: 32", "count: null": "count: 4", "epochs: 8": "epochs: 1"}
    text = (RECIPES / "digits_standard.yaml").read_text(encoding="utf-8")
    for full, small in {**smaller, "batch_size: 128": "batch_size: 32"}.items():
        assert full in text
        text = text.replace(full, small)
    (tmp_path / "digits_standard.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("robustlib.recipe.RECIPES", tmp_path)
    words = ["train", "digits_standard", "--device", "cpu", "--out", str(tmp_path / "out")]
    other = rostra(*words)  # 32 pictures do not make the zoo's model
    assert other.exit_code == 1, other.output
    assert "Not the card's figures" in other.stderr
    came = read_card(tmp_path / "out" / "digits_standard.yaml")
    monkeypatch.setattr(run, "zoo", lambda: {came.name: came})
    same = rostra(*words)
    assert same.exit_code == 0, same.output
    assert "The card's figures" in same.stdout


@pytest.mark.parametrize("file", sorted(RECIPES.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_shipped_recipe_writes_every_field_out(file: Path) -> None:
    recipe = read_recipe(file)
    assert recipe.model_dump(exclude_unset=True) == recipe.model_dump()


def test_attacks_are_listed_with_what_they_may_see() -> None:
    lines = [line.split() for line in rostra("attack", "--list").stdout.splitlines()]
    assert {name: access for name, access, *_ in lines} == {
        name: str(access_of(attacks[name])) for name in attacks
    }
    assert all(len(line) > 5 for line in lines)
    assert "--list" in rostra("attack", "--help").stdout


def test_recipes_and_demos_are_listed() -> None:
    recipes = rostra("train", "--list")
    assert recipes.exit_code == 0
    assert {"signs_robust", "digits_standard"} <= set(recipes.output.split())
    demos = rostra("demo")
    assert demos.exit_code == 0
    assert "/gallery/attack_playground/" in demos.output
