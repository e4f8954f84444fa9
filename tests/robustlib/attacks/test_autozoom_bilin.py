import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks._codes import bilinear
from robustlib.attacks.autozoom_bilin import autozoom_bilin
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target
from robustlib.threats import L2

FREE = L2(torch.inf)


def test_it_comes_near_the_nearest_point_that_is_smooth(open_plane) -> None:
    """Changes are A z; the nearest on the plane is height / ‖w's part in the space of A‖ away."""
    model, images = open_plane.model.double(), open_plane.images.double()
    code = bilinear(images, 2)
    space = torch.linalg.qr(code.change(torch.eye(4).double()).flatten(1).T).Q.T
    exact = (images.flatten(1) @ model.weight + model.offset) / (space @ model.weight).norm()
    inside = (exact < 0.4).nonzero()[:5, 0]
    assert len(inside) == 5
    goal, options = Misclassify(open_plane.labels[inside]), {"side": 2, "steps": 500}
    result = attack(model, images[inside], goal, FREE, autozoom_bilin, **options)
    assert result.success.all()
    assert (result.distance / exact[inside]).max() <= 1.1
    assert (result.distance / exact[inside]).min() >= 1 - 1e-6


class Turn(nn.Module):
    """Class 1 when the mean of a row's pixels has moved by 0.05 from 0.5."""

    def forward(self, images: Tensor) -> Tensor:
        moved = (images.flatten(1).mean(1) - 0.5).abs()
        return torch.stack([torch.full_like(moved, 0.05), moved], dim=1)


def test_every_query_is_counted(net, pictures, labels_of) -> None:
    """Two a step where nothing succeeds: the point, and one direction."""
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, FREE, autozoom_bilin, steps=7, directions=5)
    assert result.queries.tolist() == [2 + 7 * 2] * 3


def test_a_row_that_has_succeeded_asks_more() -> None:
    """directions + 1 after the first success, whose own step still costs two."""
    images, goal = torch.full((1, 1, 4, 4), 0.5).double(), Misclassify(torch.tensor([0]))
    options = {"steps": 60, "directions": 5}
    free = attack(Turn().eval(), images, goal, FREE, autozoom_bilin, **options)
    ball = attack(Turn().eval(), images, goal, L2(3.9), autozoom_bilin, **options)
    assert free.success.all()
    assert ball.success.all()
    steps = int(ball.queries - 1) // 2  # it retires there; one look came first
    assert 1 < steps < 60
    assert int(free.queries) == 1 + 2 * steps + 6 * (60 - steps) + 1


def test_a_target_is_reached_and_named(net, pictures, labels_of) -> None:
    model, images = net(), pictures(2)
    targets = (labels_of(model, images) + 1) % 4
    result = attack(model, images, Target(targets), FREE, autozoom_bilin, steps=400, side=6)
    assert result.success.all()
    assert torch.equal(result.outputs.argmax(1), targets)


@pytest.mark.parametrize("name", ["side", "directions"])
def test_nothing_is_zero(name, net, pictures, labels_of) -> None:
    model, images = net(), pictures(1)
    goal = Misclassify(labels_of(model, images))
    with pytest.raises(InputError, match=f"{name} is a count ≥ 1"):
        attack(model, images, goal, FREE, autozoom_bilin, **{name: 0})
    attack(model, images, goal, FREE, autozoom_bilin, **{name: 1, "steps": 1})
