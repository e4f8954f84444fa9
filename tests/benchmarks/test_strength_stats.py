"""The bound and the figures on data whose answers are known."""

import itertools
import math

import pytest
import torch
from torch import Tensor

from benchmarks._strength_stats import (
    difference,
    median,
    median_ratio,
    row_by_row,
    theirs_alone,
    upper_bound,
)


def column(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def test_row_by_row_is_beside_the_peer_of_the_smallest_median() -> None:
    inf = math.inf
    ours, best = column(1, 2, 3, inf, 5, inf), column(2, 2, 2, inf, inf, 1)
    nearer, farther, usual = row_by_row(ours, [column(9, 9, 9, 9, 9, 9), best])
    assert (nearer, farther, usual) == (2, 2, 1.0)


def test_three_rows_have_the_bound_of_all_27_draws() -> None:
    ours, peer = column(1, 0, 1), column(0, 0, 1)
    draws = sorted(
        sum((ours - peer)[list(rows)].tolist()) / 3
        for rows in itertools.product(range(3), repeat=3)
    )
    exact = draws[math.ceil(0.95 * 27) - 1]
    assert exact == pytest.approx(2 / 3)
    assert upper_bound(ours, [peer]) == pytest.approx(exact)


def test_the_same_difference_in_every_row_is_certain() -> None:
    ours = torch.rand(50, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    assert upper_bound(ours, [ours - 0.125]) == pytest.approx(0.125)
    assert upper_bound(ours, [ours]) == 0


def test_the_best_peer_is_chosen_anew_in_each_draw() -> None:
    """Of two rows each peer breaks one: half of the draws hold one row twice, where one breaks all.

    By themselves both peers are as good as we are, in the mean.
    """
    ours, peers = column(0.5, 0.5), [column(1, 0), column(0, 1)]
    assert difference(ours, peers) == 0
    assert upper_bound(ours, peers) == pytest.approx(0.5)


def test_rows_are_drawn_in_pairs() -> None:
    """Hard rows are hard for both: drawn apart, the bound would be that of their own spread."""
    ours = torch.arange(100, dtype=torch.float64).remainder(2)
    assert upper_bound(ours, [ours - 0.01]) == pytest.approx(0.01)


def test_the_bound_lies_above_the_truth_nineteen_times_in_twenty() -> None:
    """400 samples of 100 rows; three times the standard error of the share is 0.033."""
    generator = torch.Generator().manual_seed(7)
    flips = torch.rand(400, 2, 100, generator=generator, dtype=torch.float64)
    ours, peers = (flips[:, 0] < 0.6).double(), (flips[:, 1] < 0.5).double()
    covered = [
        upper_bound(mine, [peer], times=1000) >= 0.1 for mine, peer in zip(ours, peers, strict=True)
    ]
    assert sum(covered) / len(covered) == pytest.approx(0.95, abs=0.033 + 0.01)


def test_medians_and_their_ratio() -> None:
    assert median(column(3, 1, 2)) == 2
    assert median(column(4, 1, 2, 3)) == 2.5
    assert median(column(1, 2, math.inf)) == 2
    assert median_ratio(column(1, 3, 9), [column(1, 2, 9), column(4, 4, 4)]) == 1.5


def test_rows_that_only_a_peer_breaks() -> None:
    ours, first, second = column(1, 1, 0.8, 1), column(1, 0.8, 0, 1), column(1, 1, 1, 0)
    assert theirs_alone(ours, [first, second]) == [1, 3]
    assert theirs_alone(ours, [ours]) == []
