"""Held against the pinhole's geometry, light by hand, and expectations in closed form."""

import itertools
from functools import partial

import numpy as np
import pytest
import torch

from robustlib._motions import Motion, moved
from robustlib.attacks.eot import eot
from robustlib.attacks.pgd import pgd
from robustlib.draws import Draws
from robustlib.engine import craft
from robustlib.goals import Misclassify
from robustlib.losses import margin
from robustlib.scenes.sign import flat, sign
from robustlib.threats import Linf

PLAIN = {"turn": 0, "zoom": 0, "shift": 0, "tilt": 0, "gain": 0, "bias": 0, "gamma": 0}
CORNERS = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], dtype=float)


def textures(count=4, shape=(2, 9, 12), seed=0):
    return torch.rand(count, *shape, generator=torch.Generator().manual_seed(seed)).double()


def drawn(count, channels=2, seed=0):
    """The numbers that rows draw, from -1 to 1."""
    return 2 * Draws(seed, range(count), dtype=torch.float64).uniform(13 + 2 * channels) - 1


def test_without_any_spread_the_texture_is_seen_as_it_is() -> None:
    given = textures()
    assert torch.allclose(sign(given, Draws(0, range(4)), **PLAIN), given, atol=1e-12)


def test_poses_are_motions_drawn_within_their_limits() -> None:
    given, numbers = textures(50), drawn(50)
    limits = {"turn": 40, "zoom": 0.5, "shift": 0.2}
    seen = sign(given, Draws(0, range(50)), **{**PLAIN, **limits, "ground": 0})
    turn, zoom, right, below = numbers[:, :4].unbind(1)
    motion = Motion(40 * turn, 1.5**zoom, 0.2 * 12 * right, 0.2 * 9 * below)
    assert torch.allclose(seen, moved(given, motion), atol=1e-9)
    assert numbers.abs().max() <= 1
    assert numbers.amax(dim=0).min() > 0.8
    assert numbers.amin(dim=0).max() < -0.8


def projection(quad):
    """From the plate to the picture: the null space of the four corners' equations."""
    rows = []
    for (u, v), (x, y) in zip(CORNERS, quad, strict=True):
        rows.append([u, v, 1, 0, 0, 0, -x * u, -x * v, -x])
        rows.append([0, 0, 0, u, v, 1, -y * u, -y * v, -y])
    matrix = np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3)
    return matrix / matrix[2, 2]


@pytest.mark.parametrize("tilt", [0.05, 0.3, 0.49])
def test_moved_corners_make_a_perspective(tilt) -> None:
    """Points of the plate, projected forwards, are looked up where they came from."""
    numbers = drawn(40, seed=3)[:, 4:12].view(40, 4, 2)
    u, v = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(-1, 1, 5))
    for moves in (tilt * numbers).split(1):
        matrix = projection(CORNERS + moves[0].numpy())
        there = matrix @ np.stack([u.ravel(), v.ravel(), np.ones(35)])
        assert (there[2] > 0).all()
        x, y = (torch.from_numpy((there[axis] / there[2]).reshape(1, 5, 7)) for axis in (0, 1))
        right, below = flat(x, y, moves)
        assert torch.allclose(right[0], torch.from_numpy(u), atol=1e-9)
        assert torch.allclose(below[0], torch.from_numpy(v), atol=1e-9)


def test_what_is_at_the_horizon_or_beyond_is_not_on_the_plate() -> None:
    """The right side is 0.6 as high, and stands at 0.6: upper and lower edge meet at x = 3."""
    moves = torch.tensor([[0, 0], [0, 0], [-0.4, 0.4], [-0.4, -0.4]]).double()[None]
    across = torch.cat([torch.linspace(-50, 50, 2001), torch.tensor([3.0])])
    across = across.double()[None, None]
    right, below = flat(across, torch.zeros_like(across), moves)
    assert right.isfinite().all()
    assert below.isfinite().all()
    inside = across[right.abs() <= 1]
    assert inside.min().item() == pytest.approx(-1, abs=0.06)
    assert inside.max().item() == pytest.approx(0.6, abs=0.06)
    along = torch.tensor([[[3.0]]]).double() + torch.tensor([-1e-12, 0, 1e-12]).double()
    far = flat(along, torch.zeros_like(along), moves)[0]
    assert far.isfinite().all()
    assert (far.abs() > 1e6).all()


