"""All 17 of the 17 corner points that can be attacked, where untargeted attacks stop at 13.

Of a linear model each lead is known in closed form, pixel by pixel: at a corner each may go one way
only, by eps. The nearest class is not the one whose loss rises first.
"""

from functools import partial

import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks import attacks
from robustlib.attacks.minimal import minimal
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import Linf

EPS, CLASSES, WIDTH, POINTS = 0.05, 20, 24, 32


def corners() -> tuple[nn.Module, Tensor, Tensor, Tensor]:
    """The model, corner points, its answers, and which of them another class can take over."""
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
