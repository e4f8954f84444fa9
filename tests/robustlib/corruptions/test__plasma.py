"""Clouds, against a plain loop over points."""

import pytest
import torch

from robustlib.corruptions._plasma import plasma
from robustlib.draws import Draws


def slow(size, decay, draws):
    """One square of clouds, point by point; its numbers are drawn a level at a time."""
    land = {(0, 0): 0.0}
    step, rough = size, 1.0

    def fill(points, corners):
        numbers = iter((2 * draws.uniform(size // step, size // step)[0] - 1).flatten().tolist())
        for y, x in points:
            around = [land[(y + down) % size, (x + right) % size] for down, right in corners]
            land[y, x] = sum(around) / 4 + rough * next(numbers)

    while step >= 2:
        half, ticks = step // 2, range(0, size, step)
        cross = [(-half, 0), (half, 0), (0, -half), (0, half)]
        square = [(-half, -half), (-half, half), (half, -half), (half, half)]
        fill([(y + half, x + half) for y in ticks for x in ticks], square)
        fill([(y, x + half) for y in ticks for x in ticks], cross)
        fill([(y + half, x) for y in ticks for x in ticks], cross)
        step, rough = half, rough / decay**2
    heights = torch.tensor(
        [[land[y, x] for x in range(size)] for y in range(size)], dtype=torch.float64
    )
    return (heights - heights.min()) / (heights.max() - heights.min())


@pytest.mark.parametrize("decay", [1.4, 3.0])
def test_it_is_the_loop(decay) -> None:
    clouds = plasma(16, 16, decay, Draws(2, range(3)))
    for row in range(3):
        assert torch.allclose(clouds[row], slow(16, decay, Draws(2, [row])), atol=1e-12)


def test_a_part_is_cut_from_the_next_larger_square() -> None:
    whole = plasma(64, 64, 2.0, Draws(0, [0]))
    assert torch.equal(plasma(33, 50, 2.0, Draws(0, [0])), whole[:, :33, :50])
    assert (whole.min(), whole.max()) == (0, 1)
    assert plasma(1, 1, 2.0, Draws(0, [0])).shape == (1, 1, 1)


def test_a_greater_decay_is_smoother() -> None:
    def steps(decay):
        return plasma(64, 64, decay, Draws(0, range(5))).diff(dim=2).abs().mean()

    assert steps(3.0) < steps(2.0) < steps(1.4)
