from functools import partial
from itertools import pairwise

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from robustlib.attacks._base import restarts
from robustlib.attacks.brendel_bethge import brendel_bethge
from robustlib.conformance._exact_net import euclidean
from robustlib.conformance._planes import many
from robustlib.doubts import NoSlope
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target
from robustlib.questions import DecisionAnswer, Gradient, GradientAnswer, WhiteBox
from robustlib.threats import L0, L1, L2, Linf
from tests.robustlib.attacks.conftest import nearest

NORMS = pytest.mark.parametrize("threat", [Linf, L2, L1])
AXES, CENTRE = torch.tensor([[9.0, 4, 2, 1], [0.4, 0.5, 0.6, 0.5]], dtype=torch.float64)
QUICK = {"steps": 60, "radius": 0.2}


def often(images, goal, threat, *, draws) -> WhiteBox:
    """From four noises."""
    once = partial(brendel_bethge, steps=30, radius=0.2)
    return (yield from restarts(once, images, goal, threat, times=4, draws=draws))


@NORMS
@pytest.mark.parametrize("halvings", [0, 8])
def test_it_finds_the_nearest_point_of_a_plane_also_at_walls(plane, threat, halvings) -> None:
    run = partial(attack, plane.model, plane.images, Misclassify(plane.labels), threat(torch.inf))
    result = run(brendel_bethge, **QUICK, halvings=halvings)
    assert nearest(result, plane.exact(threat)).all()


@NORMS
def test_small_steps_end_behind_the_border_not_on_it(open_plane, threat) -> None:
    goal, options = Misclassify(open_plane.labels), {"steps": 100, "radius": 0.05}
    run = partial(attack, open_plane.model, open_plane.images, goal, threat(torch.inf))
    assert nearest(run(brendel_bethge, **options), open_plane.exact(threat)).all()


@NORMS
def test_under_a_finite_eps_it_finds_what_is_there(plane, threat) -> None:
    for factor, share in ((0.98, 0.0), (1.02, 1.0)):
        eps = threat(factor * plane.exact(threat))
        goal = Misclassify(plane.labels)
        result = attack(plane.model, plane.images, goal, eps, brendel_bethge, **QUICK)
        assert result.success.float().mean() == share


@NORMS
def test_on_the_exact_net_noises_lead_to_all_but_few_of_the_nearest(exact_net, threat) -> None:
    goal, exact = Misclassify(exact_net.labels), exact_net.exact(threat)
    run = partial(attack, exact_net.model, exact_net.images, goal, threat(torch.inf))
    once = run(brendel_bethge, **QUICK)
    assert once.success.all()
    assert nearest(once, exact).float().mean() >= 0.55  # one noise, one border
    assert nearest(run(often), exact).float().mean() >= 0.8


def test_a_target_is_reached_at_its_own_distance_without_a_start() -> None:
    """Where it wins is an intersection of half-spaces: the exact distance is a programme's."""
    planes = many(L2, 0.5)
    target = (planes.labels + 1) % 4
    goal = Target(target)
    run = partial(attack, planes.model, planes.images, goal, L2(torch.inf))
    found = run(brendel_bethge, steps=100, radius=0.2)
    weight, bias = (each.detach().double().numpy() for each in planes.model.parameters())
    exact = []
    for image, wanted in zip(planes.images.double().numpy(), target.tolist(), strict=True):
        lead = weight[wanted] - np.delete(weight, wanted, 0)
        level = lead @ image + bias[wanted] - np.delete(bias, wanted)
        g = np.concatenate([lead, np.eye(12), -np.eye(12)])
        exact.append(euclidean(g, np.concatenate([-level, -image, image - 1])))
    exact = torch.tensor(exact)
    assert torch.equal(found.success, exact.isfinite())
    assert nearest(found, exact)[exact.isfinite()].float().mean() >= 0.9


def height(points):
    """The margin of a model whose border is an ellipsoid."""
    return (AXES * (points - CENTRE) ** 2).sum(1) - 0.3


def answered(question):
    """What that model answers."""
    if isinstance(question, tuple):
        return tuple(DecisionAnswer(height(each.inputs) > 0, None) for each in question)
    rise = height(question.inputs)
    outputs = torch.stack([0 * rise, rise], dim=1)
    return GradientAnswer(2 * AXES * (question.inputs - CENTRE), rise, outputs, rise > 0)


def programme(point, image, slope, rise, radius):
    """The paper's equation 1 for one row: the step that leads nearest to the image."""
    solved = minimize(
        lambda step: ((image - point - step) ** 2).sum(),
        np.zeros(len(point)),
        bounds=list(zip(-point, 1 - point, strict=True)),
        constraints=[
            {"type": "eq", "fun": lambda step: slope @ step - rise},
            {"type": "ineq", "fun": lambda step: radius**2 - step @ step},
        ],
        method="SLSQP",
        options={"maxiter": 300, "ftol": 1e-12},
    )
    return solved.x


