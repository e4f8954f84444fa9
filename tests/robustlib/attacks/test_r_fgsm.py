import pytest
import torch

from robustlib.attacks.r_fgsm import r_fgsm
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._rowwise import last, slope


@pytest.mark.parametrize("threat", [Linf(0.1), L2(0.4)], ids=str)
@pytest.mark.parametrize("share", [0.25, 0.5])
def test_it_is_the_papers_update(threat, share, net, pictures, labels_of) -> None:
    """Section 4.1, one image at a time: α sign N(0, 1) first, then ε - α along the gradient."""
    model, images = net(seed=5), pictures(5) * 0.6 + 0.2
    goal = Misclassify(labels_of(model, images))
    draws = [Draws(0, range(5), dtype=images.dtype) for _ in range(2)]
    ours = last(r_fgsm(images, goal, threat, share=share, draws=draws[0]), model, goal)
    noise = draws[1].normal(*images.shape[1:])
    for row, image in enumerate(images.split(1)):
        start = image + share * threat.eps * direction(noise[row : row + 1], threat)
        _, slant = slope(model, goal, start, torch.tensor([row]))
        theirs = threat.project(start + (1 - share) * threat.eps * direction(slant, threat), image)
        assert torch.allclose(ours[row], theirs[0], rtol=0, atol=1e-9)


def direction(vector: torch.Tensor, threat: Linf | L2) -> torch.Tensor:
    return vector.sign() if isinstance(threat, Linf) else vector / vector.norm()


def test_it_takes_one_gradient_and_never_leaves_the_ball(net, pictures, labels_of) -> None:
    model, images = net(), pictures(4)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, Linf(1e-6), r_fgsm)
    assert result.backwards.tolist() == [1, 1, 1, 1]
    assert result.queries.tolist() == [3, 3, 3, 3]


@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (3.0, 1.0)])
def test_on_a_plane_what_is_left_of_the_way_decides(open_plane, factor, share) -> None:
    """A random third of the way can at worst be undone: of 3 radii then 1 more is left."""
    goal, threat = Misclassify(open_plane.labels), Linf(factor * open_plane.linf)
    found = attack(open_plane.model, open_plane.images, goal, threat, r_fgsm, share=1 / 3 - 1e-3)
    assert found.success.float().mean() == share
