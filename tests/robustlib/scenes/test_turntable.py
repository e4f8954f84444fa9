"""Held against geometry, ray by ray, and against expectations that have a closed form."""

import math
from functools import partial

import pytest
import torch

from robustlib.attacks.eot import eot
from robustlib.attacks.pgd import pgd
from robustlib.draws import Draws
from robustlib.engine import craft
from robustlib.goals import Misclassify
from robustlib.losses import margin
from robustlib.scenes.turntable import turntable
from robustlib.threats import Linf


def still(textures, towards=0.0, **options):
    """Seen at one turn."""
    draws = Draws(0, range(len(textures)))
    return turntable(textures, draws, turn=0, towards=towards, **options)


@pytest.mark.parametrize("towards", [0, 20, -75, 180])
@pytest.mark.parametrize("width", [1.0, 0.6])
def test_columns_land_at_the_sine_of_their_angle(towards, width) -> None:
    """A dark texture with one light column: where it is seen, if it is in front."""
    size = 240
    radius = width * size / 2
    seen = []
    for column in range(0, size, 7):
        texture = torch.zeros(1, 1, 1, size, dtype=torch.float64)
        texture[..., column] = 1
        angle = math.tau * (column - (size - 1) / 2) / size + math.radians(towards)
        light = still(texture, towards, width=width)[0, 0, 0]
        lit = light.nonzero().squeeze(1) - (size - 1) / 2
        if math.cos(angle) < -0.05:
            assert not len(lit)
        elif math.cos(angle) > 0.3:
            middle = (lit * light[light > 0]).sum() / light.sum()
            assert middle == pytest.approx(radius * math.sin(angle), abs=1)
            seen.append(column)
    assert len(seen) > 10


@pytest.mark.parametrize("towards", [0.0, 33.0, -140.0])
def test_each_pixel_is_where_its_ray_meets_the_cylinder(towards) -> None:
    """A ray a pixel, the point that it hits turned back, and its angle by the arctangent."""
    texture = torch.rand(1, 2, 3, 11, generator=torch.Generator().manual_seed(0)).double()
    found = still(texture, towards, width=0.9, shade=0.4, ground=0.25)[0]
    back = -math.radians(towards)
    for pixel in range(11):
        x, radius = pixel - 5.0, 0.9 * 5.5
        if abs(x) > radius:
            assert (found[..., pixel] == 0.25).all()
            continue
        depth = math.sqrt(radius**2 - x**2)  # towards the eye
        right = x * math.cos(back) + depth * math.sin(back)
        front = depth * math.cos(back) - x * math.sin(back)
        place = 5 + 11 * math.atan2(right, front) / math.tau
        first = math.floor(place)
        mixed = sum(
            weight * texture[0, :, :, column % 11]
            for column, weight in ((first, 1 - place + first), (first + 1, place - first))
        )
        light = 1 - 0.4 * (1 - depth / radius)
        assert torch.allclose(found[..., pixel], light * mixed, atol=1e-12)


def test_rows_stay_rows_and_what_is_even_stays_even() -> None:
    stripes = torch.rand(1, 3, 8, 1, generator=torch.Generator().manual_seed(1))
    texture = stripes.expand(5, 3, 8, 13)
    seen = turntable(texture, Draws(0, range(5)))
    assert torch.allclose(seen, texture)
    narrow = turntable(texture, Draws(0, range(5)), width=0.5, ground=1.0)
    assert (narrow[..., :3] == 1).all()
    assert torch.allclose(narrow[..., 4:9], texture[..., 4:9])


def test_a_whole_turn_is_none_and_columns_pass_the_middle_one_by_one() -> None:
    texture = torch.rand(2, 1, 4, 9, generator=torch.Generator().manual_seed(2)).double()
    assert torch.allclose(still(texture, 360), still(texture), atol=1e-9)
    for step in range(-9, 10):
        middle = still(texture, 40 * step if abs(step) < 9 else 0)[..., 4]
        assert torch.allclose(middle, texture[..., (4 - step) % 9], atol=1e-9)


def test_turns_are_uniform_between_their_limits() -> None:
    """The texture's column numbers as its colours: the middle pixel tells the turn."""
    ramp = (torch.arange(721) / 720).double().expand(4000, 1, 1, 721)
    seen = turntable(ramp, Draws(0, range(4000)), turn=60, towards=-30)[:, 0, 0, 360]
    turned = 360 - 720 * seen
    degrees = (turned * 360 / 721).sort().values
    assert degrees[0] > -90
    assert degrees[-1] < 30
    assert (degrees - torch.linspace(-90, 30, 4000)).abs().max() < 2.5


def plane(shape, need=0.0):
    """A linear victim of pictures: the second class wins above a weighted sum."""
    weights = torch.randn(shape, generator=torch.Generator().manual_seed(4)).double()

    def model(points):
        gained = (points * weights).flatten(1).sum(dim=1) - need
        return torch.stack([torch.zeros_like(gained), gained], dim=1)

    return weights, model


@pytest.mark.parametrize("shade", [0.0, 0.5])
def test_eot_finds_the_best_texture_for_all_turns(shade) -> None:
    """Over all turns each column is seen alike: a row's slope is its weights' sum in the light."""
    weights, model = plane((2, 6, 10))
    textures = torch.full((3, 2, 6, 10), 0.5, dtype=torch.float64)
    goal, scene = (
        Misclassify(torch.zeros(3, dtype=torch.int64), margin),
        partial(turntable, shade=shade),
    )
    method = partial(pgd, steps=20)
    found = craft(
        model, textures, goal, Linf(0.2), eot, method=method, transform=scene, samples=300
    )
    light = still(torch.ones(1, 1, 1, 10, dtype=torch.float64), shade=shade)[0, 0, 0]
    slope = (weights * light).sum(dim=2, keepdim=True).expand(2, 6, 10)
    clear = slope.abs() > 1
    assert clear.sum() > 60
    best = textures + 0.2 * slope.sign()
    assert torch.allclose(found[:, clear], best[:, clear], atol=0.021)
    many = Draws(8, range(3)).take(torch.arange(3).repeat_interleave(2000))
    views = scene(best.repeat_interleave(2000, 0), many)
    gained = (model(views)[:, 1] - model(scene(textures[:1], Draws(0, [0])))[0, 1]).mean()
    assert gained.item() == pytest.approx(0.2 * slope[..., 0].abs().sum().item(), rel=0.02)


def test_eot_finds_the_best_texture_for_some_turns() -> None:
    """Within a third of a circle: the mean slope by quadrature, each turn by itself."""
    weights, model = plane((1, 4, 12))
    textures = torch.full((2, 1, 4, 12), 0.5, dtype=torch.float64)
    leaf, turns = textures[:1].clone().requires_grad_(), torch.linspace(-59.9, 59.9, 600).tolist()
    for towards in turns:
        (still(leaf, towards) * weights / len(turns)).sum().backward()
    slope = leaf.grad[0]
    goal = Misclassify(torch.zeros(2, dtype=torch.int64), margin)
    options = {"transform": partial(turntable, turn=60), "samples": 200}
    found = craft(model, textures, goal, Linf(0.2), eot, method=partial(pgd, steps=20), **options)
    clear = slope.abs() > 0.1
    assert clear.sum() > 15
    best = textures + 0.2 * slope.sign()
    assert torch.allclose(found[:, clear], best[:, clear], atol=0.021)
    behind = (slope == 0).all(dim=1)[0]  # columns that no turn shows
    assert 0 < behind.sum() < 6
