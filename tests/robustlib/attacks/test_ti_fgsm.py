import math

import pytest
import torch

from robustlib.attacks.ti_fgsm import ti_fgsm
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._rowwise import last, slope


def blur(gradient: torch.Tensor, kernel: int) -> torch.Tensor:
    """Every pixel by hand: the sum over the k² shifts, weighted by a bell of two dimensions."""
    half, blurred = kernel // 2, torch.zeros_like(gradient)
    height, width = gradient.shape[2:]
    bell = {
        (i, j): math.exp(-((3 * i / half) ** 2 + (3 * j / half) ** 2) / 2)
        for i in range(-half, half + 1)
        for j in range(-half, half + 1)
    }
    total = sum(bell.values())
    for y in range(height):
        for x in range(width):
            for (i, j), weight in bell.items():
                if 0 <= y + i < height and 0 <= x + j < width:
                    blurred[:, :, y, x] += weight / total * gradient[:, :, y + i, x + j]
    return blurred


@pytest.mark.parametrize("threat", [Linf(0.1), L2(0.4)], ids=str)
@pytest.mark.parametrize("kernel", [3, 7])
def test_it_is_the_papers_update(threat, kernel, net, pictures, labels_of) -> None:
    """Section 3.3 with momentum, one image at a time."""
    model, images = net(seed=5), pictures(2) * 0.6 + 0.2
    goal = Misclassify(labels_of(model, images))
    talk = ti_fgsm(images, goal, threat, steps=4, kernel=kernel, draws=Draws(0, range(2)))
    ours = last(talk, model, goal)
    for row, image in enumerate(images.split(1)):
        x, g = image, torch.zeros_like(image)
        for _ in range(4):
            slant = blur(slope(model, goal, x, torch.tensor([row]))[1], kernel)
            g = g + slant / slant.abs().sum()
            way = g.sign() if isinstance(threat, Linf) else g / g.norm()
            x = threat.project(x + threat.eps / 4 * way, image)
        assert torch.allclose(ours[row], x[0], rtol=0, atol=1e-9)


def test_a_kernel_of_one_pixel_blurs_nothing(plane) -> None:
    goal = Misclassify(plane.labels)
    for factor, share in ((0.98, 0.0), (1.02, 1.0)):
        threat = Linf(factor * plane.linf)
        found = attack(plane.model, plane.images, goal, threat, ti_fgsm, kernel=1).success
        assert found.float().mean() == share


def test_a_kernel_has_a_middle(net, pictures, labels_of) -> None:
    model, images = net(), pictures(1)
    goal = Misclassify(labels_of(model, images))
    with pytest.raises(InputError, match=r"kernel is an odd count of pixels.*, not 4"):
        attack(model, images, goal, Linf(0.1), ti_fgsm, kernel=4)
