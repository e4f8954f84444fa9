import pytest
import torch

from robustlib.attacks.si_fgsm import si_fgsm
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._rowwise import last, slope


@pytest.mark.parametrize("threat", [Linf(0.1), L2(0.4)], ids=str)
@pytest.mark.parametrize("copies", [1, 3])
@pytest.mark.parametrize("look_ahead", [1.0, 0.5, 0.0])
def test_it_is_the_papers_update(threat, copies, look_ahead, net, pictures, labels_of) -> None:
    """Algorithm 1, one image at a time; gradients are with respect to the image, not its copy."""
    momentum = 0.7
    model, images = net(seed=5), pictures(5) * 0.6 + 0.2
    goal = Misclassify(labels_of(model, images))
    options = {"copies": copies, "look_ahead": look_ahead, "momentum": momentum}
    ours = last(si_fgsm(images, goal, threat, **options, draws=Draws(0, range(5))), model, goal)
    for row, image in enumerate(images.split(1)):
        x, g = image, torch.zeros_like(image)
        for _ in range(10):
            total = torch.zeros_like(image)
            length = 1 if isinstance(threat, Linf) else g.norm().clamp(min=1e-30)
            at = x + look_ahead * momentum * threat.eps / 10 * g / length
            for number in range(copies):
                _, slant = slope(model, goal, at / 2**number, torch.tensor([row]))
                total = total + slant / 2**number / copies
            g = momentum * g + total / total.abs().mean()
            way = g.sign() if isinstance(threat, Linf) else g / g.norm()
            x = threat.project(x + threat.eps / 10 * way, image)
        assert torch.allclose(ours[row], x[0], rtol=0, atol=1e-9)


def test_copies_cost_a_gradient_each_and_are_no_result(net, pictures, labels_of) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, Linf(1e-6), si_fgsm, steps=7, copies=4)
    assert result.backwards.tolist() == [28, 28, 28]
    assert result.queries.tolist() == [30, 30, 30]
    assert not result.success.any()  # half the image is another class's, but no candidate


def test_on_a_plane_it_goes_straight_to_the_corner(plane) -> None:
    goal = Misclassify(plane.labels)
    for factor, share in ((0.98, 0.0), (1.02, 1.0)):
        threat = Linf(factor * plane.linf)
        found = attack(plane.model, plane.images, goal, threat, si_fgsm).success
        assert found.float().mean() == share


def test_without_a_look_ahead_each_point_may_be_the_result(plane) -> None:
    goal, threat = Misclassify(plane.labels), Linf(2 * plane.linf)
    ahead, here = (
        attack(plane.model, plane.images, goal, threat, si_fgsm, look_ahead=look).backwards
        for look in (1, 0)
    )
    assert (ahead == 50).all()
    assert (here < 50).all()
