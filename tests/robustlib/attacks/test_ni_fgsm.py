import pytest
import torch

from robustlib.attacks.ni_fgsm import ni_fgsm
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._rowwise import last, slope


@pytest.mark.parametrize("threat", [Linf(0.1), L2(0.4)], ids=str)
@pytest.mark.parametrize("momentum", [0.5, 1.0])
def test_it_is_the_papers_update(threat, momentum, net, pictures, labels_of) -> None:
    """Section 3.1, one image at a time, with the official code's mean."""
    model, images = net(seed=5), pictures(5) * 0.6 + 0.2
    goal = Misclassify(labels_of(model, images))
    talk = ni_fgsm(images, goal, threat, momentum=momentum, draws=Draws(0, range(5)))
    ours, alpha = last(talk, model, goal), threat.eps / 10
    for row, image in enumerate(images.split(1)):
        x, g = image, torch.zeros_like(image)
        for step in range(10):
            far = g if isinstance(threat, Linf) or not step else g / g.norm()
            _, slant = slope(model, goal, x + alpha * momentum * far, torch.tensor([row]))
            g = momentum * g + slant / slant.abs().mean()
            way = g.sign() if isinstance(threat, Linf) else g / g.norm()
            x = threat.project(x + alpha * way, image)
        assert torch.allclose(ours[row], x[0], rtol=0, atol=1e-9)


def test_what_lies_ahead_is_no_result(net, pictures, labels_of) -> None:
    """It may leave the box; it is never returned, and never counted as a success."""
    model, images = net(), pictures(8)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, Linf(0.06), ni_fgsm, momentum=2.0)
    assert result.adversarial.min() >= 0
    assert result.distance.max() <= 0.06 + 1e-12


def test_on_a_plane_it_goes_straight_to_the_corner(plane) -> None:
    goal = Misclassify(plane.labels)
    for factor, share in ((0.98, 0.0), (1.02, 1.0)):
        threat = Linf(factor * plane.linf)
        found = attack(plane.model, plane.images, goal, threat, ni_fgsm).success
        assert found.float().mean() == share
