from functools import partial

import pytest
import torch
from torch import Tensor

from robustlib.attacks.alma import _Penalty, alma
from robustlib.conformance._planes import many
from robustlib.doubts import NoSlope
from robustlib.engine import attack
from robustlib.goals import Misclassify, Target
from robustlib.threats import L1, L2
from tests.robustlib.attacks.conftest import nearest

NORMS = pytest.mark.parametrize("threat", [L2, L1])
SHORT = {"steps": 150, "smoothing": 0.5}


@NORMS
@pytest.mark.parametrize("scale", [1e-2, 1, 1e2])
def test_it_finds_the_nearest_point_of_a_plane_also_at_walls(plane, threat, scale) -> None:
    """However long the logits are: a penalty that is not compared with anything knows no length."""
    scaled = lambda images: scale * plane.model(images)  # noqa: E731
    goal = Misclassify(plane.labels)
    result = attack(scaled, plane.images, goal, threat(torch.inf), alma, **SHORT)
    assert nearest(result, plane.exact(threat)).all()


@NORMS
def test_the_ratio_of_logits_has_no_scale(threat) -> None:
    planes = many(threat, 0.5)
    planes.model.double()
    images, goal = planes.images.double(), Misclassify(planes.labels)
    run = partial(attack, images=images, goal=goal, threat=threat(torch.inf), attack=alma, **SHORT)
    plain, scaled = run(planes.model), run(lambda points: 1024 * planes.model(points))
    assert torch.allclose(plain.distance, scaled.distance, atol=1e-3)
    assert nearest(plain, planes.exact(threat).amin(1), most=1.02).float().mean() >= 0.8


def penalty(height: Tensor, weight: float, multiplier: float) -> Tensor:
    if height >= 0:
        cube = weight**2 * height**3 / 6
        return multiplier * height + multiplier * weight * height**2 + cube
    return multiplier * height / (1 - weight * height)


def test_the_slope_is_that_of_the_penalty() -> None:
    heights = torch.tensor([-3.0, -0.2, 0.0, 0.3, 2.0], dtype=torch.float64)
    ours = _Penalty(heights)
    for _ in range(3):
        ours.learn(heights, 0.7)
        ours.check(heights, torch.zeros(5, dtype=torch.bool), 1.5, 0.9)
    for number, height in enumerate(heights):
        point = height.clone().requires_grad_()
        terms = float(ours._weight[number]), float(ours._multiplier[number])
        (slope,) = torch.autograd.grad(penalty(point, *terms), point)
        assert ours.slope(heights)[number].item() == pytest.approx(slope.item(), rel=1e-12)


WEIGHT = torch.tensor([[9.0, 2.0, 4.0], [-6.0, 7.0, 3.0]], dtype=torch.float64)


def ratio(logits: Tensor, label: int) -> Tensor:
    high, _, third = logits.sort(descending=True).values
    best = max(logits[j] for j in range(3) if j != label)
    return (best - logits[label]) / (high - third)


def walked(image: Tensor, order: int, steps: int) -> list[Tensor]:
    """The paper's algorithm for one image, with every gradient from autograd."""
    label, seen, met = int((image @ WEIGHT).sin().argmax()), [], None
    point, before = image, 0.0
    weight, multiplier, square, velocity = 1.0, 1.0, torch.ones_like(image), torch.zeros_like(image)
    for step in range(steps):
        seen.append(point)
        here = point.clone().requires_grad_()
        height = 1e-4 - ratio((here @ WEIGHT).sin(), label)
        now = float(height.detach())
        if now < 1e-4 and met is None:
            met = step
        flat = height.detach().requires_grad_()
        (slope,) = torch.autograd.grad(penalty(flat, weight, multiplier), flat)
        multiplier = 0.6 * multiplier + 0.4 * float(slope) if step else 1.0
        if step % 3 == 0:
            if step and met is None and now >= 0.9 * before:
                weight *= 1.5
            before = now
        total = penalty(height, weight, multiplier)
        if step:
            total = total + (here - image).norm(order)
        (gradient,) = torch.autograd.grad(total, here)
        square = 0.6 * square + 0.4 * gradient**2
        velocity = 0.6 * velocity + gradient / (square.sqrt() + 1e-8)
        if not step:
            size = 0.01 / float(velocity.norm(order))
        share = 1 if met is None else 0.1 ** ((step - met) / (steps - met))
        point = point - size * share * velocity
    return seen


