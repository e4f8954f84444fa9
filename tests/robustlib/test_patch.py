import copy
import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from torch import Tensor

from robustlib.attacks.fgsm import fgsm
from robustlib.attacks.noise import noise
from robustlib.attacks.pgd import pgd
from robustlib.conformance._planes import linear
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import ThreatError
from robustlib.goals import Misclassify
from robustlib.losses import margin
from robustlib.patch import Patch, best, worths
from robustlib.questions import DecisionBased
from robustlib.threats import Linf


def scene(height: int, width: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two pictures, points beside them, and what may change of each."""
    numbers = np.random.default_rng(seed)
    images = np.clip(1.6 * numbers.random((2, 3, height, width)) - 0.3, 0, 1)
    points = images + numbers.choice([0.1, 2.0]) * numbers.standard_normal(images.shape)
    return images, points, numbers.random((2, 1, height, width)) < 0.6


def nearest(image: np.ndarray, point: np.ndarray, mask: np.ndarray, patch: Patch) -> np.ndarray:
    """Of all squares, pixel by pixel."""
    height, width = image.shape[1:]
    size, found = patch.size or max(height, width), []
    for top, left in itertools.product(range(height), range(width)):
        candidate = image.copy()
        for channel, down, across in np.ndindex(image.shape):
            inside = 0 <= down - top < size and 0 <= across - left < size
            if inside and mask[0, down, across]:
                was, eps = image[channel, down, across], float(patch.eps)
                low, high = max(0.0, was - eps), min(1.0, was + eps)
                wanted = point[channel, down, across]
                candidate[channel, down, across] = min(max(wanted, low), high)
        found.append(candidate)
    return min(found, key=lambda each: float(((each - point) ** 2).sum()))


@settings(max_examples=60, deadline=None)
@given(
    pictures=some.builds(scene, some.integers(1, 5), some.integers(1, 5), some.integers(0, 10_000)),
    eps=some.sampled_from([0.0, 0.2, 1.0, float("inf")]),
    size=some.sampled_from([None, 1, 2, 3, 9]),
)
def test_projection_equals_the_best_of_all_squares(pictures, eps, size) -> None:
    images, points, mask = pictures
    patch = Patch(eps, region=torch.tensor(mask), size=size)
    fast = patch.project(torch.tensor(points), torch.tensor(images))
    slow = np.stack([nearest(*each, patch) for each in zip(*pictures, strict=True)])
    ways = [((each - points) ** 2).sum(axis=(1, 2, 3)) for each in (fast.numpy(), slow)]
    assert np.allclose(*ways, rtol=0, atol=1e-9)
    assert (patch.distance(fast, torch.tensor(images)) <= eps + 1e-12).all()
    assert torch.equal(patch.project(fast, torch.tensor(images)), fast)


def test_a_change_is_measured_where_it_is_allowed_and_endless_elsewhere() -> None:
    images = torch.full((4, 3, 5, 5), 0.5)
    changed = images.clone()
    changed[1, 2, 0, 0], changed[2, 0, 0, 1] = 0.75, 1
    changed[3, 1, 1, 1], changed[3, 0, 3, 3] = 0.25, 0.6
    corner = torch.zeros(5, 5, dtype=torch.bool)
    corner[0, 0] = True
    endless = torch.inf
    assert Patch(region=corner).distance(changed, images).tolist() == [0, 0.25, endless, endless]
    assert Patch(size=2).distance(changed, images).tolist() == [0, 0.25, 0.5, endless]
    assert Patch(size=3).distance(changed, images).tolist() == [0, 0.25, 0.5, 0.25]
    both = Patch(region=corner, size=9)
    assert both.distance(changed, images).tolist() == [0, 0.25, endless, endless]


def test_inputs_that_are_no_pictures_are_a_line() -> None:
    images = torch.full((2, 3, 4), 0.5)
    changed = images.clone()
    changed[0, 0, 3], changed[0, 1, 0], changed[1, 0, 0], changed[1, 2, 3] = 1, 1, 1, 1
    assert Patch(size=2).distance(changed, images).tolist() == [0.5, torch.inf]
    assert Patch(size=2).project(changed, images).flatten(1).sum(dim=1).tolist() == [7, 6.5]
    first = torch.arange(12)[None] < 4
    assert Patch(region=first).project(changed, images)[0].flatten().nonzero().numel() == 12
    assert Patch(region=first).distance(changed, images).tolist() == [torch.inf] * 2


@pytest.mark.parametrize("walls", [False, True])
def test_pgd_goes_to_the_walls_of_the_region_on_a_plane(walls) -> None:
    """A closed form: each pixel of the region to that wall which its weight points away from."""
    plane = copy.deepcopy(linear(walls=walls))
    images, model = plane.images.double(), plane.model.double()
    count, _, height, width = images.shape
    draws = Draws(0, range(count))
    patch = Patch.somewhere(images, min(height, width) // 2, draws, eps=1.0)
    goal = Misclassify(plane.labels, measure=margin)
    result = attack(model, images, goal, patch, pgd, steps=20, retire="never")
    weight = model.weight.view(1, *images.shape[1:]).expand_as(images)
    wall = torch.where(weight > 0, 0.0, 1.0).to(images)
    assert patch.region is not None
    assert torch.equal(result.adversarial, torch.where(patch.region, wall, images))
    highest = goal.loss(model(result.adversarial), torch.arange(count))
    assert torch.allclose(result.loss, highest)


def test_a_random_square_may_lie_anywhere_and_is_whole() -> None:
    images = torch.zeros(4000, 1, 3, 4)
    region = Patch.somewhere(images, 2, Draws(0, range(4000))).region
    assert region is not None
    assert torch.equal(region.flatten(1).sum(dim=1), torch.full((4000,), 4))
    corners = region.flatten(1).double().argmax(dim=1).bincount()
    assert [index for index, count in enumerate(corners) if count] == [0, 1, 2, 4, 5, 6]
    assert (corners[corners > 0] / 4000 - 1 / 6).abs().max() < 0.03
    whole = Patch.somewhere(images[:2], 9, Draws(0, range(2))).region
    assert whole is not None
    assert bool(whole.all())


def test_a_row_s_square_does_not_depend_on_its_company() -> None:
    images = torch.zeros(5, 3, 9, 9)
    whole = Patch.somewhere(images, 3, Draws(4, range(5))).region
    alone = Patch.somewhere(images[:2], 3, Draws(4, [3, 1])).region
    assert whole is not None
    assert alone is not None
    assert torch.equal(alone, whole[[3, 1]])


@pytest.mark.parametrize("eps", [0.3, 1.0])
@pytest.mark.parametrize("size", [None, 2])
def test_random_starts_are_uniform_in_the_patch(eps, size) -> None:
    images = torch.full((3000, 1, 4, 4), 0.5)
    region = torch.arange(16).view(4, 4) % 4 < 3
    patch = Patch(eps, region=region, size=size)
    change = patch.random_start(images, Draws(0, range(3000))) - images
    assert patch.distance(images + change, images).max() <= eps
    assert not change[..., 3].any()
    found = change[change != 0].abs() / min(eps, 0.5)
    inner = found[found < 1]
    assert abs(float(inner.mean()) - 0.5) < 0.02
    assert abs(float((found == 1).float().mean()) - (0.5 if eps == 1 else 0)) < 0.02
    touched = (change != 0).flatten(1).sum(dim=1)
    assert touched.max() == (12 if size is None else 4)
    assert not Patch(torch.inf, size=2).random_start(images, Draws(0, range(3000))).ne(0.5).any()


def test_the_steepest_direction_keeps_to_the_region_and_to_what_has_room() -> None:
    point = torch.tensor([[[[0.5, 1.0], [0.0, 0.5]]]])
    gradient = torch.tensor([[[[2.0, 3.0], [-1.0, -4.0]]]])
    region = torch.tensor([[True, True], [True, False]])
    steepest = Patch(region=region).steepest(gradient, point)
    assert steepest.flatten().tolist() == [1, 0, 0, 0]
    square = Patch(size=1).steepest(gradient, point)
    assert square.flatten().tolist() == [0, 0, 0, -1]
    assert Patch(0.1, region=region, size=1).steepest(gradient, point).sum() == 1


def test_rows_have_their_own_region_and_radius() -> None:
    images = torch.full((3, 2, 2, 2), 0.5)
    region = torch.zeros(3, 1, 2, 2, dtype=torch.bool)
    region[0, 0, 0, 0] = region[1, 0, 1, 1] = region[2] = True
    patch = Patch(torch.tensor([0.1, 0.2, 0.0]), region=region).placed(images)
    moved = patch.project(images + 9, images) - images
    assert torch.allclose(moved.sum(dim=(1, 2, 3)), torch.tensor([0.2, 0.4, 0.0]))
    some = patch.take(torch.tensor([1, 0]))
    assert torch.equal(some.project(images[:2] + 9, images[:2]) - images[:2], moved[[1, 0]])
    shared = Patch(region=region[:1]).placed(images)
    assert shared.take(torch.tensor([2, 1])).region is shared.region


def test_the_engine_lets_nothing_out_of_the_patch(net, pictures) -> None:
    def everywhere(
        images: Tensor, goal: Misclassify, threat: Patch, *, draws: Draws
    ) -> DecisionBased:
        return (yield from noise(images, goal, Linf(0.2), draws=draws))

    images, model = pictures(2), net()
    goal = Misclassify(model(images).argmax(1))
    with pytest.raises(ThreatError, match=r"distance of inf where 0\.2 is allowed"):
        attack(model, images, goal, Patch(0.2, size=2), everywhere)


def test_squares_are_worth_what_their_pixels_are() -> None:
    gains = torch.rand(3, 4, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for size, (down, across) in {1: (4, 5), 3: (2, 3), 9: (1, 1)}.items():
        found = worths(gains, size)
        assert found.shape == (3, down, across)
        for row, top, left in np.ndindex(*found.shape):
            part = gains[row, top : top + size, left : left + size]
            assert float(found[row, top, left]) == pytest.approx(float(part.sum()))
    assert best(torch.ones(2, 4, 5), 2).tolist() == [[0, 0], [0, 0]]


MASK = torch.ones(4, 4, dtype=torch.bool)


@pytest.mark.parametrize(
    ("terms", "word"),
    [
        ({}, "a region or a size"),
        ({"size": 0}, "size is a count of pixels"),
        ({"size": 2.5}, "size is a count of pixels"),
        ({"size": True}, "size is a count of pixels"),
        ({"region": MASK.float()}, "region is a boolean tensor.*float32"),
        ({"region": [[True]]}, "region is a boolean tensor.*list"),
        ({"region": MASK[None]}, r"not \(1, 4, 4\)"),
        ({"region": MASK.expand(1, 3, 4, 4)}, r"not \(1, 3, 4, 4\)"),
        ({"region": MASK, "eps": 8}, "at most 1, which is any colour, not 8"),
        ({"region": MASK, "eps": -1}, "eps is a radius"),
    ],
)
def test_what_is_no_patch_is_refused(terms, word) -> None:
    with pytest.raises(ThreatError, match=word):
        Patch(**terms)


@pytest.mark.parametrize("region", [MASK[:3], MASK.expand(3, 1, 4, 4)])
def test_a_region_of_other_pictures_is_refused(region) -> None:
    with pytest.raises(ThreatError, match=r"region needs the shape \(2, 1, 4, 4\)"):
        Patch(region=region).placed(torch.zeros(2, 3, 4, 4))


@pytest.mark.parametrize("eps", [0.3, 1.0])
def test_fgsm_finds_the_square_that_is_worth_most_on_a_plane(eps) -> None:
    """Held against all squares, each pixel gone as far as eps and the walls let it."""
    plane = copy.deepcopy(linear(walls=True))
    images, model = plane.images.double(), plane.model.double()
    goal = Misclassify(plane.labels, measure=margin)
    result = attack(model, images, goal, Patch(eps, size=2), fgsm, retire="never")
    weight = model.weight.view(images.shape[1:])
    reached = goal.loss(model(result.adversarial), torch.arange(len(images)))
    for row, image in enumerate(images):
        ahead = torch.where(weight > 0, (image - eps).clamp(min=0), (image + eps).clamp(max=1))
        best_loss = -torch.inf
        for top, left in itertools.product(range(3), range(3)):
            changed = image.clone()
            changed[:, top : top + 2, left : left + 2] = ahead[:, top : top + 2, left : left + 2]
            told = goal.loss(model(changed[None]), torch.tensor([row]))
            best_loss = max(best_loss, float(told))
        assert abs(float(reached[row]) - best_loss) < 1e-9


def test_who_climbs_from_one_place_asks_for_the_region() -> None:
    model, goal = torch.nn.Flatten().eval(), Misclassify(torch.zeros(2, dtype=torch.int64))
    with pytest.raises(ThreatError, match=r"pgd knows .*, not Patch\(size=2\): lavan"):
        attack(model, torch.full((2, 1, 4, 4), 0.5), goal, Patch(size=2), pgd)


def test_random_squares_show_the_region() -> None:
    images = torch.full((200, 1, 32, 32), 0.5)
    region = torch.zeros(32, 32, dtype=torch.bool)
    region[:6, :6] = True
    start = Patch(region=region, size=4).random_start(images, Draws(0, range(200)))
    assert ((start != images).flatten(1).sum(dim=1) == 16).all()
