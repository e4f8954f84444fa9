import pytest
import torch
from torch import Tensor

from robustlib.attacks import _antithetic as antithetic
from robustlib.attacks._antithetic import heights, slope
from robustlib.draws import Draws
from robustlib.goals import Misclassify
from robustlib.losses import margin
from tests.robustlib.attacks._talk import held

SIZE = 6
WEIGHT = torch.randn(SIZE, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def model(points: Tensor) -> Tensor:
    """The margin of class 0 climbs along the weight, and three of its rows are told apart."""
    height = points.flatten(1) @ WEIGHT
    return torch.stack([torch.zeros_like(height), height], dim=1)


GOAL = Misclassify(torch.zeros(3, dtype=torch.int64), measure=margin)


def basis(points: Tensor) -> Tensor:
    """Orthonormal directions, all there are, long enough for numbers of variance 1."""
    drawn = torch.randn(SIZE, SIZE, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    ways = torch.linalg.qr(drawn).Q * SIZE**0.5
    return ways.view(SIZE, *points.shape[1:]).expand(len(points), *[-1] * points.ndim)


@pytest.mark.parametrize("shape", [(6,), (1, 2, 3)], ids=str)
def test_all_directions_of_a_basis_give_the_gradient(shape) -> None:
    points = torch.full((3, *shape), 0.5, dtype=torch.float64)
    talk = slope(GOAL, points, lambda many: basis(points)[:, :many], count=SIZE, width=0.01)
    bundles, (guess, level) = held(talk, model, GOAL)
    assert torch.allclose(guess.flatten(1), WEIGHT.expand(3, -1), atol=1e-12)
    assert torch.allclose(level, (points.flatten(1) @ WEIGHT), atol=1e-12)
    assert [len(asked.inputs) for (asked,) in bundles] == [3 * 2 * SIZE]
    assert not any(asked.candidate for (asked,) in bundles)


def test_a_wall_takes_half_of_the_way_and_nothing_of_the_slope() -> None:
    """Along single pixels, each at a wall or free, the slopes are exact."""
    points = torch.tensor([[0.0, 1.0, 0.5, 0.0, 0.4, 1.0]]).double().expand(3, -1)
    ways = torch.eye(SIZE).double().expand(3, -1, -1) * SIZE**0.5
    talk = slope(GOAL, points, lambda many: ways[:, :many], count=SIZE, width=0.01)
    bundles, (guess, _) = held(talk, model, GOAL)
    assert torch.allclose(guess, WEIGHT.expand(3, -1), atol=1e-12)
    assert min(asked.inputs.min() for (asked,) in bundles) >= 0
    assert max(asked.inputs.max() for (asked,) in bundles) <= 1


def test_signs_are_exact_up_to_other_pixels_also_near_walls() -> None:
    """Over all signs of three pixels, each as likely: the mean is the gradient, walls or not."""
    signs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0]).double()] * SIZE)
    points = torch.tensor([[0.0, 0.004, 0.5, 0.998, 1.0, 0.01]]).double().expand(3, -1)
    turned = iter(signs.expand(3, -1, -1).split(antithetic._SLAB, dim=1))
    talk = slope(GOAL, points, lambda _: next(turned), count=len(signs), width=0.01)
    bundles, (guess, _) = held(talk, model, GOAL)
    assert torch.allclose(guess, WEIGHT.expand(3, -1), atol=1e-12)
    assert [len(asked.inputs) for (asked,) in bundles] == [3 * 2 * many for many in (25, 25, 14)]


def test_the_sum_is_that_of_a_slow_loop() -> None:
    """Normal directions on a curved loss, in more questions than one."""
    goal = Misclassify(torch.zeros(3, dtype=torch.int64))
    points = torch.rand(3, SIZE, generator=torch.Generator().manual_seed(2)).double()
    draws, again = (Draws(4, range(3), dtype=torch.float64) for _ in range(2))
    talk = slope(goal, points, lambda many: draws.normal(many, SIZE), count=60, width=0.001)
    _, (guess, level) = held(talk, model, goal)
    directions = torch.cat([again.normal(many, SIZE) for many in (25, 25, 10)], dim=1)
    for row in range(3):
        total, losses = torch.zeros(SIZE).double(), []
        for u in directions[row]:
            ends = [(points[row] + end * u).clamp(0, 1) for end in (0.001, -0.001)]
            high, low = (float(goal.loss(model(end[None]), torch.tensor([row]))) for end in ends)
            total += (high - low) / 0.002 * u
            losses += [high, low]
        assert torch.allclose(guess[row], total / 60, atol=1e-9)
        assert level[row].item() == pytest.approx(sum(losses) / 120)


def test_pairs_come_back_to_their_rows() -> None:
    points = torch.rand(3, 4, SIZE, generator=torch.Generator().manual_seed(3)).double()
    ((asked,),), (high, low) = held(heights(GOAL, points, 1 - points), model, GOAL)
    assert asked.rows.tolist() == [0] * 8 + [1] * 8 + [2] * 8
    assert torch.allclose(high, points @ WEIGHT)
    assert torch.allclose(low, (1 - points) @ WEIGHT)
