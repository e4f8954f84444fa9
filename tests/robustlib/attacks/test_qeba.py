import math

import pytest
import torch
from torch import nn

from robustlib.attacks._normals import cosines
from robustlib.attacks.hop_skip_jump import hop_skip_jump
from robustlib.attacks.qeba import principal, qeba
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.threats import L2
from tests.robustlib.attacks._labels import Labels

SIDE = 16


@pytest.fixture(scope="module")
def slow_wave():
    """A plane whose normal is a slow wave over 16x16 pixels; images, labels and distances."""
    waves = cosines(SIDE, 3)
    weight = (waves @ torch.tensor([[0.0, 1, 2], [1, -1, 0], [2, 0, 1]]).double() @ waves.T).float()
    weight = weight.flatten() / weight.norm()
    model = nn.Sequential(nn.Flatten(), nn.Linear(SIDE * SIDE, 2)).eval()
    model[1].weight.data = torch.stack([weight, torch.zeros_like(weight)])
    drawn = torch.rand(8, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    images = 0.4 + 0.2 * drawn
    heights = images.flatten(1) @ weight
    offset = heights.min() - 0.4
    model[1].bias.data = torch.tensor([-float(offset), 0.0])
    return model, images, torch.zeros(8, dtype=torch.int64), heights - offset, weight


@pytest.mark.parametrize("basis", ["dct", "resize", "given"])
def test_in_the_right_small_space_it_comes_near_sooner(slow_wave, basis) -> None:
    """The plane's normal lies in the small space, of 16 dimensions (given: 4) where all are 256."""
    model, images, labels, exact, weight = slow_wave
    goal = Misclassify(labels)
    if basis == "given":
        others = torch.randn(3, SIDE * SIDE, generator=torch.Generator().manual_seed(1))
        basis = principal(torch.cat([10 * weight[None], others]), 4).view(4, 1, SIDE, SIDE)
    options = {"steps": 12, "directions": 60}
    near = attack(Labels(model), images, goal, L2(torch.inf), qeba, basis=basis, **options)
    plain = attack(Labels(model), images, goal, L2(torch.inf), hop_skip_jump, **options)
    assert near.success.all()
    assert near.queries.max() < plain.queries.min()
    ratio = near.distance / exact
    assert ratio.max() <= 1.15
    assert ratio.min() >= 1 - 1e-5
    assert ratio.max() < (plain.distance / exact).min()


def test_queries_are_counted_to_the_unit(slow_wave) -> None:
    model, images, labels, *_ = slow_wave
    counted = Labels(model)
    result = attack(counted, images, Misclassify(labels), L2(torch.inf), qeba, steps=3)
    assert int(result.queries.sum()) + result.probes == counted.asked
    least = 2 + 1 + 4 * math.ceil(1.5 * math.log2(SIDE**2)) + 3 * (100 + 1)
    assert (result.queries >= least).all()


def test_principal_directions_are_those_of_most_variance() -> None:
    generator = torch.Generator().manual_seed(0)
    frame = torch.linalg.qr(torch.randn(6, 6, generator=generator, dtype=torch.float64)).Q
    sizes = torch.tensor([9.0, 5, 1, 0.1, 0.01, 0.001], dtype=torch.float64)
    gradients = torch.randn(4000, 6, generator=generator, dtype=torch.float64) * sizes @ frame
    found = principal(gradients.view(-1, 2, 3), 2)
    assert found.shape == (2, 2, 3)
    assert (found.flatten(1) @ frame[:2].T).abs().diagonal().min() > 0.999


@pytest.mark.parametrize("basis", ["pca", torch.rand(2, 3), torch.ones(1, 2, dtype=torch.int64)])
def test_a_basis_that_is_none_is_refused(basis) -> None:
    images, goal = torch.rand(1, 2), Misclassify(torch.tensor([0]))
    model = lambda points: torch.zeros(len(points), dtype=torch.int64)  # noqa: E731
    with pytest.raises(InputError, match=r"^basis is a "):
        attack(model, images, goal, L2(torch.inf), qeba, basis=basis)
