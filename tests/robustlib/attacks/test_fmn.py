from functools import partial

import pytest
import torch

from robustlib.attacks._nearest import Nearest
from robustlib.attacks.fmn import _radius, fmn
from robustlib.conformance._planes import many
from robustlib.engine import attack
from robustlib.goals import Misclassify, Target
from robustlib.questions import GradientAnswer
from robustlib.threats import L0, L1, L2, Linf
from tests.robustlib.attacks.conftest import nearest

NORMS = pytest.mark.parametrize("threat", [Linf, L2, L1])


@NORMS
def test_it_finds_the_nearest_point_of_a_plane_also_at_walls(plane, threat) -> None:
    goal = Misclassify(plane.labels)
    result = attack(plane.model, plane.images, goal, threat(torch.inf), fmn)
    assert nearest(result, plane.exact(threat)).all()


@NORMS
def test_at_a_corner_the_radius_goes_on_growing(threat) -> None:
    """The first boundary guessed is far too near, and all steep pixels are at their walls soon."""
    planes = many(threat, 1.8, torch.float64)
    curved = lambda images: planes.model(images).pow(3)  # noqa: E731  the same boundaries
    goal, exact = Misclassify(planes.labels), planes.exact(threat).amin(1)
    result = attack(curved, planes.images, goal, threat(torch.inf), fmn, steps=200)
    assert result.success[exact.isfinite()].all()
    assert nearest(result, exact, most=1.05).float().mean() >= 0.8


def test_it_needs_the_fewest_pixels_of_a_plane(plane) -> None:
    """Those whose way to the wall is worth most, as many as it takes."""
    weight, flat = plane.model.weight, plane.images.flatten(1)
    worth = (torch.where(weight > 0, flat, 1 - flat) * weight.abs()).sort(1, descending=True).values
    height = flat @ weight + plane.model.offset
    fewest = (worth.cumsum(1) < height[:, None]).sum(1) + 1
    lines = plane.images.flatten(1)
    goal = Misclassify(plane.labels)
    result = attack(plane.model, lines, goal, L0(torch.inf), fmn, steps=200)
    assert result.success.all()
    assert (result.distance >= fewest).all()
    assert (result.distance == fewest).float().mean() >= 0.9


@pytest.mark.parametrize("threat", [Linf, L2, L1, L0])
def test_on_the_exact_net_restarts_find_the_nearest(exact_net, threat) -> None:
    goal, exact = Misclassify(exact_net.labels), exact_net.exact(threat)
    run = partial(attack, exact_net.model, exact_net.images, goal, threat(torch.inf), fmn, steps=40)
    once, often = run(), run(restarts=8)
    assert nearest(once, exact).float().mean() >= 0.6
    assert nearest(often, exact).float().mean() >= 0.9
    assert (often.distance <= once.distance + 1e-12)[once.success].all()


@NORMS
@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.02, 1.0)])
def test_under_a_finite_eps_it_finds_what_is_there(plane, threat, factor, share) -> None:
    eps = threat(factor * plane.exact(threat))
    result = attack(plane.model, plane.images, Misclassify(plane.labels), eps, fmn)
    assert result.success.float().mean() == share


def test_a_target_is_reached_at_its_own_distance() -> None:
    planes = many(L2, 0.5)
    target = (planes.labels + 1) % 4
    run = partial(attack, planes.model, planes.images, threat=L2(torch.inf), attack=fmn)
    found, alone = run(goal=Target(target)), planes.exact(L2).gather(1, target[:, None]).squeeze(1)
    assert torch.equal(found.success, alone.isfinite())
    assert (found.distance[found.success] >= alone[found.success] * (1 - 1e-5)).all()


def test_a_step_is_one_forward_and_one_backward_pass(plane) -> None:
    goal = Misclassify(plane.labels)
    result = attack(plane.model, plane.images, goal, L2(torch.inf), fmn, steps=30, halvings=4)
    assert result.backwards.tolist() == [30] * 32
    assert result.forwards.tolist() == [1 + 30 + 4 + 1] * 32  # the looks at images and results


def test_after_a_success_the_ball_is_the_smaller_of_the_shrunk_one_and_the_nearest_success() -> (
    None
):
    """Not the nearest shrunk once more: a row would be held nearer than it has ever got."""
    images = torch.zeros(2, 1, 2, 2)
    known = Nearest(images, L2(torch.inf))
    known.distance = torch.tensor([1.0, 4.0])
    slope, yes = torch.ones_like(images), torch.ones(2, dtype=torch.bool)
    answer = GradientAnswer(slope, torch.ones(2), torch.zeros(2, 2), yes)
    radius = _radius(known, torch.tensor([2.0, 2.0]), images, answer, 0.25)
    assert radius.tolist() == [1.0, 1.5]
