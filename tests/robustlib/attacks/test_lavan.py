"""Held against closed forms on planes, and against every place of a small picture in turn."""

import copy
from functools import partial

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks.lavan import lavan
from robustlib.attacks.worst_case import worst_case
from robustlib.conformance._planes import linear
from robustlib.engine import attack
from robustlib.errors import ThreatError
from robustlib.goals import Misclassify
from robustlib.losses import margin
from robustlib.patch import Patch


def highest(images: Tensor, weight: Tensor, eps: float, size: int, mask: Tensor) -> Tensor:
    """How far a linear score can be brought down by one square of pixels: all places, in turn."""
    ahead = (images - eps * weight.sign()).clamp(0, 1)
    gains = ((images - ahead) * weight * mask).sum(dim=1)
    height, width = gains.shape[1:]
    found = [
        gains[:, top : top + size, left : left + size].sum(dim=(1, 2))
        for top, left in np.ndindex(height - size + 1, width - size + 1)
    ]
    return torch.stack(found).amax(dim=0)


@pytest.mark.parametrize("walls", [False, True])
@pytest.mark.parametrize(("eps", "size"), [(1.0, 2), (0.2, 2), (1.0, 1), (0.3, 3), (1.0, 4)])
@pytest.mark.parametrize("holes", [False, True])
def test_on_a_plane_it_finds_the_best_of_all_places(walls, eps, size, holes) -> None:
    plane = copy.deepcopy(linear(walls=walls))
    images, model = plane.images.double(), plane.model.double()
    generator = torch.Generator().manual_seed(1)
    mask = torch.rand(len(images), 1, *images.shape[2:], generator=generator) < 0.6
    mask = mask if holes else torch.ones_like(mask)
    goal = Misclassify(plane.labels, measure=margin)
    patch = Patch(eps, region=mask, size=size)
    result = attack(model, images, goal, patch, lavan, places=1, steps=10, retire="never")
    weight = model.weight.view(1, *images.shape[1:])
    outputs = [model(each) for each in (images, result.adversarial)]
    before, after = ((each[:, 0] - each[:, 1]) for each in outputs)
    scale = (outputs[0][:, 0] - outputs[0][:, 1]) / (
        images.flatten(1) @ model.weight + model.offset
    )
    wanted = highest(images, weight, eps, size, mask) * scale
    assert torch.allclose(before - after, wanted, atol=1e-9)


def broken_somewhere(model: nn.Module, images: Tensor, labels: Tensor, size: int) -> Tensor:
    """Which rows fall at any place at all, to signs from two starts; slow and obvious."""
    broken = torch.zeros(len(images), dtype=torch.bool)
    height, width = images.shape[2:]
    for top, left in np.ndindex(height - size + 1, width - size + 1):
        for start in (0.2, 0.8):
            points = images.clone()
            points[:, :, top : top + size, left : left + size] = start
            for step in range(20):
                points.requires_grad_()
                loss = margin(model(points), labels)
                broken |= loss.detach() > 0
                (gradient,) = torch.autograd.grad(loss.sum(), points)
                points = points.detach()
                part = points[:, :, top : top + size, left : left + size]
                slope = gradient[:, :, top : top + size, left : left + size].sign()
                part.add_(0.5 * 0.8**step * slope).clamp_(0, 1)
    return broken


def test_it_breaks_what_falls_at_any_place(net, pictures) -> None:
    images, model = pictures(80, (2, 8, 8)), net(3, (2, 8, 8))
    labels = model(images).argmax(1)
    within_reach = broken_somewhere(model, images, labels, 2)
    goal = Misclassify(labels, measure=margin)
    result = attack(model, images, goal, Patch(size=2), lavan)
    assert 10 <= int(within_reach.sum()) <= 70
    assert result.success[within_reach].double().mean() >= 0.95
    assert result.success[~within_reach].double().mean() <= 0.05
    both = attack(model, images, goal, Patch(size=2), worst_case, steps=20, queries=50)
    assert not (result.success & ~both.success).any()


def test_places_of_high_worth_lie_apart() -> None:
    """Two bright spots: the second square goes to the second spot, not beside the first."""
    weight = torch.zeros(8, 8)
    weight[1, 1], weight[6, 6], weight[1, 6] = 3, 2, 1

    def model(images: Tensor) -> Tensor:
        score = (images[:, 0] * weight).flatten(1).sum(dim=1, keepdim=True)
        return torch.cat([score, 0 * score - 1], dim=1)

    seen: list[Tensor] = []

    def spy(images: Tensor) -> Tensor:
        seen.append(images.clone())
        return model(images)

    images = torch.full((1, 1, 8, 8), 0.5)
    goal = Misclassify(torch.tensor([0]), measure=margin)
    attack(spy, images, goal, Patch(size=3), lavan, places=5, steps=1)
    zeroed = [[bool(each[0, 0, i, j] == 0) for i, j in ((1, 1), (6, 6), (1, 6))] for each in seen]
    firsts = [zeroed.index([place == one for place in range(3)]) for one in range(3)]
    assert firsts == sorted(firsts)


def test_a_region_without_a_size_is_the_one_place(net, pictures) -> None:
    images, model = pictures(6), net()
    goal = Misclassify(model(images).argmax(1))
    region = torch.zeros(6, 6, dtype=torch.bool)
    region[2:4, 1:5] = True
    result = attack(model, images, goal, Patch(region=region), lavan, places=3, steps=5)
    changed = (result.adversarial != images).any(dim=1)
    assert changed.any()
    assert not changed[:, ~region].any()


def test_each_place_costs_its_steps(net, pictures) -> None:
    images, model = pictures(4), net()
    goal = Misclassify(model(images).argmax(1))
    threat = Patch(1e-9, size=2)
    result = attack(model, images, goal, threat, partial(lavan, places=3, steps=5))
    assert result.backwards.tolist() == [1 + 3 * 5] * 4
    assert result.queries.tolist() == [1 + 1 + 3 * (5 + 1)] * 4


def test_an_endless_patch_is_refused(net, pictures) -> None:
    images, model = pictures(2), net()
    goal = Misclassify(model(images).argmax(1))
    with pytest.raises(ThreatError, match="finite eps"):
        attack(model, images, goal, Patch(torch.inf, size=2), lavan)
