"""All distances that it finds are exact ones, and all 17 of the 17 corner points are found that
untargeted attacks stop at 13 of."""

from functools import partial

import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks import attacks
from robustlib.attacks.fmn import fmn
from robustlib.attacks.minimal import minimal
from robustlib.conformance._planes import many
from robustlib.engine import attack
from robustlib.goals import Misclassify, Target
from robustlib.threats import L0, L1, L2, Linf
from tests.robustlib.attacks.conftest import nearest

EPS, CLASSES, WIDTH, POINTS = 0.05, 20, 24, 32


@pytest.mark.parametrize("threat", [Linf, L2, L1, L0])
def test_on_the_exact_net_it_finds_the_nearest(exact_net, threat) -> None:
    goal = Misclassify(exact_net.labels)
    run = partial(attack, exact_net.model, exact_net.images, goal, threat(torch.inf), minimal)
    result = run(steps=40)
    assert nearest(result, exact_net.exact(threat)).float().mean() >= 0.95


@pytest.mark.parametrize("threat", [Linf, L2, L1])
def test_it_finds_the_nearest_of_many_planes_also_at_walls(threat) -> None:
    """In float64, where no rounding of the model counts as a success."""
    planes = many(threat, 1.8, torch.float64)
    goal = Misclassify(planes.labels)
    run = partial(attack, planes.model, planes.images, goal, threat(torch.inf))
    result = run(minimal, steps=40, restarts=1)
    assert nearest(result, planes.exact(threat).amin(1)).all()


def test_it_is_as_near_as_its_parts_and_no_pass_dearer(exact_net) -> None:
    goal = Misclassify(exact_net.labels)
    run = partial(attack, exact_net.model, exact_net.images, goal, L2(torch.inf))
    part = run(fmn, steps=20)
    whole = run(minimal, steps=20, restarts=1, targets=0)
    assert (whole.distance <= part.distance + 1e-12)[part.success].all()
    # two of FMN, FAB's two classes, DDN; the walk from noise, and the last one
    assert whole.backwards.amax() <= 20 * (2 + 2 + 1) + 20 // 3 + 20


def test_towards_a_target_it_is_the_nearest_of_that_class() -> None:
    planes = many(L2, 0.5)
    target = (planes.labels + 1) % 4
    run = partial(attack, planes.model, planes.images, Target(target), L2(torch.inf), minimal)
    result = run(steps=20, restarts=2)
    alone = planes.exact(L2).gather(1, target[:, None]).squeeze(1)
    assert torch.equal(result.success, alone.isfinite())


def corners() -> tuple[nn.Module, Tensor, Tensor, Tensor]:
    """A linear model, corner points, its answers, and which of them another class can take over.

    Each lead is known in closed form, pixel by pixel: at a corner each may go one way only, by eps.
    """
    generator = torch.Generator().manual_seed(34)
    model = nn.Linear(WIDTH, CLASSES)
    weight = torch.randn(CLASSES, WIDTH, generator=generator)
    images = torch.rand(POINTS, WIDTH, generator=generator).round()
    model.weight.data, model.bias.data = weight, -weight.sum(1) / 2
    scores = model(images).detach()
    labels = scores.argmax(1)
    slopes = weight[None] - weight[labels][:, None]
    room = torch.where(slopes > 0, 1 - images[:, None], images[:, None])
    leads = scores - scores.gather(1, labels[:, None]) + EPS * (slopes.abs() * room).sum(2)
    most = leads.scatter(1, labels[:, None], -torch.inf).amax(1)
    assert most.abs().min() > 1e-2  # nothing hangs on a rounding
    return model.eval(), images, labels, most > 0


@pytest.mark.parametrize(
    ("name", "options"),
    [("pgd", {"steps": 40}), ("mi_fgsm", {"steps": 40}), ("apgd", {"steps": 100})],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_untargeted_attacks_stop_at_13_of_the_17(name, options) -> None:
    model, images, labels, can = corners()
    run = partial(attack, model, images, Misclassify(labels), Linf(EPS))
    found = run(attacks[name], **options).success
    assert int(can.sum()) == 17
    assert int(found.sum()) == 13
    assert not (found & ~can).any()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("auto_attack", {"queries": 30, "steps": 20}),
        ("worst_case", {"queries": 30, "steps": 20}),
        ("fab", {}),
        ("deepfool", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_all_17_of_the_17_are_found_and_no_other(name, options) -> None:
    model, images, labels, can = corners()
    result = attack(model, images, Misclassify(labels), Linf(EPS), attacks[name], **options)
    assert torch.equal(result.success, can)


def test_minimal_finds_the_17_within_the_radius_without_being_told_it() -> None:
    model, images, labels, can = corners()
    result = attack(model, images, Misclassify(labels), Linf(torch.inf), minimal, steps=20)
    assert torch.equal(result.distance <= EPS, can)
