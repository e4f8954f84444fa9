"""From a recipe to a model and its card, and back from the zoo."""

import hashlib

import pytest
import torch
from safetensors.torch import load_file, save_file

from robustlib.attacks.pgd import pgd
from robustlib.card import read_card
from robustlib.data import data
from robustlib.engine import attack
from robustlib.errors import DataError, InputError, RecipeError, ThreatError, UnknownNameError
from robustlib.goals import Misclassify
from robustlib.judge import ATTACK, PATCHING
from robustlib.losses import margin
from robustlib.patch import Patch
from robustlib.recipe import RECIPES, Part, Recipe, Threat
from robustlib.recipe import recipe as shipped
from robustlib.run import ZOO, device_of, load_model, pictures_of, run, surrogate, threat_of, zoo
from robustlib.threats import L2, Linf

TINY = Recipe(
    name="tiny",
    summary="Nothing useful.",
    train={"name": "digits", "split": "train", "count": 64},
    test={"name": "digits", "split": "test", "count": 12},
    model={"name": "small_cnn", "options": {"in_channels": 1, "classes": 10, "width": 4}},
    objective={"name": "pgd_training", "options": {"steps": 1}},
    threat={"norm": "Linf", "eps": 0.01},
    schedule={
        "epochs": 2,
        "batch_size": 32,
        "lr": 0.05,
        "warm_up": 0.2,
        "momentum": 0.9,
        "weight_decay": 0.0005,
        "average": 0.5,
    },
    seed=3,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    return folder, run(TINY, out=folder)


def test_the_card_tells_what_was_made(made):
    folder, card = made
    assert read_card(folder / "tiny.yaml") == card
    model = load_model("tiny", folder=folder)
    assert card.parameters == sum(weight.numel() for weight in model.parameters())
    assert card.sha256 == hashlib.sha256((folder / "tiny.safetensors").read_bytes()).hexdigest()
    assert card.image_shape == (1, 28, 28)
    assert card.versions["torch"] == torch.__version__
    test = data["digits"](12, split="test")
    right = (model(test.images).argmax(1) == test.labels).double().mean().item()
    assert card.clean_accuracy == pytest.approx(right, abs=1e-4)
    assert card.robust_accuracy <= card.clean_accuracy


def test_a_finished_run_gives_the_same_weights_again(made, tmp_path):
    folder, card = made
    assert run(TINY, out=folder).sha256 == card.sha256
    assert run(TINY, out=tmp_path).sha256 == card.sha256


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ({"model": Part(name="small_cn")}, UnknownNameError, "small_cnn"),
        ({"objective": Part(name="pgd_train")}, UnknownNameError, "pgd_training"),
        (
            {"objective": Part(name="standard", options={"steps": 3})},
            RecipeError,
            "no option steps",
        ),
        (
            {"model": Part(name="small_cnn", options={"widht": 4})},
            RecipeError,
            "small_cnn has no option widht; there are: in_channels",
        ),
        ({"train": TINY.train.model_copy(update={"name": "digit"})}, UnknownNameError, "digits"),
        ({"threat": TINY.threat.model_copy(update={"norm": "Linv"})}, UnknownNameError, "Linf"),
        ({"threat": TINY.threat.model_copy(update={"norm": "L0"})}, ThreatError, "the judge knows"),
        ({"train": TINY.train.model_copy(update={"count": 8})}, InputError, "fewer than one batch"),
    ],
)
def test_what_cannot_be_run_is_told_and_leaves_no_folder(tmp_path, change, error, told):
    with pytest.raises(error, match=told):
        run(TINY.model_copy(update=change), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_is_told_before_anything_is_trained(tmp_path):
    (tmp_path / "file").touch()
    steps: list[object] = []
    with pytest.raises(FileExistsError):
        run(TINY, out=tmp_path / "file", report=steps.append)
    assert steps == []


def test_the_best_device_is_taken_where_none_is_named(monkeypatch):
    for there, device in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=there: there)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
        assert device_of("auto") == device


def test_a_recipe_names_its_device_and_a_caller_another(made, tmp_path):
    elsewhere = TINY.model_copy(update={"device": "gpu"})
    with pytest.raises(InputError, match="device 'gpu' cannot be used here"):
        run(elsewhere, out=tmp_path)
    assert run(elsewhere, device="cpu", out=tmp_path).sha256 == made[1].sha256


def test_a_run_goes_on_on_another_device(made):
    folder, card = made
    assert run(TINY.model_copy(update={"device": "cpu"}), out=folder).sha256 == card.sha256


