from itertools import permutations

import pytest
import torch

from robustlib.attacks._spaces import Choice, chances, enter, spaces
from robustlib.attacks._zeroth import Plan, Search
from robustlib.draws import Draws
from robustlib.goals import Misclassify
from robustlib.threats import L2


def searched(images: torch.Tensor, levels: int = 1, steps: int = 12) -> tuple[Search, list]:
    codes, plan = spaces(images, levels), Plan(steps, 0.1, 1.0, 5)
    goal = Misclassify(torch.zeros(len(images), dtype=torch.int64))
    return Search(images, goal, L2(torch.inf), codes[0], plan), codes


@pytest.mark.parametrize(
    ("shape", "sides"),
    [
        ((2, 8, 8), [(2, 2, 2), (2, 4, 4), (2, 8, 8)]),
        ((1, 3, 8), [(1, 2, 2), (1, 3, 4), (1, 3, 8)]),
        ((9,), [(1, 1, 2), (1, 1, 4), (9,)]),
    ],
    ids=str,
)
def test_each_space_is_twice_as_wide_as_the_last(shape, sides) -> None:
    codes = spaces(torch.zeros(1, *shape), 3)
    assert [code.shape for code in codes] == sides
    assert [code.is_pixels for code in codes] == [False, False, True]
    assert len(spaces(torch.zeros(1, *shape), 9)) == 9  # one pixel, at least


def test_spaces_take_turns_of_equal_time() -> None:
    search, codes = searched(torch.full((3, 2, 8, 8), 0.5), levels=3)
    choose = Choice(search, codes, Draws(0, range(3)), coordinates=20)
    seen = []
    for step in range(12):
        places = choose(step)
        seen.append((codes.index(search.code), places.shape[1]))
        assert all(len(row.unique()) == len(row) for row in places)
        assert places.max() < search.code.size
    assert seen == [(0, 8)] * 4 + [(1, 20)] * 4 + [(2, 20)] * 4


def test_into_pixels_the_change_is_taken_along() -> None:
    images = torch.rand(3, 2, 8, 8, generator=torch.Generator().manual_seed(0)).double()
    search, codes = searched(images, levels=2)
    search.codes = torch.randn(3, 32, generator=torch.Generator().manual_seed(1)).double()
    before = search.iterates()
    assert ((before == 0) | (before == 1)).any()
    enter(search, codes[1])
    assert torch.allclose(search.iterates(), before, atol=1e-12)
    assert ((images.flatten(1) + search.codes).clamp(0, 1) - before.flatten(1)).abs().max() < 1e-12
    assert (images.flatten(1) + search.codes).min() >= -1e-12  # nothing beyond the box is kept
    slope, places = torch.ones(3, 1).double(), torch.zeros(3, 1, dtype=torch.int64)
    assert torch.allclose(search.adam.step(slope, places), slope)  # Adam's first step


def test_a_coarse_change_is_enlarged() -> None:
    search, codes = searched(torch.full((1, 1, 1, 8), 0.5), levels=3)
    search.codes = torch.tensor([[0.0, 4.0]])
    enter(search, codes[1])
    assert torch.allclose(search.codes, torch.tensor([[0.0, 1.0, 3.0, 4.0]]))


def test_a_chance_is_the_largest_change_of_its_region() -> None:
    """Regions are an eighth of the side: of 16 by 20 pixels, two by two."""
    search, _ = searched(torch.full((2, 1, 16, 20), 0.5))
    search.codes = torch.zeros(2, 16, 20)
    search.codes[0, 2, 5], search.codes[0, 3, 4], search.codes[0, 15, 19] = -0.3, 0.1, 0.1
    search.codes = search.codes.flatten(1)
    found = chances(search).view(2, 16, 20)
    wanted = torch.zeros(16, 20)
    wanted[2:4, 4:6], wanted[14:16, 18:20] = 0.3, 0.1
    assert torch.allclose(found[0], wanted / wanted.mean() + 0.1)
    assert torch.allclose(found[1], torch.full((16, 20), 1.1))  # nothing has changed there


def test_chances_are_kept() -> None:
    """Pairs of four coordinates, against the chances of drawing one after the other."""
    count = 6000
    search, codes = searched(torch.full((count, 4), 0.5))
    search.codes = torch.tensor([0.1, 0.4, 0.0, 0.2]).expand(count, 4)
    choose = Choice(search, codes, Draws(0, range(count)), coordinates=2, weighted=True)
    weight = (torch.tensor([0.1, 0.4, 0.0, 0.2]) / 0.175 + 0.1).tolist()
    choose(0)  # all alike, before anything is known
    pairs = choose(5)
    for one, other in permutations(range(4), 2):
        chance = weight[one] / sum(weight) * weight[other] / (sum(weight) - weight[one])
        share = ((pairs[:, 0] == one) & (pairs[:, 1] == other)).float().mean().item()
        assert share == pytest.approx(chance, abs=4 * (chance / count) ** 0.5 + 1e-4)


def test_chances_are_told_anew_when_the_weights_turn_and_a_space_is_entered() -> None:
    search, codes = searched(torch.full((1, 1, 8, 8), 0.5), levels=2)
    choose = Choice(search, codes, Draws(0, [0]), coordinates=1, weighted=True)
    told = []
    for step in range(12):
        search.codes = torch.full_like(search.codes, 0.01)
        before = choose._chances
        choose(step)
        told.append(choose._chances is not before)
    assert [step for step in range(12) if told[step]] == [5, 6, 10]
