import math
import time

import numpy as np
import pytest
import torch

from robustlib.draws import Draws
from robustlib.errors import InputError

KINDS = pytest.mark.parametrize(
    "draw",
    [
        lambda draws: draws.uniform(3, 4),
        lambda draws: draws.normal(3, 4),
        lambda draws: draws.randint(1000, 3, 4),
        lambda draws: draws.poisson(torch.full((len(draws), 3, 4), 50.0)),
    ],
    ids=["uniform", "normal", "randint", "poisson"],
)


@KINDS
def test_a_row_draws_its_own_numbers(draw) -> None:
    whole = draw(Draws(1, range(6)))
    assert torch.equal(draw(Draws(1, [4])), whole[4:5])
    assert torch.equal(draw(Draws(1, [5, 0, 3])), whole[[5, 0, 3]])
    assert whole.shape == (6, 3, 4)
    assert len(whole.flatten(1).unique(dim=0)) == 6


@KINDS
def test_seeds_and_children_are_streams_of_their_own(draw) -> None:
    draws = Draws(1, [0, 1])
    found = [
        draw(each) for each in (Draws(1, [0, 1]), Draws(2, [0, 1]), draws.child(0), draws.child(1))
    ]
    found.append(draw(draws.child(0).child(1)))
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            assert not torch.equal(one, other)
    assert torch.equal(draw(draws.child(1)), draw(Draws(1, [0, 1]).child(1)))


def test_what_is_taken_goes_on_where_its_row_is() -> None:
    draws, plain = Draws(3, range(4)), Draws(3, range(4))
    first = draws.uniform(2)
    second = draws.take(torch.tensor([2])).uniform(2)
    third = draws.uniform(2)
    expected = [plain.uniform(2) for _ in range(3)]
    assert torch.equal(first, expected[0])
    assert torch.equal(second[0], expected[1][2])
    assert torch.equal(third[2], expected[2][2])
    assert torch.equal(third[0], expected[1][0])


def test_numbers_are_what_they_say() -> None:
    draws = Draws(0, range(50))
    uniform, normal, whole = draws.uniform(400), draws.normal(400), draws.randint(3, 400)
    assert uniform.min() >= 0
    assert uniform.max() < 1
    assert abs(uniform.mean() - 0.5) < 0.01
    assert abs(normal.mean()) < 0.02
    assert abs(normal.std() - 1) < 0.02
    assert whole.unique().tolist() == [0, 1, 2]
    assert Draws(0, [1], dtype=torch.float64).uniform(2).dtype == torch.float64
    assert whole.dtype == torch.int64


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_uniform_numbers_stay_below_one_in_half_precision_too(dtype) -> None:
    """Rounded to 1, their complement has no logarithm."""
    coarse = Draws(0, [0], dtype=dtype).uniform(5000)
    assert coarse.max() < 1
    assert (coarse.double() - Draws(0, [0]).uniform(5000)).abs().max() < torch.finfo(dtype).eps


@pytest.mark.parametrize("mean", [0.0, 0.3, 4.0, 9.9, 10.1, 60.0, 500.0])
def test_counts_follow_poissons_law(mean) -> None:
    """Few and many are drawn by two algorithms: each count comes as often as its formula says."""
    size = 100_000
    counts = Draws(1, range(4)).poisson(torch.full((4, size // 4), mean)).flatten()
    assert torch.equal(counts, counts.round())
    for count in range(int(mean - 2 * mean**0.5), int(mean + 2 * mean**0.5) + 1):
        expected = math.exp(count * math.log(mean or 1) - mean - math.lgamma(count + 1))
        share = (counts == count).double().mean().item()
        assert abs(share - expected) <= 5 * (expected * (1 - expected) / size) ** 0.5
    assert abs(counts.mean() - mean) <= 5 * (mean / size) ** 0.5


def test_means_are_left_as_they_are() -> None:
    means = torch.rand(3, 5, dtype=torch.float64)
    before = means.clone()
    assert Draws(0, range(3)).poisson(means).dtype == torch.float32
    assert torch.equal(means, before)


def test_no_global_state_is_read_or_written() -> None:
    before = torch.get_rng_state()
    one = Draws(0, [1]).normal(5)
    assert torch.equal(torch.get_rng_state(), before)
    torch.rand(7)
    assert torch.equal(Draws(0, [1]).normal(5), one)


@pytest.mark.parametrize("number", [0.7, "1", None])
def test_streams_are_named_by_integers(number) -> None:
    """Cut to one, 0.2 and 0.7 would draw the same numbers."""
    with pytest.raises(InputError, match=f"a key is an integer, not {number!r}"):
        Draws(0, [3, number])
    with pytest.raises(InputError, match=f"seed is an integer, not {number!r}"):
        Draws(number, [3])
    assert torch.equal(Draws(0, np.arange(3)).uniform(2), Draws(0, torch.arange(3)).uniform(2))


def test_no_rows_draw_nothing() -> None:
    assert Draws(0, []).uniform(3).shape == (0, 3)


def test_it_costs_little() -> None:
    draws = Draws(0, range(1000))
    draws.uniform(1)
    began = time.process_time()
    draws.uniform(3, 32, 32)
    assert time.process_time() - began < 0.25  # 8 ms on an idle core