def test_a_tilted_plate_pixel_by_pixel() -> None:
    """Each pixel's place by the inverse of the forward projection, and the ground beside it."""
    given, numbers = textures(3), drawn(3)
    seen = sign(given, Draws(0, range(3)), **{**PLAIN, "tilt": 0.3, "ground": 0.25})
    for row in range(3):
        quad = CORNERS + 0.3 * numbers[row, 4:12].view(4, 2).numpy()
        back = np.linalg.inv(projection(quad))
        for i, j in itertools.product(range(9), range(12)):
            u, v, k = back @ [(j - 5.5) / 6, (i - 4) / 4.5, 1]
            column, line = u / k * 6 + 5.5, v / k * 4.5 + 4
            wanted = torch.full((2,), 0.25, dtype=torch.float64)
            for m, n in itertools.product((0, 1), (0, 1)):
                y, x = int(np.floor(line)) + m, int(np.floor(column)) + n
                if 0 <= y < 9 and 0 <= x < 12:
                    weight = (1 - abs(line - y)) * (1 - abs(column - x))
                    wanted += weight * (given[row, :, y, x] - 0.25)
            assert torch.allclose(seen[row, :, i, j], wanted, atol=1e-9)


def test_light_is_a_curve_a_gain_and_a_bias_of_each_channel() -> None:
    given, numbers = textures(30), drawn(30)
    limits = {"gain": 0.4, "bias": 0.2, "gamma": 0.7}
    seen = sign(given, Draws(0, range(30)), **{**PLAIN, **limits})
    for row in range(30):
        g = np.exp(0.7 * numbers[row, 12].item())
        for channel in range(2):
            gain = 1 + 0.4 * numbers[row, 13 + channel].item()
            bias = 0.2 * numbers[row, 15 + channel].item()
            x = given[row, channel].numpy()
            curve = ((x + 0.05) ** g - 0.05**g) / (1.05**g - 0.05**g)
            wanted = np.clip(gain * curve + bias, 0, 1)
            assert np.allclose(seen[row, channel].numpy(), wanted, atol=1e-9)


def test_black_keeps_a_slope() -> None:
    black = torch.zeros(20, 1, 3, 3, requires_grad=True)
    sign(black, Draws(0, range(20)), **{**PLAIN, "gamma": 2}).sum().backward()
    assert black.grad.isfinite().all()
    assert (black.grad > 0).all()


def test_eot_finds_the_best_texture_for_all_lights() -> None:
    """A linear victim's weights, whatever the light: the mean gain is 1."""
    given = 0.4 + 0.2 * textures(2, (2, 5, 5))
    weights = torch.randn(2, 5, 5, generator=torch.Generator().manual_seed(1)).double()

    def model(points):
        gained = (points * weights).flatten(1).sum(dim=1)
        return torch.stack([torch.zeros_like(gained), gained], dim=1)

    goal = Misclassify(torch.zeros(2, dtype=torch.int64), margin)
    scene = partial(sign, **{**PLAIN, "gain": 0.5, "bias": 0.1})
    options = {"method": partial(pgd, steps=20), "transform": scene, "samples": 4}
    found = craft(model, given, goal, Linf(0.02), eot, **options)
    assert torch.allclose(found, given + 0.02 * weights.sign(), atol=1e-12)


def test_eot_finds_the_best_texture_for_all_shifts() -> None:
    """Its slope by quadrature: each shift's slope is the weights shifted back."""
    given = torch.full((2, 1, 8, 8), 0.5, dtype=torch.float64)
    weights = torch.randn(1, 8, 8, generator=torch.Generator().manual_seed(2)).double()

    def model(points):
        gained = (points * weights).flatten(1).sum(dim=1)
        return torch.stack([torch.zeros_like(gained), gained], dim=1)

    ways = torch.cartesian_prod(*[torch.linspace(-1.99, 1.99, 60, dtype=torch.float64)] * 2)
    still = torch.zeros(len(ways), dtype=torch.float64)
    leaf = given[:1].clone().requires_grad_()
    motion = Motion(still, still + 1, *ways.unbind(1))
    seen = moved(leaf.expand(len(ways), -1, -1, -1), motion)
    (slope,) = torch.autograd.grad((seen * weights).sum() / len(ways), leaf)
    goal = Misclassify(torch.zeros(2, dtype=torch.int64), margin)
    scene = partial(sign, **{**PLAIN, "shift": 0.25})
    options = {"method": partial(pgd, steps=20), "transform": scene, "samples": 300}
    found = craft(model, given, goal, Linf(0.2), eot, **options)
    clear = slope[0].abs() > 0.1
    assert clear.sum() > 30
    best = given + 0.2 * slope.sign()
    assert torch.allclose(found[:, clear], best[:, clear], atol=0.021)
