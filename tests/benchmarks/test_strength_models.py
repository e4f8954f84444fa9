"""The victims: trained once, made again from the seed, and another one where anything differs."""

from pathlib import Path

import pytest
import torch

from benchmarks import _strength_models
from benchmarks._strength_models import (
    RECIPES,
    TRAINED,
    Plain,
    Victim,
    fingerprint,
    shown,
    trained,
    victim,
)
from robustlib.data._base import Dataset
from robustlib.recipe import Recipe, Source, read_recipe, recipe

SHORT = recipe("digits_standard")
SHORT = SHORT.model_copy(
    update={
        "train": Source(name="digits", split="train", count=64, seed=1),
        "schedule": SHORT.schedule.model_copy(update={"epochs": 1, "batch_size": 32}),
        "device": "cpu",
    }
)


def test_a_model_is_trained_once_and_the_seed_makes_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = SHORT.test.model_copy(update={"count": 4})
    pictures = _strength_models.pictures_of(shown)

    def made(folder: str) -> str:
        monkeypatch.setattr(_strength_models, "CACHE", tmp_path / folder)
        return fingerprint(trained(SHORT), pictures)

    first = made("one")
    written = (tmp_path / "one" / SHORT.name / "checkpoint.safetensors").stat().st_mtime_ns
    assert made("one") == first == made("two")
    again = (tmp_path / "one" / SHORT.name / "checkpoint.safetensors").stat().st_mtime_ns
    assert again == written  # not trained a second time


def test_other_pictures_are_another_victim() -> None:
    model = torch.nn.Linear(2, 2)
    few = Dataset(torch.zeros(2, 1, 1, 2), torch.zeros(2).long(), ("a", "b"), ("甲", "乙"))
    assert fingerprint(model, few) != fingerprint(model, few.take(torch.arange(1)))


def test_a_victim_of_the_zoo_is_frozen_and_its_radii_follow_its_own() -> None:
    shown = victim("digits_robust", 5)
    assert isinstance(shown, Victim)
    assert len(shown.pictures) == 5
    assert not any(each.requires_grad for each in shown.model.parameters())
    assert shown.radius("Linf") == 0.15
    assert shown.radius("L2") == pytest.approx(0.15 * 28 / 4)
    assert shown.radius("L1") == pytest.approx(0.15 * 784 / 8)


@pytest.mark.parametrize("name", TRAINED)
def test_the_recipes_of_real_pictures_are_whole_and_judge_by_others(name: str) -> None:
    found = read_recipe(RECIPES / f"{name}.yaml")
    assert isinstance(found, Recipe)
    assert found.name == name
    assert (found.train.split, found.test.split) == ("train", "test")
    assert found.test.count == 1000


def test_slopes_come_back_in_the_usual_order_and_unchanged() -> None:
    inner = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.Flatten())
    inner = inner.to(memory_format=torch.channels_last)
    images = torch.rand(2, 3, 5, 5, generator=torch.Generator().manual_seed(0))
    outputs, slopes = [], []
    for model in (inner, Plain(inner)):
        asked = images.to(memory_format=torch.channels_last).requires_grad_()
        outputs.append(model(asked))
        slopes.extend(torch.autograd.grad(outputs[-1].square().sum(), asked))
    assert not slopes[0].is_contiguous()
    assert slopes[1].is_contiguous()
    assert slopes[0].equal(slopes[1])
    assert outputs[0].equal(outputs[1])


def test_a_standard_model_is_shown_fewer_pictures() -> None:
    assert [shown("signs_standard", count) for count in (50, 1000)] == [50, 200]
    assert shown("signs_robust", 1000) == 1000
