from functools import partial

import pytest
import torch

from robustlib.attacks._nearest import Nearest, leads, of_radius
from robustlib.engine import attack
from robustlib.goals import Misclassify, Target
from robustlib.questions import WhiteBox
from robustlib.threats import L1, L2, Linf

LINE = lambda images: torch.cat([images, 1 - images], dim=1)  # noqa: E731  class 1 below a half
GOAL = Misclassify(torch.tensor([0, 0, 0]))
IMAGES = torch.tensor([[0.75], [0.9], [0.6]], dtype=torch.float64)


def through(images, goal, threat, *, halvings=0, draws) -> WhiteBox:
    """Looks at 0.05, at 0.3, at 0.2; then from the nearest of them back to the image."""
    nearest = Nearest(images, threat)
    for place in (0.05, 0.3, 0.2):
        yield from nearest.gradient(torch.full_like(images, place))
    yield from nearest.closer(halvings)
    return nearest.result(images)


def test_the_nearest_success_is_kept_and_the_way_to_it_halved() -> None:
    run = partial(attack, LINE, IMAGES, GOAL, L2(torch.inf), through)
    assert run().adversarial.flatten().tolist() == pytest.approx([0.3] * 3)
    exact = torch.tensor([0.25, 0.4, 0.1], dtype=torch.float64)
    away = run(halvings=12).distance - exact
    assert (away >= 0).all()
    assert (away <= 0.6 / 2**12).all()


def test_what_lies_outside_a_finite_ball_shows_the_way_and_is_no_result() -> None:
    run = partial(attack, LINE, IMAGES, GOAL, L2(torch.tensor([0.26, 0.26, 0.5])), through)
    plain, halved = run(), run(halvings=12)
    assert plain.success.tolist() == [True, False, True]  # the nearest is brought into the ball
    assert halved.success.tolist() == [True, False, True]  # the second's plane is 0.4 away
    assert plain.queries.tolist() == [5, 5, 3]  # the look, three steps, the last one: 0.3 is in
    assert plain.distance[::2].tolist() == pytest.approx([0.26, 0.3])


def test_of_several_finds_the_nearest_is_the_result() -> None:
    def farther(images, goal, threat, *, draws) -> WhiteBox:
        nearest = Nearest(images, threat)
        for away in (0.5, 0.45, 0.6):
            yield from nearest.gradient(images - away)
        assert nearest.distance.tolist() == pytest.approx([0.45] * 3)
        return nearest.result(images)

    assert attack(LINE, IMAGES, GOAL, L2(torch.inf), farther).success.all()


def test_some_rows_may_be_asked_about() -> None:
    def last(images, goal, threat, *, draws) -> WhiteBox:
        nearest, rows = Nearest(images, threat), torch.tensor([2, 0])
        answer = yield from nearest.gradient(images[rows] - 0.3, rows=rows)
        assert answer.reached.tolist() == [True, True]
        return nearest.result(images)

    result = attack(LINE, IMAGES, GOAL, L2(torch.inf), last)
    assert result.success.tolist() == [True, False, True]
    assert result.distance.tolist() == pytest.approx([0.3, 0.0, 0.3])


def test_points_are_noted_and_the_gradients_are_those_beside_them() -> None:
    """In one pass; the probes, all successes, are no candidates."""

    def last(images, goal, threat, *, draws) -> WhiteBox:
        nearest = Nearest(images, threat)
        square = lambda outputs, _: outputs[:, 0] ** 2  # noqa: E731
        answer = yield from nearest.beside(images - 0.3, images * 0 + 0.1, square)
        assert answer.gradient.flatten().tolist() == pytest.approx([0.2] * 3)
        assert nearest.found.tolist() == [True, False, True]
        return nearest.result(images)

    run = partial(attack, LINE, IMAGES, GOAL, attack=last)
    free, held = run(threat=L2(torch.inf)), run(threat=L2(torch.tensor([0.35, 0.35, 0.2])))
    assert free.success.tolist() == held.success.tolist() == [True, False, True]
    assert free.queries.tolist() == [4] * 3  # the look, two points, the last
    assert held.distance[::2].tolist() == pytest.approx([0.3, 0.2])


def test_leads_are_zero_on_the_boundaries() -> None:
    outputs = torch.tensor([[1.0, 4.0, 2.0], [5.0, 5.0, 1.0]])
    rows = torch.tensor([0, 1])
    of = leads(Misclassify(torch.tensor([1, 0])), 10)
    assert of(outputs, rows).tolist() == [[-2, -3], [0, -4]]
    assert leads(Misclassify(torch.tensor([1, 0])), 2)(outputs, rows).tolist() == [[-2], [0]]
    assert leads(Target(torch.tensor([2, 2])), 10)(outputs, rows).tolist() == [[-2], [-4]]


def test_a_radius_a_row() -> None:
    radius = torch.tensor([0.5, 2.0, 0.1])
    assert of_radius(L1(torch.inf), radius, IMAGES).radius(IMAGES).tolist() == pytest.approx(
        [0.5, 2, 0.1]
    )
    assert of_radius(Linf(torch.inf), radius, IMAGES).radius(IMAGES).max() == 1  # the whole range


def test_a_point_that_a_projection_has_brought_to_the_sphere_is_a_candidate() -> None:
    """In float64 image + eps - image may be a rounding more than eps: as a probe it would be lost,
    and only in some company."""
    images = torch.rand(400, 3, generator=torch.Generator().manual_seed(0)).double() * 0.4 + 0.3
    threat = Linf(0.06)
    points = threat.project(images + 1, images)
    assert (threat.distance(points, images) > 0.06).any()
    question = next(Nearest(images, threat).gradient(points))
    assert question.candidate
    assert len(question.inputs) == 400