def test_each_step_is_the_paper_s_programme_solved() -> None:
    images = torch.tensor([[0.5, 0.45, 0.6, 0.4], [0.3, 0.5, 0.5, 0.55]], dtype=torch.float64)
    starts = torch.tensor([[1.0, 1, 0, 1], [0, 0.1, 0.2, 0]], dtype=torch.float64)
    goal, options = Misclassify(torch.zeros(2, dtype=torch.int64)), {"steps": 40, "radius": 0.2}
    talk = brendel_bethge(
        images, goal, L2(torch.inf), **options, starts=starts, draws=Draws(0, [0, 1])
    )
    asked: list[torch.Tensor] = []
    question = next(talk)
    while len(asked) < 9:
        asked += [question.inputs] if isinstance(question, Gradient) else []
        question = talk.send(answered(question))
    normal = 2 * AXES * (asked[0] - CENTRE)
    for step, (here, there) in enumerate(pairwise(asked)):
        normal = 0.8 * normal + 0.2 * 2 * AXES * (here - CENTRE)
        region, now = 0.2 * 4**0.5 * 0.5 ** (step // 2), height(here)
        for row in range(2):
            past = max(0.1 * abs(now[row]), 0.01 * region * normal[row].norm())
            terms = (here[row], images[row], normal[row], past - now[row])
            step_there = programme(*(each.numpy() for each in terms), region)
            assert here[row].numpy() + step_there == pytest.approx(there[row].numpy(), abs=1e-5)


def test_it_begins_at_the_nearest_image_given(open_plane) -> None:
    goal = Target(torch.ones_like(open_plane.labels))
    starts = (0.5 - 0.5 * open_plane.model.weight.sign()).view(1, 1, 4, 4)
    run = partial(attack, open_plane.model, open_plane.images, goal, L2(torch.inf))
    result = run(brendel_bethge, **QUICK, starts=starts)
    assert nearest(result, open_plane.l2).all()
    with pytest.raises(InputError, match=r"^starts is a tensor of images \[k, 1, 4, 4\]"):
        run(brendel_bethge, starts=starts[0])


def test_a_row_that_no_noise_fools_walks_to_the_border_from_its_image() -> None:
    """The corner that is of the other class is a millionth of the box."""
    corner = lambda images: torch.stack(  # noqa: E731
        [torch.zeros(len(images)), images.flatten(1).sum(1) - 19.5], dim=1
    )
    images, goal = torch.full((2, 20), 0.5), Misclassify(torch.zeros(2, dtype=torch.int64))
    result = attack(corner, images, goal, L2(torch.inf), brendel_bethge, **QUICK)
    assert result.distance.tolist() == pytest.approx([9.5 / 20**0.5] * 2, rel=1e-3)


def test_a_step_is_one_forward_and_one_backward_pass(plane) -> None:
    goal = Target(torch.ones_like(plane.labels))
    result = attack(
        plane.model, plane.images, goal, L2(torch.inf), brendel_bethge, steps=30, halvings=4
    )
    assert result.backwards.tolist() == [30] * 32
    assert result.forwards.tolist() == [1 + 30 + 1 + 4 + 1] * 32  # the last point; both looks


def test_a_flat_model_moves_nothing_and_gives_no_nan() -> None:
    flat = lambda images: images.flatten(1)[:, :2] * 0 + torch.tensor([2.0, 0])  # noqa: E731
    images, goal = torch.rand(2, 5), Target(torch.ones(2, dtype=torch.int64))
    with pytest.warns(NoSlope):
        result = attack(flat, images, goal, L1(torch.inf), brendel_bethge, steps=5)
    assert not result.success.any()
    assert torch.equal(result.adversarial, images)


def test_in_l0_it_changes_the_fewest_pixels_of_a_plane_also_at_walls(plane) -> None:
    run = partial(attack, plane.model, plane.images, Misclassify(plane.labels), L0(torch.inf))
    result = run(brendel_bethge, steps=60)
    assert nearest(result, plane.exact(L0)).float().mean() >= 0.95
    assert (result.distance <= plane.exact(L0) + 1).all()


def test_in_l0_noises_lead_to_the_fewest_on_the_exact_net(exact_net) -> None:
    exact, goal = exact_net.exact(L0), Misclassify(exact_net.labels)
    run = partial(attack, exact_net.model, exact_net.images, goal, L0(torch.inf))
    once = run(brendel_bethge, steps=60)
    assert once.success.all()
    assert nearest(once, exact).float().mean() >= 0.8
    assert nearest(run(often), exact).float().mean() >= 0.95
