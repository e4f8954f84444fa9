import math

import pytest
import torch

from robustlib.attacks.ddn import _on_sphere, ddn
from robustlib.conformance._planes import many
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import L2
from tests.robustlib.attacks.conftest import nearest


def test_it_finds_the_nearest_point_of_a_plane_also_at_walls(plane) -> None:
    goal = Misclassify(plane.labels)
    result = attack(plane.model, plane.images, goal, L2(torch.inf), ddn, steps=300)
    assert nearest(result, plane.l2).all()


def test_at_walls_between_four_classes_it_ends_where_its_class_is_nearest() -> None:
    """The boundaries of the three others in closed form: of the one that it crosses, no farther."""
    planes = many(L2, 1.8)
    goal = Misclassify(planes.labels)
    result = attack(planes.model, planes.images, goal, L2(torch.inf), ddn)
    own = planes.exact(L2).gather(1, result.outputs.argmax(1)[:, None]).squeeze(1)
    assert nearest(result, own).all()
    assert nearest(result, planes.exact(L2).amin(1)).float().mean() >= 0.75


def test_the_sphere_meets_the_box() -> None:
    """0.6 and 0.8 where both have room; where the first stands at its wall the second goes on."""
    images, ahead = torch.tensor([[0.0, 0.0], [1.0, 0.0]]), torch.tensor([[3.0, 4.0], [4.0, 4.0]])
    length = torch.tensor([0.5, 0.5])
    found = _on_sphere(ahead, images, length).tolist()
    assert found[0] == pytest.approx([0.3, 0.4])
    assert found[1] == pytest.approx([1.0, 0.5])
    assert _on_sphere(ahead, images, 9 * length).tolist() == [[1, 1], [1, 1]]


def test_steps_follow_the_paper_where_no_wall_is_near() -> None:
    """A slow second implementation in the open box, seen by the model step by step."""
    weight = torch.tensor([[1.0, 2.0], [-1.0, 0.5]], dtype=torch.float64)
    seen: list[torch.Tensor] = []

    def model(images: torch.Tensor) -> torch.Tensor:
        seen.append(images.detach().clone())
        return 3 * (images @ weight.T).sin()

    image = torch.tensor([[0.5, 0.45]], dtype=torch.float64)
    label = model(image).argmax(1)
    seen.clear()
    options = {"steps": 6, "step_size": 0.1, "radius": 0.05, "rate": 0.1, "halvings": 0}
    result = attack(model, image, Misclassify(label), L2(torch.inf), ddn, **options)
    ahead = result.probes + 1
    point, radius = image.clone(), 0.05
    for step, looked_at in enumerate(seen[ahead : ahead + 6]):
        assert torch.allclose(looked_at, point, rtol=0, atol=1e-12)
        point = point.requires_grad_()
        outputs = 3 * (point @ weight.T).sin()
        loss = torch.nn.functional.cross_entropy(outputs, label)
        (gradient,) = torch.autograd.grad(loss, point)
        radius *= 0.9 if outputs.argmax(1) != label else 1.1
        fall = 0.01 + 0.99 * (1 + math.cos(math.pi * step / 6)) / 2
        change = point.detach() + 0.1 * fall * gradient / gradient.norm() - image
        point = image + radius * change / change.norm()


def test_on_the_exact_net_none_is_nearer_than_exact(exact_net) -> None:
    goal = Misclassify(exact_net.labels)
    result = attack(exact_net.model, exact_net.images, goal, L2(torch.inf), ddn)
    assert nearest(result, exact_net.exact(L2)).float().mean() >= 0.25
