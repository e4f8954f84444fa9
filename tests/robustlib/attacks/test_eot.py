"""Held against closed forms on linear victims, and against noise that hides the gradient."""

from functools import partial

import pytest
import torch
from torch import Tensor

from robustlib.attacks.apgd import apgd
from robustlib.attacks.eot import eot
from robustlib.attacks.fab import fab
from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.draws import Draws
from robustlib.engine import attack, craft
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.losses import margin
from robustlib.questions import Attack, Gradient, WhiteBox
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._victims import Counted, Jittery


def mirrored(points: Tensor, draws: Draws) -> Tensor:
    """Left and right change places, or not."""
    turned = draws.randint(2, *[1] * (points.ndim - 1)).bool()
    return torch.where(turned, points.flip(-1), points)


@pytest.mark.parametrize("method", [pgd, apgd, partial(fab, steps=3)])
def test_without_transformation_it_is_the_attack_on_a_steady_model(method, net, pictures) -> None:
    model, images = net(), pictures(5)
    goal, threat = Misclassify(model(images).argmax(1)), L2(0.4)

    def alone(images: Tensor, goal: Misclassify, threat: L2, *, draws: Draws) -> WhiteBox:
        return (yield from method(images, goal, threat, draws=draws.child(0)))

    plain = craft(model, images, goal, threat, alone)
    wrapped = craft(model, images, goal, threat, eot, method=method, samples=3)
    assert torch.allclose(wrapped, plain, rtol=0, atol=1e-9)


def test_it_climbs_the_mean_over_transformations(plane) -> None:
    """Of a linear model and its mirror image: to the best point for both, a closed form."""
    weight = plane.model.weight.view(1, 4, 4).double()
    both = weight + weight.flip(-1)
    images, goal = plane.images.double(), Misclassify(plane.labels, measure=margin)
    threat = Linf(0.1)
    plane.model.double()
    found = craft(
        plane.model,
        images,
        goal,
        threat,
        eot,
        method=partial(pgd, steps=30, step_size=0.02),
        transform=mirrored,
        samples=400,
    )
    clear = both.abs().expand_as(images) > 0.5
    best = (images - 0.1 * both.sign()).clamp(0, 1)
    assert clear.any()
    assert torch.allclose(found[clear], best[clear], atol=0.021)


def test_gradients_come_back_through_the_transformation(net, pictures) -> None:
    """One step equals autograd through model and transformation, with the same draws."""
    model, images = net(), pictures(4)
    labels = model(images).argmax(1)

    def bent(points: Tensor, draws: Draws) -> Tensor:
        return (points * (0.5 + draws.uniform(*points.shape[1:]))) ** 2

    goal = Misclassify(labels, measure=margin)
    found = craft(model, images, goal, L2(5.0), eot, method=step, transform=bent, samples=7)
    draws = Draws(0, range(4), dtype=images.dtype).child(1)
    rows = torch.arange(4).repeat_interleave(7)
    points = images.repeat_interleave(7, 0).requires_grad_()
    loss = margin(model(bent(points, draws.take(rows))), labels[rows]).sum()
    (gradient,) = torch.autograd.grad(loss, points)
    mean = gradient.unflatten(0, (4, 7)).mean(1)
    wanted = L2(5.0).project(images + 0.1 * L2(5.0).steepest(mean, images), images)
    assert torch.allclose(found, wanted, rtol=0, atol=1e-9)


def step(images: Tensor, goal: Misclassify, threat: L2, *, draws: Draws) -> WhiteBox:
    """A tenth along the gradient."""
    answer = yield from Gradient(images)
    ahead = images + 0.1 * threat.steepest(answer.gradient, images)
    return threat.project(ahead, images)


def test_noise_in_the_gradient_is_averaged_out(open_plane) -> None:
    """Signs of single gradients are wrong too often to cross the plane; those of means are not."""
    victim = Jittery(open_plane.model, noise=3.0)
    goal = Misclassify(open_plane.labels, measure=margin)
    threat, few = Linf(1.3 * open_plane.linf), partial(pgd, steps=4, step_size=0.4)

    def broken(method: Attack) -> int:
        return int(attack(victim, open_plane.images, goal, threat, method).success.sum())

    assert broken(partial(eot, method=few, samples=200)) == len(open_plane.images)
    assert broken(few) < len(open_plane.images) / 2


def test_the_victim_is_asked_samples_times_and_shown_one(net, pictures) -> None:
    images = pictures(4)
    model = Counted(net())
    goal = Misclassify(net()(images).argmax(1))
    method = partial(pgd, steps=5)
    result = attack(model, images, goal, Linf(1e-9), eot, method=method, samples=3)
    assert result.queries.tolist() == [1 + 5 * 3 + 1] * 4
    assert result.backwards.tolist() == [15] * 4
    assert not result.success.any()


def test_it_wraps_attacks_that_see_scores(net, pictures) -> None:
    model, images = net(), pictures(6)
    goal = Misclassify(model(images).argmax(1))
    method = partial(square, steps=60)
    result = attack(model, images, goal, Linf(0.4), eot, method=method, samples=2)
    assert result.success.all()
    assert result.backwards.sum() == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"method": "pgd"}, "method is a generator function"),
        ({"transform": 3}, "transform is a function"),
        ({"samples": 0}, "samples is a count"),
    ],
)
def test_options_are_told(options, told, net, pictures) -> None:
    goal = Misclassify(torch.zeros(2, dtype=torch.int64))
    with pytest.raises(InputError, match=told):
        attack(net(), pictures(2), goal, Linf(0.1), eot, **options)
