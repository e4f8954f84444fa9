"""Goals about numbers, beside the closed form: eps times the dual norm of a linear model."""

import pytest
import torch
from torch import nn

from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.regression import Approach, Deviate
from robustlib.threats import L1, L2, Linf

WEIGHT = torch.tensor([[3.0, -4.0, 0.5], [1.0, 0.0, -2.0]])


def line(outputs: int) -> nn.Module:
    """[n, 3] to [n] or [n, 2], linear."""
    model = nn.Linear(3, 2).eval()
    model.weight.data, model.bias.data = WEIGHT, torch.tensor([0.1, 0.2])
    return model if outputs == 2 else nn.Sequential(model, First()).eval()


class First(nn.Module):
    """The first of two numbers, [n]."""

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return values[:, 0]


IMAGES = torch.tensor([[0.5, 0.5, 0.5], [0.4, 0.6, 0.5]])


@pytest.mark.parametrize(
    ("threat", "furthest"), [(Linf(0.1), 0.75), (L2(0.1), 0.1 * 25.25**0.5), (L1(0.1), 0.4)]
)
@pytest.mark.parametrize("share", [0.98, 1.02])
def test_a_number_is_moved_as_far_as_the_dual_norm_says(threat, furthest, share) -> None:
    """From the model's own answer, where the distance has no slope of its own."""
    model = line(1)
    goal = Deviate(model(IMAGES).detach(), tolerance=share * furthest)
    result = attack(model, IMAGES, goal, threat, pgd, steps=20, halvings=4)
    assert result.success.tolist() == [share < 1] * 2
    if share > 1:  # no row was retired on the way
        assert torch.allclose(result.loss, torch.tensor(furthest), atol=1e-3)


def test_a_wanted_number_is_met_where_it_is_within_reach() -> None:
    model = line(1)
    for wanted, met in ((0.5, True), (0.9, False)):
        goal = Approach(model(IMAGES).detach() + wanted, tolerance=0.01)
        result = attack(model, IMAGES, goal, Linf(0.1), pgd, steps=60, halvings=8)
        assert result.success.tolist() == [met] * 2


def test_several_numbers_are_a_sum_of_differences() -> None:
    values, outputs = torch.zeros(2, 2), torch.tensor([[1.0, -2.0], [0.0, 0.5]])
    rows, tolerance = torch.tensor([1, 0]), torch.tensor([2.9, 0.5])
    goal = Deviate(values, tolerance)
    assert goal.loss(outputs, rows).tolist() == [3.0, 0.5]
    assert goal.reached(outputs, rows).tolist() == [True, False]
    assert Approach(values, tolerance).reached(outputs, rows).tolist() == [False, True]
    assert goal.take(rows).reached(outputs, torch.tensor([0, 1])).tolist() == [True, False]
    assert Approach(values, 1.0).loss(outputs, rows).tolist() == [-3.0, -0.5]


def test_scores_alone_are_enough() -> None:
    model = line(2)
    goal = Deviate(model(IMAGES).detach(), tolerance=0.5)
    assert attack(model, IMAGES, goal, Linf(0.1), square, steps=50).success.all()


@pytest.mark.parametrize("kind", [Deviate, Approach])
@pytest.mark.parametrize(
    ("values", "tolerance", "message"),
    [
        (torch.zeros(2), -1.0, "tolerance is a number ≥ 0"),
        (torch.zeros(2), float("nan"), "tolerance is a number ≥ 0"),
        (torch.zeros(2), torch.zeros(3), "one for each of 2 rows"),
        (torch.zeros(2).long(), 1.0, "floating-point tensor, not torch.int64"),
        ([0.0], 1.0, "floating-point tensor, not list"),
    ],
)
def test_what_is_no_number_is_refused(kind, values, tolerance, message) -> None:
    with pytest.raises(InputError, match=message):
        kind(values, tolerance)


@pytest.mark.parametrize("kind", [Deviate, Approach])
def test_as_many_values_as_the_model_answers(kind) -> None:
    kind(torch.zeros(2), 1.0).check(torch.zeros(2), 2)
    for outputs in (torch.zeros(2, 3), torch.zeros(3), torch.zeros(2).long()):
        with pytest.raises(InputError, match="as many as the model answers"):
            kind(torch.zeros(2), 1.0).check(outputs, len(outputs))
