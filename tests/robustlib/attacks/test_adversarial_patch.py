"""Held against a closed form on a plane, autograd, and a slow second way to put a patch."""

import copy
import math

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from robustlib.attacks.adversarial_patch import _Pictures, adversarial_patch, stuck
from robustlib.conformance._planes import linear
from robustlib.data.signs import signs
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError, ThreatError
from robustlib.goals import Misclassify
from robustlib.losses import cross_entropy, margin
from robustlib.patch import Patch
from robustlib.run import load_model
from tests.robustlib.attacks._victims import Counted

UPRIGHT = {"turn": 0.0, "zoom": 1.0}


@pytest.mark.parametrize("size", [1, 2, 3])
def test_on_a_plane_each_colour_goes_to_the_wall_that_helps_at_most_places(size) -> None:
    """The mean loss over places is linear in the patch: its slope is a mean of windows."""
    plane = copy.deepcopy(linear(walls=False))
    images, model, patches = plane.images.double(), plane.model.double(), []
    goal = Misclassify(plane.labels, measure=margin)
    options = {**UPRIGHT, "samples": 8, "steps": 60, "report": patches.append}
    attack(model, images, goal, Patch(size=size), adversarial_patch, **options)
    weight = model.weight.view(4, 4)
    windows = [
        weight[top : top + size, left : left + size] for top, left in np.ndindex(5 - size, 5 - size)
    ]
    slope = -torch.stack(windows).mean(dim=0)
    clear = slope.abs() > 0.15
    assert clear.any()
    assert len(patches) == 60
    assert torch.equal(patches[-1][0][clear], (slope > 0).double()[clear])


def slowly(sticker: Tensor, picture: Tensor, corner: list[int], turn: float, zoom: float) -> Tensor:
    """The disk of a patch on one picture, moved by another implementation, pixel by pixel."""
    size = sticker.shape[1]
    middle = torch.arange(size) - (size - 1) / 2
    disk = (middle[:, None] ** 2 + middle**2 <= (size / 2) ** 2).double()[None]
    cos, sin = math.cos(math.radians(turn)) / zoom, math.sin(math.radians(turn)) / zoom
    back = torch.tensor([[[cos, -sin, 0], [sin, cos, 0]]], dtype=torch.float64)
    grid = functional.affine_grid(back, [1, 1, size, size], align_corners=False)
    both = torch.cat([sticker * disk, disk])[None]
    found = functional.grid_sample(both, grid, align_corners=False)[0]
    result = picture.clone()
    for down, across in np.ndindex(size, size):
        at = (slice(None), corner[0] + down, corner[1] + across)
        cover = found[-1, down, across]
        result[at] = picture[at] * (1 - cover) + found[:-1, down, across]
    return result


@pytest.mark.parametrize("size", [3, 4, 7])
def test_a_patch_is_put_as_a_slow_second_way_puts_it(size, pictures) -> None:
    images, draws = pictures(12, (3, 9, 11)), Draws(3, range(12), dtype=torch.float64)
    sticker = pictures(1, (3, size, size), seed=5)[0]
    manner = _Pictures.of(images, Patch(size=size)).drawn(draws, 180.0, 0.4)
    again = Draws(3, range(12), dtype=torch.float64)
    found = stuck(sticker, images, Patch(size=size), turn=180.0, zoom=0.4, draws=again)
    for row in range(12):
        turn, zoom = float(manner.motion.turn[row]), float(manner.motion.zoom[row])
        wanted = slowly(sticker, images[row], manner.corners[row].tolist(), turn, zoom)
        assert torch.allclose(found[row], wanted, rtol=0, atol=1e-9)
    assert 0.4 <= manner.motion.zoom.min() < 0.6 < 0.8 < manner.motion.zoom.max() <= 1
    assert manner.motion.turn.min() < -45 < 45 < manner.motion.turn.max()


def test_every_place_is_as_likely_as_another() -> None:
    images = torch.zeros(6000, 1, 3, 4)
    draws = Draws(0, range(6000))
    found = stuck(torch.ones(1, 2, 2), images, Patch(size=2), **UPRIGHT, draws=draws)
    assert torch.equal(found.flatten(1).sum(dim=1), torch.full((6000,), 4.0))
    places = found.flatten(1).argmax(dim=1).bincount() / 6000
    assert [index for index, share in enumerate(places) if share] == [0, 1, 2, 4, 5, 6]
    assert (places[places > 0] - 1 / 6).abs().max() < 0.02


