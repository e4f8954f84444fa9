import math
from typing import Any

import pytest
import torch

from robustlib.attacks.di_fgsm import _Shrink, di_fgsm
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._rowwise import last, slope


def shrunk(image: torch.Tensor, numbers: list[float], chance: float, least: float) -> torch.Tensor:
    """T, one pixel at a time: the nearest pixel of the picture, or zero beside it."""
    whether, much, *places = numbers
    if whether >= chance:
        return image
    full = list(image.shape[2:])
    low = [max(1, round(least * size)) for size in full]
    side = [a + math.floor(much * (b + 1 - a)) for a, b in zip(low, full, strict=True)]
    top, left = (math.floor(p * (b + 1 - s)) for p, b, s in zip(places, full, side, strict=True))
    small = torch.zeros_like(image)
    for y in range(side[0]):
        for x in range(side[1]):
            nearest = image[:, :, y * full[0] // side[0], x * full[1] // side[1]]
            small[:, :, top + y, left + x] = nearest
    return small


@pytest.mark.parametrize("threat", [Linf(0.1), L2(0.4)], ids=str)
@pytest.mark.parametrize(("chance", "least"), [(0.5, 0.9), (1.0, 0.4), (0.0, 0.5)])
def test_it_is_the_papers_update(threat, chance, least, net, pictures, labels_of) -> None:
    """Section 3.3 with momentum, one image at a time, differentiated through T by autograd."""
    model, images = net(seed=5), pictures(4) * 0.6 + 0.2
    goal = Misclassify(labels_of(model, images))
    draws = [Draws(0, range(4), dtype=images.dtype) for _ in range(2)]
    options = {"steps": 5, "chance": chance, "least": least}
    ours = last(di_fgsm(images, goal, threat, **options, draws=draws[0]), model, goal)
    numbers = [draws[1].uniform(4).tolist() for _ in range(5)]
    for row, image in enumerate(images.split(1)):
        x, g = image, torch.zeros_like(image)
        for step in range(5):

            def through(point: torch.Tensor, drawn: Any = numbers[step][row]) -> Any:
                return model(shrunk(point, drawn, chance, least))

            _, slant = slope(through, goal, x, torch.tensor([row]))
            g = g + slant / slant.abs().sum()
            way = g.sign() if isinstance(threat, Linf) else g / g.norm()
            x = threat.project(x + threat.eps / 5 * way, image)
        assert torch.allclose(ours[row], x[0], rtol=0, atol=1e-9)


def test_shrinking_and_pulling_back_are_adjoint() -> None:
    """<T a, b> = <a, T* b>, whatever a and b are; each row has a T of its own."""
    generator = torch.Generator().manual_seed(0)
    one, other = torch.randn(2, 50, 3, 7, 9, generator=generator, dtype=torch.float64)
    shrink = _Shrink(one, torch.rand(50, 4, generator=generator), 0.8, 0.3)
    there, back = (shrink(one) * other).flatten(1).sum(1), (one * shrink.back(other)).flatten(1)
    assert torch.allclose(there, back.sum(1))
    filled = shrink(torch.ones_like(one))[:, 0].flatten(1).sum(1)
    assert len(filled.unique()) > 5
    assert filled.min() >= 2 * 3


def test_without_chance_it_is_the_momentum_method(plane) -> None:
    goal = Misclassify(plane.labels)
    for factor, share in ((0.98, 0.0), (1.02, 1.0)):
        threat = Linf(factor * plane.linf)
        found = attack(plane.model, plane.images, goal, threat, di_fgsm, chance=0).success
        assert found.float().mean() == share
