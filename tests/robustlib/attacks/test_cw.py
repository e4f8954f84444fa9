from functools import partial

import pytest
import torch

from robustlib.attacks.cw import cw
from robustlib.conformance._planes import many
from robustlib.doubts import NoSlope
from robustlib.engine import attack
from robustlib.goals import Misclassify, Target
from robustlib.threats import L2
from tests.robustlib.attacks.conftest import nearest


def test_it_finds_the_nearest_point_of_a_plane_also_at_walls(plane) -> None:
    """Most pixels of the second stand at exactly 0 or 1, where a tanh of the box has no slope."""
    goal = Misclassify(plane.labels)
    result = attack(plane.model, plane.images, goal, L2(torch.inf), cw, steps=300)
    assert nearest(result, plane.l2).all()


@pytest.mark.parametrize("weight", [1e-3, 1e3])
def test_the_price_is_found_from_either_side(open_plane, weight) -> None:
    goal = Misclassify(open_plane.labels)
    run = partial(attack, open_plane.model, open_plane.images, goal, L2(torch.inf), cw)
    result = run(steps=200, weight=weight, searches=12)
    assert nearest(result, open_plane.l2).all()


def test_confidence_is_a_margin_that_the_nearest_success_keeps(open_plane) -> None:
    goal, confidence = Misclassify(open_plane.labels), 0.05
    run = partial(attack, open_plane.model, open_plane.images, goal, L2(torch.inf), cw, steps=200)
    result = run(confidence=confidence)
    margin = result.outputs[:, 1] - result.outputs[:, 0]
    assert (margin >= confidence * 0.999).all()
    exact = open_plane.l2 + confidence / open_plane.model.weight.norm()
    assert (result.distance / exact).max() <= 1.02


def test_a_row_that_fails_keeps_its_picture() -> None:
    """Where nothing can be reached the answer is no placeholder, and no success."""
    model = lambda images: torch.stack([images.sum(1) + 9, images.sum(1)], dim=1)  # noqa: E731
    images = torch.tensor([[0.3, 1.0, 0.0]])
    goal = Misclassify(torch.tensor([0]))
    with pytest.warns(NoSlope):
        result = attack(model, images, goal, L2(torch.inf), cw, steps=20, searches=2)
    assert not result.success.any()
    assert torch.allclose(result.adversarial, images, atol=1e-6)


def test_a_target_is_reached() -> None:
    planes = many(L2, 0.5)
    target = (planes.labels + 1) % 4
    goal = Target(target)
    found = attack(planes.model, planes.images, goal, L2(torch.inf), cw, steps=200)
    alone = planes.exact(L2).gather(1, target[:, None]).squeeze(1)
    assert torch.equal(found.success, alone.isfinite())
    assert (found.distance[found.success] >= alone[found.success] * (1 - 1e-5)).all()


def test_each_step_is_one_pass(open_plane) -> None:
    goal = Misclassify(open_plane.labels)
    run = partial(attack, open_plane.model, open_plane.images, goal, L2(torch.inf), cw)
    result = run(steps=10, searches=3, halvings=0)
    assert result.backwards.tolist() == [1 + 30] * 32