def test_the_first_step_is_the_sign_of_the_slope_through_everything(net, pictures) -> None:
    """Beside autograd through model, place, turn and zoom in one graph, with the same draws."""
    images, model, patches = pictures(6, (3, 8, 8)), net(4, (3, 8, 8)), []
    labels = model(images).argmax(1)
    threat, options = Patch(size=4), {"turn": 60.0, "zoom": 0.6}
    told = {**options, "samples": 3, "steps": 1, "step_size": 0.25, "report": patches.append}
    attack(model, images, Misclassify(labels), threat, adversarial_patch, **told)
    sticker = torch.full((3, 4, 4), 0.5, dtype=torch.float64, requires_grad=True)
    rows = torch.arange(6).repeat_interleave(3)
    on = _Pictures.of(images[rows], threat)
    manner = on.drawn(Draws(0, range(6), dtype=torch.float64), 60.0, 0.6)
    points = on.with_patch(sticker, manner, disk=True)
    loss = cross_entropy(model(points), labels[rows]).sum()
    (slope,) = torch.autograd.grad(loss, sticker)
    assert torch.equal(patches[0], 0.5 + 0.25 * slope.sign())


def test_it_stays_in_its_region_and_within_eps(net, pictures) -> None:
    images, model = pictures(20, (3, 8, 8)), net(4, (3, 8, 8))
    region = torch.zeros(8, 8, dtype=torch.bool)
    region[1:5, 2:6] = True
    goal = Misclassify(model(images).argmax(1))
    threat = Patch(torch.linspace(0.1, 1, 20, dtype=torch.float64), region=region, size=3)
    result = attack(model, images, goal, threat, adversarial_patch, steps=5)
    changed = (result.adversarial != images).any(dim=1)
    assert changed.flatten(1).any(dim=1).sum() >= 5
    assert not changed[:, ~region].any()
    assert (result.distance <= threat.eps + 1e-12).all()
    small = Patch(region=region & (torch.arange(8) == 3), size=3)  # only a line of it is seen
    found = stuck(torch.ones(3, 3, 3), images, small, **UPRIGHT, draws=Draws(0, range(20)))
    assert (found != images).any(dim=1).sum(dim=(1, 2)).max() <= 3
    assert (found == images)[:, :, :, torch.arange(8) != 3].all()


def test_a_patch_works_on_pictures_that_it_was_not_made_on() -> None:
    model, patches = load_model("signs_standard"), []
    known, others = (signs(64, seed=seed, split="test") for seed in (1, 2))
    threat, goal = Patch(size=12), Misclassify(known.labels)
    options = {**UPRIGHT, "steps": 40, "report": patches.append}
    attack(model, known.images, goal, threat, adversarial_patch, **options)
    grey = torch.full_like(patches[-1], 0.5)

    def fooled(sticker: Tensor) -> float:
        seen = stuck(sticker, others.images, threat, **UPRIGHT, draws=Draws(1, range(64)))
        return float((model(seen).argmax(1) != others.labels).float().mean())

    assert fooled(patches[-1]) >= 0.25 + fooled(grey)


def test_each_step_costs_its_samples(net, pictures) -> None:
    images, model = pictures(5), Counted(net())
    goal = Misclassify(net()(images).argmax(1))
    options = {"steps": 4, "samples": 3}
    result = attack(model, images, goal, Patch(1e-9, size=2), adversarial_patch, **options)
    assert result.queries.tolist() == [1 + 4 * 3 + 1] * 5
    assert result.backwards.tolist() == [12] * 5


def test_what_cannot_be_put_anywhere_is_refused(net, pictures) -> None:
    images, model = pictures(2), net()
    goal = Misclassify(model(images).argmax(1))
    region = torch.ones(6, 6, dtype=torch.bool)
    with pytest.raises(ThreatError, match="needs a size"):
        attack(model, images, goal, Patch(region=region), adversarial_patch)
    with pytest.raises(ThreatError, match="needs a size"):
        stuck(torch.ones(2, 2, 2), images, Patch(region=region), draws=Draws(0, range(2)))
    with pytest.raises(ThreatError, match="finite eps"):
        attack(model, images, goal, Patch(torch.inf, size=2), adversarial_patch)
    with pytest.raises(InputError, match=r"^report is a function that takes a patch"):
        attack(model, images, goal, Patch(size=2), adversarial_patch, report=1)
