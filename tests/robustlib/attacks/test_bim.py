import pytest
import torch

from robustlib.attacks.bim import bim
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._rowwise import last, slope


@pytest.mark.parametrize("threat", [Linf(0.1), L2(0.4)], ids=str)
def test_it_is_the_papers_update(threat, net, pictures, labels_of) -> None:
    """Section 2.2, one image at a time."""
    model, images = net(seed=5), pictures(5) * 0.6 + 0.2
    goal = Misclassify(labels_of(model, images))
    ours = last(bim(images, goal, threat, step_size=0.03, draws=Draws(0, range(5))), model, goal)
    for row, image in enumerate(images.split(1)):
        x = image
        for _ in range(10):
            _, slant = slope(model, goal, x, torch.tensor([row]))
            way = slant.sign() if isinstance(threat, Linf) else slant / slant.norm()
            x = threat.project(x + 0.03 * way, image)
        assert torch.allclose(ours[row], x[0], rtol=0, atol=1e-9)


@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.02, 1.0)])
def test_on_a_plane_it_goes_straight_to_the_corner(plane, factor, share) -> None:
    goal, threat = Misclassify(plane.labels), Linf(factor * plane.linf)
    assert attack(plane.model, plane.images, goal, threat, bim).success.float().mean() == share


def test_each_step_is_one_pass(net, pictures, labels_of) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, Linf(1e-6), bim, steps=7)
    assert result.backwards.tolist() == [7, 7, 7]
    assert result.queries.tolist() == [9, 9, 9]
