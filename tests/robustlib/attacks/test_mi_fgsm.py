import pytest
import torch

from robustlib.attacks.mi_fgsm import mi_fgsm
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.goals import Misclassify, Target
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._rowwise import last, slope


@pytest.mark.parametrize("threat", [Linf(0.1), L2(0.4)], ids=str)
@pytest.mark.parametrize("momentum", [0.5, 1.0])
@pytest.mark.parametrize("targeted", [False, True])
def test_it_is_the_papers_update(threat, momentum, targeted, net, pictures, labels_of) -> None:
    """Equations 6 to 9, one image at a time, with the paper's sum; targeted by the minus sign."""
    model, images = net(seed=5), pictures(5) * 0.6 + 0.2
    labels = labels_of(model, images)
    goal = Target((labels + 1) % 4) if targeted else Misclassify(labels)
    talk = mi_fgsm(images, goal, threat, momentum=momentum, draws=Draws(0, range(5)))
    ours, alpha = last(talk, model, goal), threat.eps / 10
    for row, image in enumerate(images.split(1)):
        x, g = image, torch.zeros_like(image)
        for _ in range(10):
            _, slant = slope(model, goal, x, torch.tensor([row]))
            g = momentum * g + slant / slant.abs().sum()
            way = g.sign() if isinstance(threat, Linf) else g / g.norm()
            x = threat.project(x + alpha * way, image)
        assert torch.allclose(ours[row], x[0], rtol=0, atol=1e-9)


@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.02, 1.0)])
def test_on_a_plane_it_goes_straight_to_the_corner(plane, factor, share) -> None:
    goal, threat = Misclassify(plane.labels), Linf(factor * plane.linf)
    found = attack(plane.model, plane.images, goal, threat, mi_fgsm).success
    assert found.float().mean() == share


def test_velocity_carries_over_a_dip_where_the_gradient_turns_back() -> None:
    """The slope turns at 0.53; three steps of 0.01 up outweigh it, and class 1 wins at 0.56."""

    class Dip(torch.nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            x = images[:, 0]
            height = torch.where(x < 0.53, x - 0.53, torch.where(x < 0.545, 0.53 - x, x - 0.56))
            return torch.stack([-height, torch.full_like(x, -1e-3)], dim=1)

    images, goal = torch.full((1, 1), 0.502), Misclassify(torch.tensor([0]))
    found = [
        attack(Dip().eval(), images, goal, Linf(0.1), mi_fgsm, momentum=momentum).success.item()
        for momentum in (0.0, 1.0)
    ]
    assert found == [False, True]