@NORMS
def test_steps_follow_the_paper_where_nothing_is_near_a_wall(threat) -> None:
    generator = torch.Generator().manual_seed(3)
    options = {"steps": 40, "step_size": 0.01, "fall": 0.1, "smoothing": 0.6, "rate": 1.5}
    options |= {"improvement": 0.9, "check_steps": 3, "halvings": 0}
    for image in 0.4 + 0.2 * torch.rand(6, 2, generator=generator, dtype=torch.float64):
        shown: list[Tensor] = []

        def model(points: Tensor, shown: list[Tensor] = shown) -> Tensor:
            shown.append(points[0].detach().clone())
            return (points @ WEIGHT).sin()

        goal = Misclassify((image @ WEIGHT).sin()[None].argmax(1))
        attack(model, image[None], goal, threat(torch.inf), alma, **options)
        expected = walked(image, 2 if threat is L2 else 1, 40)
        for here, there in zip(shown[-41:-1], expected, strict=True):
            if threat is L1 and bool(((there - image).abs() < 1e-4).any()):
                break  # the paper's swings where ours rests
            assert torch.allclose(here, there, rtol=0, atol=1e-9)


def test_in_l1_all_but_the_steepest_pixels_stay_as_they_are(open_plane) -> None:
    """One pixel suffices, or two where the steepest comes to its wall."""
    goal, free = Misclassify(open_plane.labels), L1(torch.inf)
    result = attack(open_plane.model, open_plane.images, goal, free, alma, steps=300, halvings=0)
    moved = (result.adversarial != open_plane.images).flatten(1).sum(1)
    assert (moved <= 2).float().mean() >= 0.9


@NORMS
def test_on_the_exact_net_it_comes_near(exact_net, threat) -> None:
    goal, exact = Misclassify(exact_net.labels), exact_net.exact(threat)
    run = partial(attack, exact_net.model, exact_net.images, goal, threat(torch.inf), alma)
    found = run(steps=300, smoothing=0.8)
    assert nearest(found, exact).float().mean() >= 0.7
    assert nearest(found, exact, most=1.05).float().mean() >= 0.75


@NORMS
@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.02, 1.0)])
def test_under_a_finite_eps_it_finds_what_is_there(plane, threat, factor, share) -> None:
    eps = threat(factor * plane.exact(threat))
    result = attack(plane.model, plane.images, Misclassify(plane.labels), eps, alma, **SHORT)
    assert result.success.float().mean() == share


@NORMS
def test_a_target_is_reached_at_its_own_distance(threat) -> None:
    planes = many(threat, 0.5)
    target = (planes.labels + 1) % 4
    run = partial(attack, planes.model, planes.images, threat=threat(torch.inf), attack=alma)
    found = run(goal=Target(target), steps=300, smoothing=0.8)
    alone = planes.exact(threat).gather(1, target[:, None]).squeeze(1)
    assert torch.equal(found.success, alone.isfinite())
    assert (found.distance[found.success] >= alone[found.success] * (1 - 1e-5)).all()


def test_each_step_is_one_pass(open_plane) -> None:
    goal, free = Misclassify(open_plane.labels), L2(torch.inf)
    result = attack(open_plane.model, open_plane.images, goal, free, alma, steps=30, halvings=4)
    assert result.backwards.tolist() == [30] * 32
    assert result.forwards.tolist() == [1 + 30 + 4 + 1] * 32  # the looks at images and results


def test_a_flat_model_moves_nothing_and_gives_no_nan() -> None:
    model = lambda images: 0 * images[:, :2] + torch.tensor([2.0, 0.0])  # noqa: E731
    images, goal = torch.full((2, 3), 0.5), Misclassify(torch.tensor([0, 0]))
    with pytest.warns(NoSlope):
        result = attack(model, images, goal, L2(torch.inf), alma, steps=30)
    assert torch.equal(result.adversarial, images)
