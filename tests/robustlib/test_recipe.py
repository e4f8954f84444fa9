"""Recipes: the shipped ones are valid, and each fault is told with its line."""

import pytest

from robustlib.errors import RecipeError, UnknownNameError
from robustlib.recipe import RECIPES, Threat, read_recipe, recipe

NAMES = sorted(file.stem for file in RECIPES.glob("*.yaml"))
GOOD = """\
name: example
summary: An example.
train: {name: signs, split: train, count: 100, seed: 1}
test: {name: signs, split: test, count: 10}
model: {name: small_cnn, options: {width: 4}}
objective: {name: standard}
threat: {norm: Linf, eps: 8/255}
schedule:
  epochs: 1
  batch_size: 10
  lr: 0.1
  warm_up: 0.2
  momentum: 0.9
  weight_decay: 0.0005
  average: 0.99
seed: 0
"""


def read(tmp_path, text):
    file = tmp_path / "example.yaml"
    file.write_text(text, encoding="utf-8")
    return read_recipe(file)


def faults(tmp_path, text):
    with pytest.raises(RecipeError) as caught:
        read(tmp_path, text)
    place = f"{tmp_path / 'example.yaml'}:"
    return [line.removeprefix(place) for line in str(caught.value).splitlines()]


def test_a_good_recipe_is_read(tmp_path):
    example = read(tmp_path, GOOD)
    assert example.threat.eps == 8 / 255
    assert example.test.count == 10
    assert example.model.options == {"width": 4}
    assert example.schedule.epochs == 1


@pytest.mark.parametrize("name", NAMES)
def test_shipped_recipes_are_valid_and_called_as_their_files(name):
    assert recipe(name).name == name


def test_both_models_of_a_pair_have_the_same_architecture_data_and_budget():
    for data in ("signs", "digits"):
        standard, robust = recipe(f"{data}_standard"), recipe(f"{data}_robust")
        same = ("train", "test", "model", "schedule", "seed", "threat")
        assert all(getattr(standard, key) == getattr(robust, key) for key in same)


def test_an_unknown_recipe_suggests_the_nearest():
    for name in ("sign_robust", "../recipes/signs_robust"):
        with pytest.raises(UnknownNameError, match="signs_robust"):
            recipe(name)


def test_a_model_is_not_judged_by_what_it_has_learned_from(tmp_path):
    """Each original digit is in one split; with another seed only its variation is another."""
    for seed in (1, 2):
        same = GOOD.replace("split: test, count: 10", f"split: train, count: 10, seed: {seed}")
        (told,) = faults(tmp_path, same)
        assert told.startswith("4: test: split train of signs is trained on; judge by another, got")
    read(tmp_path, GOOD.replace("test: {name: signs", "test: {name: digits"))


def test_grey_levels_are_no_radius_in_linf(tmp_path):
    grey = GOOD.replace("eps: 8/255", "eps: 8")
    wanted = "at most 1 in Linf; grey levels are written over 255, as 8/255"
    assert faults(tmp_path, grey) == [f"7: threat.eps: {wanted}, got 8"]
    assert read(tmp_path, grey.replace("Linf", "L2")).threat.eps == 8


def test_a_patch_is_a_square_of_any_colour(tmp_path):
    patch = GOOD.replace("{norm: Linf, eps: 8/255}", "{norm: Patch, size: 7}")
    assert read(tmp_path, patch).threat == Threat(norm="Patch", eps=1, size=7)
    assert Threat(norm="Patch", eps="8/255", size=7).eps == 8 / 255
    assert read(tmp_path, GOOD).threat.model_dump() == {"norm": "Linf", "eps": 8 / 255}


@pytest.mark.parametrize(
    ("threat", "told"),
    [
        ("{norm: Patch}", "size: a Patch needs the side of its square in pixels, as size: 7"),
        ("{norm: Patch, size: 0}", "size: Input should be greater than or equal to 1"),
        ("{norm: Patch, size: 2.0}", "size: Input should be a valid integer"),
        ("{norm: Patch, size: 7, eps: 8}", "eps: at most 1 in Patch"),
        ("{norm: L2, eps: 1, size: 7}", "size: L2 has no size, only a Patch has"),
        ("{norm: L2}", "eps: Field required"),
        ("{norm: Patch, sise: 7}", "unknown key 'threat.sise'; did you mean 'size'?"),
    ],
)
def test_a_threat_that_is_none_is_told_with_its_line(tmp_path, threat, told):
    found = faults(tmp_path, GOOD.replace("{norm: Linf, eps: 8/255}", threat))
    assert any(line.startswith("7: ") and told in line for line in found)


@pytest.mark.parametrize("eps", ["8/255", "8 / 255"])
def test_a_radius_is_written_as_the_field_does(eps):
    assert Threat(norm="Linf", eps=eps).eps == 8 / 255


def test_an_unknown_key_is_told_with_its_line_and_the_nearest(tmp_path):
    told = faults(tmp_path, GOOD.replace("epochs: 1", "epoch: 1"))
    assert told[1] == "9: unknown key 'schedule.epoch'; did you mean 'epochs'?"
    assert told[0].startswith("8: schedule.epochs: Field required")


def test_an_unknown_key_without_a_neighbour_lists_all(tmp_path):
    told = faults(tmp_path, GOOD + "zzz: 1\n")
    assert told[0].startswith("17: unknown key 'zzz'; there are: name, summary, train")


def test_all_faults_are_told_at_once(tmp_path):
    text = GOOD.replace("lr: 0.1", "lr: -1").replace("eps: 8/255", "eps: much")
    told = faults(tmp_path, text.replace("seed: 0", "seed: many"))
    assert [line.split(":")[0] for line in told] == ["7", "11", "16"]
    assert "schedule.lr" in told[1]
    assert "got -1" in told[1]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("average: 0.99", "average: 1.0"),
        ("batch_size: 10", "batch_size: 1"),
        ("epochs: 1", "epochs: 0"),
        ("eps: 8/255", "eps: 0"),
        ("eps: 8/255", "eps: .inf"),
        ("eps: 8/255", "eps: 1/0"),
        ("eps: 8/255", "eps: 8 255"),
        ("eps: 8/255", "eps: 0. 03"),
        ("eps: 8/255", "eps: '1e400'"),
        ("warm_up: 0.2", "warm_up: 1.5"),
    ],
)
def test_numbers_out_of_range_are_told(tmp_path, line, wrong):
    assert len(faults(tmp_path, GOOD.replace(line, wrong))) == 1


def test_a_key_that_stands_twice_is_told(tmp_path):
    told = faults(tmp_path, GOOD.replace("  lr: 0.1\n", "  lr: 0.1\n  lr: 0.2\n"))
    assert told == ["12: the key 'lr' stands here twice"]


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "name: [", "name: !!python/object:os.x {}"])
def test_what_is_no_recipe_is_told(tmp_path, text):
    assert faults(tmp_path, text)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(RecipeError, match="not a readable"):
        read_recipe(tmp_path / "none.yaml")
