import torch

from robustlib.attacks.vmi_fgsm import vmi_fgsm
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import Linf
from tests.robustlib.attacks._rowwise import last, slope


def test_it_is_the_papers_update(net, pictures, labels_of) -> None:
    """Algorithm 1, one image at a time, with its variance after every step."""
    model, images, eps = net(seed=5), pictures(3), 0.1
    goal = Misclassify(labels_of(model, images))
    draws = [Draws(0, range(3), dtype=images.dtype) for _ in range(2)]
    options = {"steps": 5, "samples": 4, "reach": 1.2}
    ours = last(vmi_fgsm(images, goal, Linf(eps), **options, draws=draws[0]), model, goal)
    noise = [1.2 * eps * (2 * draws[1].uniform(4, *images.shape[1:]) - 1) for _ in range(5)]
    for row, image in enumerate(images.split(1)):
        x, g, v = image, torch.zeros_like(image), torch.zeros_like(image)
        at = torch.tensor([row])
        for step in range(5):
            _, here = slope(model, goal, x, at)
            g = g + (here + v) / (here + v).abs().sum()
            v = torch.zeros_like(image)
            for sample in range(4):
                _, there = slope(model, goal, x + noise[step][row, sample], at)
                v = v + there / 4
            v = v - here
            x = (x + eps / 5 * g.sign()).clamp(image - eps, image + eps).clamp(0, 1)
        assert torch.allclose(ours[row], x[0], rtol=0, atol=1e-9)


def test_neighbours_cost_a_gradient_each_but_for_the_last_step(net, pictures, labels_of) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, Linf(1e-6), vmi_fgsm, steps=7, samples=4)
    assert result.backwards.tolist() == [7 + 6 * 4] * 3
    assert result.queries.tolist() == [7 + 6 * 4 + 2] * 3


def test_on_a_plane_it_goes_straight_to_the_corner(plane) -> None:
    goal = Misclassify(plane.labels)
    for factor, share in ((0.98, 0.0), (1.02, 1.0)):
        threat = Linf(factor * plane.linf)
        found = attack(plane.model, plane.images, goal, threat, vmi_fgsm).success
        assert found.float().mean() == share
