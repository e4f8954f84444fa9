"""Held against closed forms on a plane, and against an integer programme for many classes."""

import copy
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from scipy.optimize import Bounds, LinearConstraint, milp
from torch import Tensor, nn

from robustlib.attacks.universal import universal
from robustlib.conformance._planes import Linear, linear
from robustlib.data.signs import signs
from robustlib.engine import attack
from robustlib.errors import InputError, ThreatError
from robustlib.goals import Misclassify
from robustlib.losses import cross_entropy, margin
from robustlib.run import load_model
from robustlib.threats import L0, L1, L2, Linf
from tests.robustlib.attacks._victims import Counted


def doubled(*, walls: bool) -> Linear:
    """The linear model in float64; its images are all of class 0."""
    plane = copy.deepcopy(linear(walls=walls))
    plane.model.double()
    return plane


def shift_of(plane: Linear, threat: Any) -> Tensor:
    """The last shift that was told."""
    goal = Misclassify(plane.labels, measure=margin)
    shifts: list[Tensor] = []
    options = {"report": shifts.append, "cap": 1e6}
    attack(plane.model, plane.images.double(), goal, threat, universal, **options)
    assert len(shifts) == 101
    return shifts[-1].flatten()


@pytest.mark.parametrize("walls", [False, True])
def test_of_one_plane_it_is_the_sign_of_its_weight(walls) -> None:
    plane = doubled(walls=walls)
    shift = shift_of(plane, Linf(0.1))
    assert torch.allclose(shift, -0.1 * plane.model.weight.sign(), rtol=0, atol=1e-12)


def test_of_one_plane_it_is_its_normal_or_its_steepest_pixel() -> None:
    plane = doubled(walls=False)
    weight = plane.model.weight
    normal = -0.2 * weight / weight.norm()
    assert torch.allclose(shift_of(plane, L2(0.2)), normal, rtol=0, atol=1e-4)
    steepest = weight.abs().argmax()
    single = torch.zeros_like(weight).index_fill(0, steepest, -0.1) * weight[steepest].sign()
    assert torch.allclose(shift_of(plane, L1(0.1)), single, rtol=0, atol=1e-9)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_of_one_plane_it_is_the_pixels_that_are_worth_most(count) -> None:
    """From wall to wall: what a pixel is worth is its weight times the images' mean room."""
    plane = doubled(walls=False)
    weight, flat = plane.model.weight, plane.images.double().flatten(1)
    worth = (torch.where(weight > 0, flat, 1 - flat) * weight.abs()).mean(dim=0)
    shift = shift_of(plane, L0(count))
    assert int((shift != 0).sum()) <= count
    gained = (flat - (flat + shift).clamp(0, 1)) @ weight
    assert gained.mean() >= 0.95 * worth.sort(descending=True).values[:count].sum()


@cache
def many(seed: int) -> tuple[nn.Module, Tensor, Tensor]:
    """Three classes, twelve images far from the walls."""
    numbers = np.random.default_rng(seed)
    weight, images = numbers.standard_normal((3, 6)), 0.3 + 0.4 * numbers.random((12, 6))
    model = nn.Linear(6, 3).double().eval().requires_grad_(False)
    model.weight.copy_(torch.tensor(weight))
    model.bias.copy_(torch.tensor(-weight @ images.mean(axis=0)))
    points = torch.tensor(images)
    return model, points, model(points).argmax(1)


@cache
def fooled_at_most(seed: int, eps: float) -> int:
    """An integer programme: a shift, and for each image and other class whether that wins there.

    Maximise the images for which some other class wins, -eps ≤ shift ≤ eps.
    """
    model, images, labels = many(seed)
    weight, offset = model.weight.numpy(), model.bias.numpy()
    count, size = images.shape
    pairs = [(i, k) for i in range(count) for k in range(3) if k != labels[i]]
    rows, least = [], []
    for place, (i, k) in enumerate(pairs):
        way = weight[k] - weight[labels[i]]
        height = float(way @ images[i].numpy() + offset[k] - offset[labels[i]])
        enough = abs(height) + eps * abs(way).sum() + 1
        row = np.zeros(size + len(pairs) + count)
        row[:size], row[size + place] = way, -enough
        rows.append(row)
        least.append(1e-7 - height - enough)
    for i in range(count):
        row = np.zeros(size + len(pairs) + count)
        row[[size + place for place, pair in enumerate(pairs) if pair[0] == i]] = 1
        row[size + len(pairs) + i] = -1
        rows.append(row)
        least.append(0.0)
    flags = np.ones(len(pairs) + count)
    wanted = np.concatenate([np.zeros(size + len(pairs)), -np.ones(count)])
    found = milp(
        wanted,
        constraints=LinearConstraint(np.array(rows), lb=least),
        integrality=np.concatenate([np.zeros(size), flags]),
        bounds=Bounds(
            np.concatenate([np.full(size, -eps), 0 * flags]),
            np.concatenate([np.full(size, eps), flags]),
        ),
    )
    return round(-found.fun)


