from functools import partial

import pytest
import torch
from torch import nn

from robustlib.attacks.deepfool import deepfool
from robustlib.doubts import NoSlope
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target
from robustlib.threats import L1, L2, Linf
from tests.robustlib.attacks.conftest import nearest


@pytest.mark.parametrize("threat", [Linf, L2, L1])
def test_it_steps_to_the_plane_and_back_from_what_it_overshot(plane, threat) -> None:
    goal = Misclassify(plane.labels)
    run = partial(attack, plane.model, plane.images, goal, threat(torch.inf), deepfool)
    assert nearest(run(), plane.exact(threat)).all()


@pytest.mark.parametrize("steps", [1, 50])
def test_without_halvings_it_is_beyond_the_plane_by_its_overshoot(open_plane, steps) -> None:
    goal = Misclassify(open_plane.labels)
    run = partial(attack, open_plane.model, open_plane.images, goal, L2(torch.inf), deepfool)
    beyond = run(steps=steps, halvings=0).distance / open_plane.l2
    assert torch.allclose(beyond, torch.full_like(beyond, 1.02), atol=1e-3)
    assert nearest(run(steps=steps), open_plane.l2).all()


def test_at_the_walls_it_still_arrives(plane) -> None:
    result = attack(plane.model, plane.images, Misclassify(plane.labels), L2(torch.inf), deepfool)
    assert result.success.all()
    assert (result.distance >= plane.l2 * (1 - 1e-4)).all()


def test_the_nearest_of_many_classes_is_chosen() -> None:
    """Three planes at known distances: min over j of lead_j / ‖w_j - w_label‖."""
    weight = torch.tensor([[1.0, 0.0], [0.0, 2.0], [-3.0, 0.5], [0.5, -0.5]])
    model = nn.Linear(2, 4).eval()
    model.weight.data, model.bias.data = weight, torch.tensor([1.0, -0.3, 0.2, 0.1])
    images = torch.rand(50, 2, generator=torch.Generator().manual_seed(0)) * 0.2 + 0.4
    logits = model(images).detach()
    labels = logits.argmax(1)
    leads = logits.gather(1, labels[:, None]) - logits
    lengths = (weight[labels][:, None] - weight).norm(dim=2)
    exact = torch.where(lengths > 0, leads / lengths, torch.inf).amin(1)
    inside = exact < 0.35
    result = attack(model, images, Misclassify(labels), L2(torch.inf), deepfool)
    assert inside.sum() > 20
    assert (result.distance / exact)[inside].max() <= 1.01


def test_k_gradients_cost_one_forward_pass(net, pictures, labels_of) -> None:
    model, images = net(10), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, L2(1e-6), deepfool, steps=2, classes=10)
    assert result.queries.tolist() == [5, 5, 5]  # the look, two steps, the last ones, the result
    assert result.backwards.tolist() == [18, 18, 18]  # nine other classes, twice


def test_a_flat_model_moves_nothing_and_gives_no_nan() -> None:
    model = nn.Linear(3, 4).eval()
    nn.init.zeros_(model.weight)
    model.bias.data = torch.tensor([2.0, 0.0, 0.0, 0.0])
    images, goal = torch.full((2, 3), 0.5), Misclassify(torch.tensor([0, 0]))
    with pytest.warns(NoSlope):
        result = attack(model, images, goal, L2(torch.inf), deepfool, steps=3)
    assert torch.equal(result.adversarial, images)
    assert not result.success.any()


@pytest.mark.parametrize(
    ("options", "told"),
    [({"classes": 1}, "classes is a count ≥ 2"), ({"overshoot": -1}, r"overshoot .* \[0, inf\)")],
)
def test_a_way_that_would_not_arrive_is_refused(options, told, net, pictures, labels_of) -> None:
    model, images = net(), pictures(1)
    goal = Misclassify(labels_of(model, images))
    with pytest.raises(InputError, match=told):
        attack(model, images, goal, L2(torch.inf), deepfool, **options)
    attack(model, images, goal, L2(torch.inf), deepfool, classes=2, overshoot=0)


def test_a_target_is_refused(net, pictures, labels_of) -> None:
    model, images = net(), pictures(1)
    goal = Target((labels_of(model, images) + 1) % 4)
    with pytest.raises(InputError, match="Misclassify"):
        attack(model, images, goal, L2(torch.inf), deepfool)
