"""The books: budgets to the last query, the best candidate, and when a row is closed."""

import itertools
from typing import Any

import pytest
import torch

from robustlib._ledger import Candidates, Ledger, best_of_each, last_of_each
from robustlib.engine import attack
from robustlib.questions import Decision, DecisionBased
from robustlib.threats import Linf
from tests.robustlib._slope import BALL, Slope, low, probing, stairs


@pytest.mark.parametrize("budget", range(1, 10))
def test_probes_are_cut_at_the_budget(budget) -> None:
    model = Slope()
    images, goal = low(0.2, 0.3)
    result = attack(model, images, goal, BALL, probing, budget=budget)
    assert result.queries.tolist() == [budget, budget]
    assert sum(map(len, model.shown)) == 2 * budget + result.probes
    assert result.stopped == ("budget" if budget < 9 else "done")


def test_a_success_on_the_last_query_counts() -> None:
    images, goal = low(0.25)
    assert not attack(Slope(), images, goal, BALL, stairs, budget=3).success.item()
    assert attack(Slope(), images, goal, BALL, stairs, budget=4).success.item()


def test_a_failure_returns_the_best_point_and_no_placeholder() -> None:
    images, goal = low(0.1, 0.3)

    def there_and_back(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        for far in (0.05, 0.15, 0.0):
            yield from Decision(images + far)
        return images

    result = attack(Slope(), images, goal, BALL, there_and_back)
    assert not result.success.any()
    assert result.adversarial[:, 0].tolist() == pytest.approx([0.25, 0.45])
    assert result.distance.tolist() == pytest.approx([0.15, 0.15])


def test_the_nearest_of_several_candidates_of_a_row_is_kept_where_eps_is_endless() -> None:
    def several(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        far = torch.tensor([[0.9], [0.6], [0.7], [0.3]], dtype=images.dtype)
        yield from Decision(far, torch.zeros(4, dtype=torch.int64))
        yield from Decision(images + 0.5)
        return images + 0.45

    images, goal = low(0.1)
    result = attack(Slope(), images, goal, Linf(torch.inf), several)
    assert result.adversarial.item() == pytest.approx(0.55)
    assert result.queries.item() == 7


def candidates(reached: torch.Tensor, rank: torch.Tensor) -> Candidates:
    return Candidates(rank[:, None], rank[:, None], rank, reached, rank, torch.zeros_like(reached))


@pytest.mark.parametrize("seed", range(10))
def test_the_best_of_each_row_is_what_a_loop_finds(seed) -> None:
    """A success beats every failure; among equals the higher rank wins."""
    numbers = torch.Generator().manual_seed(seed)
    rows = torch.randint(0, 5, (17,), generator=numbers)
    found = candidates(torch.rand(17, generator=numbers) < 0.3, torch.rand(17, generator=numbers))
    order = sorted(range(17), key=lambda place: int(rows[place]))
    slow = [
        max(places, key=lambda place: (bool(found.reached[place]), float(found.rank[place])))
        for _, places in itertools.groupby(order, key=lambda place: int(rows[place]))
    ]
    assert best_of_each(rows, found).tolist() == slow


@pytest.mark.parametrize("seed", range(10))
def test_what_a_row_can_afford_is_what_a_purse_can_pay(seed) -> None:
    numbers = torch.Generator().manual_seed(seed)
    ledger = Ledger(torch.zeros(4, 1), BALL, budget=4)
    ledger.charge(torch.randint(0, 4, (6,), generator=numbers), victim=True)
    rows = torch.randint(0, 4, (15,), generator=numbers)
    wanted = torch.rand(15, generator=numbers) < 0.7
    purse, slow = (4 - ledger.queries).tolist(), []
    for row, wish in zip(rows.tolist(), wanted.tolist(), strict=True):
        slow.append(wish and purse[row] > 0)
        purse[row] -= wish
    assert ledger.affordable(rows, wanted).tolist() == slow


@pytest.mark.parametrize(
    ("eps", "retire", "closed"),
    [
        (0.5, "reached", [True, True, False]),
        (0.5, "never", [False, False, False]),
        (torch.inf, "reached", [True, False, False]),
        (torch.inf, "never", [True, False, False]),
    ],
)
def test_a_row_closes_at_its_goal_or_where_no_smaller_change_is_left(eps, retire, closed) -> None:
    """The first row reaches its goal without a change, the second with one, the third never."""
    images = torch.tensor([[0.2], [0.2], [0.2]])
    ledger = Ledger(images, Linf(eps), retire=retire)
    points = images + torch.tensor([[0.0], [0.1], [0.1]])
    reached, loss = torch.tensor([True, True, False]), torch.ones(3)
    found = Candidates(points, points, loss, reached, loss, torch.zeros(3))
    ledger.judge(found, torch.arange(3), distinct=True)
    assert ledger.closed().tolist() == closed


def test_passes_of_a_surrogate_are_no_queries() -> None:
    ledger = Ledger(torch.zeros(3, 1), BALL)
    ledger.charge(torch.tensor([0, 0, 2]), victim=True)
    ledger.charge(torch.tensor([1, 2]), victim=False)
    ledger.charge_backwards(torch.tensor([2, 2]), 5)
    assert ledger.queries.tolist() == [2, 0, 1]
    assert ledger.forwards.tolist() == [2, 1, 2]
    assert ledger.backwards.tolist() == [0, 0, 10]


@pytest.mark.parametrize("seed", range(5))
def test_the_last_of_each_row_is_what_a_loop_finds(seed) -> None:
    rows = torch.randint(0, 6, (20,), generator=torch.Generator().manual_seed(seed)).tolist()
    slow = [row not in rows[place + 1 :] for place, row in enumerate(rows)]
    assert last_of_each(torch.tensor(rows)).tolist() == slow