@pytest.fixture
def copied(made, tmp_path):
    for file in made[0].glob("tiny.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_changed_weights_are_refused(copied):
    file = copied / "tiny.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(DataError, match="refused"):
        load_model("tiny", folder=copied)


def test_missing_weights_are_told(copied):
    (copied / "tiny.safetensors").unlink()
    with pytest.raises(DataError, match="cannot read"):
        load_model("tiny", folder=copied)


def resigned(folder, **changes):
    """The card agrees with whatever the file holds."""
    content = (folder / "tiny.safetensors").read_bytes()
    changes["sha256"] = hashlib.sha256(content).hexdigest()
    read_card(folder / "tiny.yaml").model_copy(update=changes).write(folder / "tiny.yaml")


def test_weights_of_another_architecture_are_told(copied):
    resigned(copied, model_options={"in_channels": 1, "classes": 10, "width": 8})
    with pytest.raises(DataError, match="do not fit"):
        load_model("tiny", folder=copied)
    tensors = load_file(copied / "tiny.safetensors")
    tensors.popitem()
    save_file(tensors, copied / "tiny.safetensors")
    resigned(copied, model_options={"in_channels": 1, "classes": 10, "width": 4})
    with pytest.raises(DataError, match="do not fit"):
        load_model("tiny", folder=copied)


def test_a_pickle_is_not_read(copied):
    """Even with a card that vouches for it."""
    torch.save({"weight": torch.zeros(1)}, copied / "tiny.safetensors")
    resigned(copied)
    with pytest.raises(DataError, match="do not fit"):
        load_model("tiny", folder=copied)


def test_an_unknown_model_suggests_the_nearest():
    for name in ("signs_robst", "../zoo/signs_robust"):
        with pytest.raises(UnknownNameError, match="signs_robust"):
            load_model(name)


def test_a_recipe_may_be_judged_by_patches(tmp_path):
    """The card says what was done: LaVAN, in squares of three pixels."""
    small = TINY.test.model_copy(update={"count": 8})
    patch = Threat(norm="Patch", size=3)
    change = {"threat": patch, "test": small, "objective": Part(name="standard")}
    card = run(TINY.model_copy(update=change), out=tmp_path)
    assert read_card(tmp_path / "tiny.yaml").threat == patch
    assert card.attack == PATCHING
    ball = threat_of(card.threat)
    assert isinstance(ball, Patch)
    assert (ball.size, ball.eps, ball.region) == (3, 1.0, None)


def test_norms_are_named_as_the_threats():
    assert isinstance(threat_of(TINY.threat), Linf)
    assert isinstance(threat_of(TINY.threat.model_copy(update={"norm": "L2"})), L2)


@pytest.mark.parametrize("name", sorted(file.stem for file in RECIPES.glob("*.yaml")))
def test_the_zoo_holds_what_its_cards_say(name):
    """Every recipe has its model: small, loadable, accurate, and judged as models are today."""
    card = zoo()[name]
    assert card.name == card.recipe == name
    assert (ZOO / f"{name}.safetensors").stat().st_size <= 2_000_000
    made_by = shipped(card.recipe)
    assert (card.threat, card.seed, card.data) == (made_by.threat, made_by.seed, made_by.train.name)
    assert card.model_options == made_by.model.options
    judged = pictures_of(made_by.test)
    assert judged.classes == card.classes
    assert judged.classes_zh == card.classes_zh
    with torch.no_grad():
        right = load_model(name)(judged.images).argmax(1) == judged.labels
    assert right.double().mean().item() == pytest.approx(card.clean_accuracy, abs=0.002)
    assert card.attack == ATTACK


def test_adversarial_training_is_what_tells_the_two_models_apart():
    """From the weights, not from the cards, and on pictures that judged nobody."""
    signs = data["signs"](200, seed=77, split="test")
    goal, threat = Misclassify(signs.labels, measure=margin), Linf(8 / 255)
    held = {}
    for name in ("signs_standard", "signs_robust"):
        result = attack(load_model(name), signs.images, goal, threat, pgd, steps=20, seed=7)
        held[name] = 1 - result.success.double().mean().item()
    assert held["signs_robust"] >= 0.7
    assert held["signs_robust"] - held["signs_standard"] >= 0.5


def test_what_the_zoo_promises():
    cards = zoo()
    standard, robust = cards["signs_standard"], cards["signs_robust"]
    assert standard.threat == robust.threat
    assert robust.threat.eps == 8 / 255
    assert standard.clean_accuracy >= 0.95
    assert robust.clean_accuracy >= 0.88
    assert robust.robust_accuracy >= 0.7
    assert robust.robust_accuracy - standard.robust_accuracy >= 0.5
    assert all(not list(ZOO.glob(pattern)) for pattern in ("*.pt", "*.pth", "*.pkl"))


def test_a_surrogate_is_the_same_architecture_of_other_weights(made, tmp_path):
    victim = load_model("tiny", folder=made[0])
    mine = surrogate(TINY, seed=TINY.seed + 1, out=tmp_path)
    assert not mine.training
    own, other = victim.state_dict(), mine.state_dict()
    assert {name: weight.shape for name, weight in own.items()} == {
        name: weight.shape for name, weight in other.items()
    }
    assert not any(torch.equal(own[name], other[name]) for name in own if "weight" in name)
    again = surrogate(TINY, seed=TINY.seed + 1, out=tmp_path)  # finished: nothing is trained
    assert all(torch.equal(again.state_dict()[name], weight) for name, weight in other.items())
    with pytest.raises(InputError, match="the victim's own"):
        surrogate(TINY, seed=TINY.seed)
