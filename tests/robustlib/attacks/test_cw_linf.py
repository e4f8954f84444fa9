from functools import partial

import pytest
import torch
from torch import Tensor

from robustlib.attacks.cw_linf import cw_linf
from robustlib.conformance._planes import many
from robustlib.engine import attack
from robustlib.goals import Misclassify, Target
from robustlib.losses import margin
from robustlib.threats import Linf
from tests.robustlib.attacks.conftest import nearest

FREE = Linf(torch.inf)
SHORT = {"steps": 50, "searches": 16}


def test_it_finds_the_nearest_point_of_a_plane_also_at_walls(plane) -> None:
    """Most pixels of the second stand at exactly 0 or 1, where a tanh of the box has no slope."""
    goal = Misclassify(plane.labels)
    result = attack(plane.model, plane.images, goal, FREE, cw_linf, **SHORT)
    assert nearest(result, plane.linf, most=1.05).all()


@pytest.mark.parametrize("weight", [1e-3, 10])
def test_the_price_is_found_from_either_side(open_plane, weight) -> None:
    goal = Misclassify(open_plane.labels)
    run = partial(attack, open_plane.model, open_plane.images, goal, FREE, cw_linf)
    result = run(steps=50, searches=30, weight=weight)
    assert nearest(result, open_plane.linf, most=1.05).all()


WEIGHT = torch.tensor([[9.0, 2.0, 4.0], [-6.0, 7.0, 3.0]], dtype=torch.float64)


class Walker:
    """One image's search, with the gradients of autograd and the bookkeeping of a single row."""

    def __init__(self, image: Tensor) -> None:
        self.image, self.label = image, (image @ WEIGHT).sin().argmax()
        self.bound, self.failed, self.price = 1.0, 0.0, 4.0
        self.best, self.point, self.seen = float("inf"), image, []

    def next(self) -> float:
        return max(0.8 * self.best, (self.failed + self.best) / 2)

    def search(self, steps: int) -> None:
        here, kept = self.point.clone(), False
        mean, square = torch.zeros_like(here), torch.zeros_like(here)
        for step in range(steps):
            self.seen.append(here)
            logits, length = (here @ WEIGHT).sin(), float((here - self.image).abs().max())
            if logits.argmax() != self.label and length < self.best:
                self.best, self.point = length, here
            if self.best <= self.bound:
                self.bound, kept = self.next(), True
            slope = self.slope(here)
            mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
            way = (
                mean
                / (1 - 0.9 ** (step + 1))
                / ((square / (1 - 0.999 ** (step + 1))).sqrt() + 1e-8)
            )
            here = (here - 0.1 * self.bound * 0.01 ** (step / steps) * way).clamp(0, 1)
        if self.best == float("inf"):
            self.point = here
        self.price = self.price if kept else 2 * self.price
        if self.price > 20 and self.best < float("inf"):
            self.failed, self.price = self.bound, 4.0
            self.bound = self.next()

    def slope(self, here: Tensor) -> Tensor:
        here = here.clone().requires_grad_()
        lead = margin((here @ WEIGHT).sin()[None], self.label[None])[0]
        beyond = ((here - self.image).abs() - self.bound).relu().sum()
        return torch.autograd.grad(self.price * (-lead).relu() + beyond, here)[0]


def test_steps_are_those_of_one_row_alone() -> None:
    generator = torch.Generator().manual_seed(3)
    drawn = torch.rand(6, 2, generator=generator, dtype=torch.float64)
    failures = 0
    for image in drawn:
        shown: list[Tensor] = []

        def model(points: Tensor, shown: list[Tensor] = shown) -> Tensor:
            shown.append(points[0].detach().clone())
            return (points @ WEIGHT).sin()

        goal = Misclassify((image @ WEIGHT).sin()[None].argmax(1))
        options = {"steps": 12, "searches": 14, "shrink": 0.8, "weight": 4.0, "halvings": 0}
        attack(model, image[None], goal, FREE, cw_linf, **options)
        walker = Walker(image)
        for _ in range(14):
            walker.search(12)
        failures += walker.failed > 0
        for here, there in zip(shown[-14 * 12 - 1 : -1], walker.seen, strict=True):
            assert torch.allclose(here, there, rtol=0, atol=1e-9)
    assert failures >= 3  # a bound was too low, and the next was between


def test_on_the_exact_net_it_comes_near(exact_net) -> None:
    goal, exact = Misclassify(exact_net.labels), exact_net.exact(Linf)
    found = attack(exact_net.model, exact_net.images, goal, FREE, cw_linf, **SHORT)
    assert nearest(found, exact, most=1.02).float().mean() >= 0.7


@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.06, 1.0)])
def test_under_a_finite_eps_it_finds_what_is_there(plane, factor, share) -> None:
    eps = Linf(factor * plane.linf)
    result = attack(plane.model, plane.images, Misclassify(plane.labels), eps, cw_linf, **SHORT)
    assert result.success.float().mean() == share


def test_a_target_is_reached_at_its_own_distance() -> None:
    planes = many(Linf, 0.5)
    target = (planes.labels + 1) % 4
    found = attack(planes.model, planes.images, Target(target), FREE, cw_linf, **SHORT)
    alone = planes.exact(Linf).gather(1, target[:, None]).squeeze(1)
    assert torch.equal(found.success, alone.isfinite())
    assert (found.distance[found.success] >= alone[found.success] * (1 - 1e-5)).all()


def test_each_step_is_one_pass(open_plane) -> None:
    goal = Misclassify(open_plane.labels)
    run = partial(attack, open_plane.model, open_plane.images, goal, FREE, cw_linf)
    result = run(steps=10, searches=3, halvings=4)
    assert result.backwards.tolist() == [30] * 32
    assert result.forwards.tolist() == [1 + 30 + 4 + 1] * 32  # the looks at images and results
