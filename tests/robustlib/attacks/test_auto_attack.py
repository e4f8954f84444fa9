"""AutoAttack: its verdicts are exact on linear models, and it says who fooled whom."""

from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks.auto_attack import auto_attack
from robustlib.conformance._planes import many
from robustlib.engine import AttackResult, attack
from robustlib.goals import Misclassify, Target
from robustlib.threats import L1, L2, Linf
from tests.robustlib.attacks._victims import Jittery

SHORT = {"steps": 20, "queries": 30}


@pytest.mark.parametrize("version", ["standard", "plus"])
@pytest.mark.parametrize("threat", [Linf, L2, L1])
def test_its_verdicts_are_exact_on_a_linear_model_at_walls(threat, version) -> None:
    planes = many(threat, 1.8)
    exact = planes.exact(threat).amin(1)
    eps = float(exact.sort().values[11:13].mean())
    goal = Misclassify(planes.labels)
    result = attack(
        planes.model, planes.images, goal, threat(eps), auto_attack, version=version, **SHORT
    )
    assert result.success[exact < 0.98 * eps].all()
    assert not result.success[exact > eps].any()
    assert 8 < int(result.success.sum()) < 16


def test_a_row_that_holds_meets_every_part_and_costs_what_they_cost() -> None:
    planes = many(Linf, 0.5)
    run = {"steps": 10, "queries": 7}
    goal = Misclassify(planes.labels)
    result = attack(planes.model, planes.images, goal, Linf(1e-5), auto_attack, **run)
    assert not result.success.any()
    assert result.backwards.tolist() == [10 * (1 + 3 + 3)] * 24  # APGD-CE, and both towards three
    # The image twice; each part's last point; three halvings where FAB has met another class.
    looks = 1 + 1 + 11 * (1 + 3) + (10 + 1) * 3 + 7 + 1
    assert (result.queries <= looks + 3 * 3).all()
    assert (result.queries >= looks - 1).all()
    assert {*result.by} <= {"clean", "APGD-CE", "APGD-T", "FAB-T", "Square"}


def test_the_first_part_that_works_is_named() -> None:
    planes = many(Linf, 0.5)
    goal = Misclassify(planes.labels)
    run = partial(attack, planes.model, planes.images, goal, Linf(0.4), auto_attack)
    assert run(**SHORT).fooled() == {"APGD-CE": 24}
    never = run(**SHORT, budget=2)  # the looks at the images alone
    assert never.fooled() == {}


@pytest.mark.parametrize("version", ["standard", "plus", "rand"])
@pytest.mark.parametrize("classes", [2, 3])
def test_few_classes_are_enough(classes, version) -> None:
    generator = torch.Generator().manual_seed(0)
    model = nn.Linear(6, classes).eval()
    model.weight.data = torch.randn(classes, 6, generator=generator)
    model.bias.data = torch.zeros(classes)
    images = torch.rand(8, 6, generator=generator)
    goal = Misclassify(model(images).argmax(1))
    result = attack(model, images, goal, Linf(0.9), auto_attack, version=version, **SHORT)
    assert result.success.float().mean() >= 0.8
    none = attack(model, images, goal, Linf(1e-6), auto_attack, version=version, **SHORT)
    assert not none.success.any()


def through_noise(steps: int, seed: int) -> tuple[AttackResult, Tensor]:
    """What is found behind noise in the gradient, and how far off each row is of the radius.

    Means of twenty draws still err: with some seeds few steps leave a row that lies close to the
    radius, so that less is asked of them than of many.
    """
    planes = many(Linf, 0.5)
    exact, goal = planes.exact(Linf).amin(1), Misclassify(planes.labels)
    eps, victim = float(exact.median()), Jittery(planes.model, noise=4.0)
    options: dict[str, Any] = {"version": "rand", "steps": steps, "seed": seed}
    return attack(victim, planes.images, goal, Linf(eps), auto_attack, **options), exact / eps


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("steps", "share"), [(20, 0.85), (50, 0.9)])
def test_its_random_version_sees_through_noise_in_the_gradient(steps, share, seed) -> None:
    result, far = through_noise(steps, seed)
    assert result.success[far < share].all()
    assert not result.success[far > 1].any()
    assert {*result.fooled()} <= {"APGD-CE", "APGD-DLR"}
    assert result.backwards.max() == 2 * steps * 20


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("steps", "share"), [(20, 0.85), (50, 0.9)])
def test_one_gradient_a_step_does_not(steps, share, seed, monkeypatch) -> None:
    monkeypatch.setattr("robustlib.attacks.auto_attack._DRAWS", 1)
    result, far = through_noise(steps, seed)
    assert not result.success[far < share].all()


def test_a_target_is_gone_towards_as_it_is() -> None:
    planes = many(L2, 0.5)
    target = (planes.labels + 1) % 4
    alone = planes.exact(L2).gather(1, target[:, None]).squeeze(1)
    result = attack(planes.model, planes.images, Target(target), L2(3.0), auto_attack, **SHORT)
    assert result.success.any()
    assert not result.success[alone > 3].any()
