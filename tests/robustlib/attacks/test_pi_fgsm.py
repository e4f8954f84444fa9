import pytest
import torch

from robustlib.attacks.pi_fgsm import pi_fgsm
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.threats import Linf
from tests.robustlib.attacks._rowwise import last, slope


def around(cut: torch.Tensor, kernel: int) -> torch.Tensor:
    """W * cut by hand: 1 / (k² - 1) of each neighbour, none of the middle."""
    half, height, width = kernel // 2, *cut.shape[2:]
    spread = torch.zeros_like(cut)
    for y in range(height):
        for x in range(width):
            for v in range(max(0, y - half), min(height, y + half + 1)):
                for u in range(max(0, x - half), min(width, x + half + 1)):
                    if (v, u) != (y, x):
                        spread[:, :, y, x] += cut[:, :, v, u] / (kernel**2 - 1)
    return spread * (spread.abs() > 1e-9)  # neighbours that cancel


@pytest.mark.parametrize(("amplification", "kernel"), [(2.5, 3), (10.0, 3), (4.0, 5)])
def test_it_is_the_papers_update(amplification, kernel, net, pictures, labels_of) -> None:
    """Algorithm 1, one image at a time, with its own test of whether anything is cut."""
    model, images, threat = net(seed=5), pictures(3) * 0.6 + 0.2, Linf(0.1)
    goal = Misclassify(labels_of(model, images))
    options = {"steps": 5, "amplification": amplification, "kernel": kernel}
    ours = last(pi_fgsm(images, goal, threat, **options, draws=Draws(0, range(3))), model, goal)
    for row, image in enumerate(images.split(1)):
        x, heap, push = image, torch.zeros_like(image), amplification * 0.1 / 5
        for _ in range(5):
            sign = slope(model, goal, x, torch.tensor([row]))[1].sign()
            heap, cut = heap + push * sign, torch.zeros_like(image)
            if heap.abs().max() >= 0.1:
                cut = (heap.abs() - 0.1).clamp(min=0) * heap.sign()
                heap = heap + push * around(cut, kernel).sign()
            x = x + push * sign + push * around(cut, kernel).sign()
            x = x.clamp(image - 0.1, image + 0.1).clamp(0, 1)
        assert torch.allclose(ours[row], x[0], rtol=0, atol=1e-9)


def test_on_a_plane_it_goes_to_the_corner(plane) -> None:
    goal = Misclassify(plane.labels)
    for factor, share in ((0.98, 0.0), (1.02, 1.0)):
        threat = Linf(factor * plane.linf)
        found = attack(plane.model, plane.images, goal, threat, pi_fgsm, kernel=1).success
        assert found.float().mean() == share


def test_a_kernel_has_a_middle(net, pictures, labels_of) -> None:
    model, images = net(), pictures(1)
    goal = Misclassify(labels_of(model, images))
    with pytest.raises(InputError, match=r"kernel is an odd count of pixels.*, not 4"):
        attack(model, images, goal, Linf(0.1), pi_fgsm, kernel=4)
