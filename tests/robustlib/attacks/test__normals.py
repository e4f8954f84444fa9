from functools import partial

import pytest
import torch

from robustlib.attacks import _normals as normals
from robustlib.attacks._border_search import Ground
from robustlib.draws import Draws
from robustlib.threats import L2
from tests.robustlib.attacks.test__border_search import led


def cosine(one, other):
    return torch.cosine_similarity(one.flatten(1).double(), other.flatten(1).double())


@pytest.mark.parametrize("off", [0.0, 0.2], ids=["on the border", "beside it"])
def test_the_guess_has_the_known_expectation(off) -> None:
    """Of N probes in d dimensions at a plane the cosine is about sqrt(2 N / (2 N + π d))."""
    size, count = 16, 400
    weight = torch.randn(size, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    weight = weight / weight.norm()
    images = torch.full((64, size), 0.5, dtype=torch.float64)
    ground, draws = Ground(images, L2(torch.inf)), Draws(0, range(64), dtype=torch.float64)
    radius = torch.full((64,), 0.01, dtype=torch.float64)
    points = images + off * 0.01 * weight
    rule = lambda some, _: (some - 0.5) @ weight > 0  # noqa: E731
    sample = normals.anywhere((size,))
    talk = normals.normal(
        ground, points, torch.arange(64), partial(sample, draws), radius=radius, count=count
    )
    guess, asked = led(talk, rule)
    assert sum(len(question.inputs) for question in asked) == 64 * count
    assert not any(question.candidate for question in asked)
    assert max(len(question.inputs) for question in asked) <= 64 * normals._SLAB
    angle = cosine(guess, weight.expand(64, -1))
    expected = (2 * count / (2 * count + torch.pi * size)) ** 0.5
    assert angle.mean() == pytest.approx(expected, abs=0.03)
    mean = guess.mean(0)
    assert cosine(mean[None], weight[None]) > 0.998


def test_the_sums_are_those_of_a_slow_loop() -> None:
    points = torch.full((2, 3), 0.5, dtype=torch.float64)
    sample, rows = normals.anywhere((3,)), torch.tensor([4, 1])
    draws = Draws(3, [0, 1], dtype=torch.float64)

    def propose(many):
        directions = sample(draws, many)
        return points[:, None] + 0.1 * directions, directions

    rule = lambda some, _: some[:, 0] + 2 * some[:, 1] > 1.55  # noqa: E731
    (leaning, sums, mean), asked = led(normals.tally(rows, 120, propose), rule)
    assert [question.rows.tolist() for question in asked][-1] == [4] * 20 + [1] * 20
    slow = torch.zeros(2, 3, dtype=torch.float64), torch.zeros(2, 3, dtype=torch.float64)
    share = torch.zeros(2, dtype=torch.float64)
    again = Draws(3, [0, 1], dtype=torch.float64)
    for many in (50, 50, 20):
        for place, row in enumerate(sample(again, many)):
            for direction in row:
                side = 1 if rule((0.5 + 0.1 * direction)[None], None) else -1
                slow[0][place] += side * direction
                slow[1][place] += direction
                share[place] += side / 120
    assert torch.allclose(leaning, slow[0], atol=1e-12)
    assert torch.allclose(sums, slow[1], atol=1e-12)
    assert torch.allclose(mean, share)


def test_probes_at_a_wall_count_where_they_are() -> None:
    """A probe is cut to the box: what it stands for has no part across the wall."""
    points = torch.tensor([[1.0, 0.5]], dtype=torch.float64)
    ground, draws = Ground(points, L2(torch.inf)), Draws(0, [0], dtype=torch.float64)
    sample = normals.anywhere((2,))
    rule = lambda some, _: some[:, 1] > 0.5  # noqa: E731
    radius = torch.tensor([0.1], dtype=torch.float64)
    rows = torch.tensor([0])
    guess, asked = led(
        normals.normal(ground, points, rows, partial(sample, draws), radius=radius, count=50), rule
    )
    assert asked[0].inputs.max() <= 1
    assert guess[0, 1] > 10 * guess[0, 0].abs()


@pytest.mark.parametrize("all_reached", [True, False])
def test_one_side_only_still_gives_a_direction(all_reached) -> None:
    points = torch.full((1, 4), 0.5)
    ground, draws, sample = Ground(points, L2(torch.inf)), Draws(0, [0]), normals.anywhere((4,))
    rule = lambda some, _: torch.full((len(some),), all_reached)  # noqa: E731
    talk = normals.normal(
        ground,
        points,
        torch.tensor([0]),
        partial(sample, draws),
        radius=torch.tensor([0.1]),
        count=7,
    )
    guess, _ = led(talk, rule)
    total = sample(Draws(0, [0]), 7).sum(1)
    assert torch.allclose(guess, total if all_reached else -total, atol=1e-4)


def test_waves_are_orthonormal_and_slow() -> None:
    waves = normals.cosines(8, 8)
    assert torch.allclose(waves.T @ waves, torch.eye(8, dtype=torch.float64), atol=1e-12)
    turns = (waves[1:] * waves[:-1] < 0).sum(0)
    assert turns.tolist() == list(range(8))
    assert torch.equal(normals.cosines(8, 3), waves[:, :3])
    assert normals.cosines(5, 9).shape == (5, 5)


def test_stretching_interpolates() -> None:
    assert torch.allclose(normals.stretched(6, 3).sum(1), torch.ones(6, dtype=torch.float64))
    assert torch.equal(normals.stretched(4, 9), torch.eye(4, dtype=torch.float64))


@pytest.mark.parametrize("shape", [(3, 6, 8), (5, 7), (9,)])
def test_directions_of_a_small_space_stay_in_it_and_have_length_one(shape) -> None:
    tall, wide = normals.sides(shape)
    high, across = normals.cosines(tall, 2), normals.cosines(wide, 3)
    drawn = normals.smooth(shape, high, across)(Draws(0, [1, 2], dtype=torch.float64), 11)
    assert drawn.shape == (2, 11, *shape)
    assert torch.allclose(drawn.flatten(2).norm(dim=2), torch.ones(2, 11, dtype=torch.float64))
    lines = drawn.reshape(-1, tall, wide)
    kept = high @ (high.T @ lines @ across) @ across.T
    assert torch.allclose(kept, lines, atol=1e-12)


def test_directions_of_a_basis() -> None:
    basis = torch.tensor([[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.6, 0.8]]])
    drawn = normals.spanned(basis)(Draws(0, [0]), 20)
    assert drawn.shape == (1, 20, 2, 2)
    assert torch.equal(drawn[0, :, 0, 1], torch.zeros(20))
    assert torch.allclose(drawn[0, :, 1, 0] / drawn[0, :, 1, 1], torch.tensor(0.75))