@pytest.mark.parametrize(
    ("measure", "cap", "share"), [(cross_entropy, 9.0, 0.85), (margin, 0.1, 0.92)]
)
def test_it_fools_nearly_as_many_as_any_shift_can(measure, cap, share) -> None:
    best, found = [], []
    for seed in range(8):
        model, images, labels = many(seed)
        goal = Misclassify(labels, measure=measure)
        result = attack(model, images, goal, Linf(0.12), universal, cap=cap)
        best.append(fooled_at_most(seed, 0.12))
        found.append(int(result.success.sum()))
    assert all(one <= other for one, other in zip(found, best, strict=True))
    assert min(best) < 12
    assert sum(found) >= share * sum(best)


@pytest.mark.parametrize("threat", [Linf(0.06), L2(0.4), L1(1.5), L0(5)], ids=str)
def test_what_was_told_is_what_the_images_got(threat, net, pictures) -> None:
    images, model, shifts = pictures(30), net(), []
    goal = Misclassify(model(images).argmax(1))
    result = attack(model, images, goal, threat, universal, steps=20, report=shifts.append)
    shift = shifts[-1]
    assert shift.shape == images.shape[1:]
    changed = (result.adversarial != images).flatten(1).any(dim=1)
    assert changed.sum() >= 15  # of the others the clean image has the higher loss
    assert torch.equal(result.success, result.success & changed)
    wanted = (images + shift).clamp(0, 1)
    assert torch.allclose(result.adversarial[changed], wanted[changed], rtol=0, atol=1e-12)
    most = threat.distance(torch.zeros(1, 2, 6, 6) + shift, torch.zeros(1, 2, 6, 6))
    assert float(most) <= threat.eps + 1e-12


def test_walls_are_allowed_for() -> None:
    """Of a linear loss, which falls into one function a pixel, its best point among its corners."""
    numbers = torch.Generator().manual_seed(0)
    images = torch.rand(9, 40, generator=numbers, dtype=torch.float64).mul(2).sub(0.5).clamp(0, 1)
    weight = torch.randn(40, generator=numbers, dtype=torch.float64)
    offset = -(images @ weight).median()

    def model(points: Tensor) -> Tensor:
        height = (points @ weight + offset)[:, None]
        return torch.cat([height, -height], dim=1)

    labels, shifts = model(images).argmax(1), []
    goal = Misclassify(labels, measure=margin)
    options = {"report": shifts.append, "cap": 1e6}
    attack(model, images, goal, Linf(0.3), universal, **options)
    way = torch.where(labels == 0, -2.0, 2.0).to(images)[:, None] * weight

    def gains(shift: Tensor) -> Tensor:
        return (((images + shift).clamp(0, 1) - images) * way).sum(dim=0)

    corners = torch.cat([1 - images, -images, torch.full((1, 40), 0.3).to(images)])
    tried = [gains(sign * each.clamp(-0.3, 0.3)) for each in corners for sign in (1, -1, 0)]
    best = torch.stack(tried).amax(dim=0).sum()
    assert max(gains(shift).sum() for shift in shifts) >= 0.95 * best


def test_a_shift_works_on_images_that_it_was_not_made_on() -> None:
    model, shifts = load_model("signs_standard"), []
    known, others = (signs(100, seed=seed, split="test") for seed in (1, 2))
    goal = Misclassify(known.labels)
    attack(model, known.images, goal, Linf(16 / 255), universal, steps=30, report=shifts.append)
    right = model(others.images).argmax(1) == others.labels
    coins = torch.randn(shifts[-1].shape, generator=torch.Generator().manual_seed(0))
    noise = 16 / 255 * coins.sign()

    def fooled(shift: Tensor) -> float:
        seen = model((others.images + shift).clamp(0, 1)).argmax(1)
        return float((seen != others.labels)[right].float().mean())

    assert fooled(shifts[-1]) >= 0.3 + fooled(noise)


def test_each_step_costs_one_pass(net, pictures) -> None:
    images, model = pictures(5), Counted(net())
    goal = Misclassify(net()(images).argmax(1))
    result = attack(model, images, goal, Linf(1e-9), universal, steps=7)
    assert result.queries.tolist() == [1 + 7 + 1 + 1] * 5
    assert result.backwards.tolist() == [7] * 5


def test_radii_of_several_images_are_refused_and_one_for_all_is_served(net, pictures) -> None:
    images, model = pictures(3), net()
    goal = Misclassify(model(images).argmax(1))
    with pytest.raises(ThreatError, match=r"one eps for all images, not 0\.1\d* to 0\.3"):
        attack(model, images, goal, Linf(torch.tensor([0.1, 0.2, 0.3])), universal)
    one, other = (
        attack(model, images, goal, Linf(eps), universal, steps=4)
        for eps in (torch.full((3,), 0.125), 0.125)
    )
    assert torch.equal(one.adversarial, other.adversarial)
    with pytest.raises(InputError, match=r"^report is a function that takes a shift"):
        attack(model, images, goal, Linf(0.1), universal, report=3)
