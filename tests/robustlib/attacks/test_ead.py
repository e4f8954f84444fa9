from functools import partial

import pytest
import torch
from torch import Tensor

from robustlib.attacks.ead import ead, shrunk
from robustlib.conformance._planes import many
from robustlib.engine import attack
from robustlib.goals import Misclassify, Target
from robustlib.losses import margin
from robustlib.threats import L1
from tests.robustlib.attacks.conftest import nearest

SHORT = {"steps": 60, "searches": 6, "beta": 0.03}
FREE = L1(torch.inf)


def test_shrinking_is_the_nearest_compromise_with_the_image() -> None:
    """min over x in the box of ½ (x - z)² + β |x - image|, by trying all x."""
    generator = torch.Generator().manual_seed(0)
    points = 2 * torch.rand(300, generator=generator, dtype=torch.float64) - 0.5
    images = torch.rand(300, generator=generator, dtype=torch.float64).mul(1.4).sub(0.2).clamp(0, 1)
    points[:100] = images[:100] + 0.2 * (points[:100] - 0.5)  # as near as a step leads
    tried = torch.linspace(0, 1, 10_001, dtype=torch.float64)[:, None]
    cost = (tried - points) ** 2 / 2 + 0.07 * (tried - images).abs()
    best = tried[cost.argmin(0), 0]
    found = shrunk(points, images, 0.07)
    assert torch.allclose(found, best, rtol=0, atol=1.01e-4)
    assert (found == images).float().mean() >= 0.2


def test_it_comes_near_the_nearest_point_of_a_plane_also_at_walls(plane) -> None:
    goal = Misclassify(plane.labels)
    result = attack(plane.model, plane.images, goal, FREE, ead, steps=100, beta=0.03)
    assert nearest(result, plane.l1, most=1.05).all()


def test_the_more_it_shrinks_the_fewer_pixels_move(open_plane) -> None:
    run = partial(attack, open_plane.model, open_plane.images, threat=FREE, attack=ead)
    run = partial(run, goal=Misclassify(open_plane.labels), steps=60, searches=6, halvings=0)
    none, some, much = (run(beta=beta) for beta in (0, 0.003, 0.03))
    moved = [
        (each.adversarial != open_plane.images).flatten(1).sum(1).float()
        for each in (none, some, much)
    ]
    assert moved[0].mean() == 16
    assert moved[2].mean() <= 4
    assert (much.distance <= some.distance * 1.001).all()
    assert (some.distance <= none.distance * 1.001).all()


WEIGHT = torch.tensor([[9.0, 2.0, 4.0], [-6.0, 7.0, 3.0]], dtype=torch.float64)


def walked(image: Tensor, price: float, steps: int) -> list[tuple[Tensor, Tensor]]:
    """The paper's algorithm for one image and one price, pixel by pixel: points and those ahead."""
    label = (image @ WEIGHT).sin().argmax()
    seen, point, ahead = [], image.clone(), image.clone()
    for step in range(steps):
        here = ahead.clone().requires_grad_()
        lead = margin((here @ WEIGHT).sin()[None], label[None]).squeeze()
        smooth = ((here - image) ** 2).sum() + price * (-lead).clamp(min=0)
        (slope,) = torch.autograd.grad(smooth, here)
        before, point, ahead = point, image.clone(), image.clone()
        for pixel in range(2):
            gone = float(here[pixel].detach() - 0.02 * (1 - step / steps) ** 0.5 * slope[pixel])
            if gone - image[pixel] > 0.004:
                point[pixel] = min(gone - 0.004, 1)
            elif gone - image[pixel] < -0.004:
                point[pixel] = max(gone + 0.004, 0)
            further = point[pixel] + step / (step + 3) * (point[pixel] - before[pixel])
            ahead[pixel] = min(max(float(further), 0), 1)
        seen.append((point, ahead))
    return seen


@pytest.mark.parametrize("corner", [False, True])
def test_steps_follow_the_paper(corner) -> None:
    generator = torch.Generator().manual_seed(3)
    drawn = torch.rand(5, 2, generator=generator, dtype=torch.float64)
    corners = torch.tensor([[0, 1], [1, 0], [1, 1]], dtype=torch.float64)
    for image in corners if corner else 0.4 + 0.2 * drawn:
        shown: list[Tensor] = []

        def model(points: Tensor, shown: list[Tensor] = shown) -> Tensor:
            shown.append(points.detach().clone())
            return (points @ WEIGHT).sin()

        goal = Misclassify((image @ WEIGHT).sin()[None].argmax(1))
        options = {"steps": 30, "searches": 1, "step_size": 0.02, "beta": 0.004, "weight": 2.0}
        attack(model, image[None], goal, FREE, ead, halvings=0, **options)
        asked = torch.cat(shown)[-61:-1].view(30, 2, 2)  # before the look at the result
        for pair, expected in zip(asked, walked(image, 2.0, 30), strict=True):
            either = pair, pair.flip(0)  # the order within one pass is the engine's
            there = torch.stack(expected)
            assert any(torch.allclose(here, there, rtol=0, atol=1e-9) for here in either)


def test_on_the_exact_net_it_comes_near(exact_net) -> None:
    goal, exact = Misclassify(exact_net.labels), exact_net.exact(L1)
    found = attack(exact_net.model, exact_net.images, goal, FREE, ead, steps=100, beta=0.03)
    assert nearest(found, exact, most=1.02).float().mean() >= 0.6


@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.08, 1.0)])
def test_under_a_finite_eps_it_finds_what_is_there(plane, factor, share) -> None:
    eps = L1(factor * plane.l1)
    result = attack(plane.model, plane.images, Misclassify(plane.labels), eps, ead, **SHORT)
    assert result.success.float().mean() == share


def test_a_target_is_reached_at_its_own_distance() -> None:
    planes = many(L1, 0.5)
    target = (planes.labels + 1) % 4
    found = attack(planes.model, planes.images, Target(target), FREE, ead, **SHORT)
    alone = planes.exact(L1).gather(1, target[:, None]).squeeze(1)
    assert torch.equal(found.success, alone.isfinite())
    assert (found.distance[found.success] >= alone[found.success] * (1 - 1e-5)).all()


def test_a_step_asks_about_two_points_and_one_gradient(open_plane) -> None:
    goal = Misclassify(open_plane.labels)
    run = partial(attack, open_plane.model, open_plane.images, goal, FREE, ead)
    result = run(steps=10, searches=3, halvings=4)
    assert result.backwards.tolist() == [1 + 30] * 32
    assert result.forwards.tolist() == [1 + 1 + 60 + 4 + 1] * 32  # the looks at images and results
