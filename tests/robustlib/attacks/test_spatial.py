"""Held against the same grid, motion by motion and pixel by pixel."""

import itertools
import math

import pytest
import torch

from robustlib._motions import Motion, moved
from robustlib.attacks.spatial import spatial
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.threats import L0, L2, Linf
from tests.robustlib.attacks._labels import Labels

OPTIONS = {"turn": 10, "shift": 0.05, "turns": 5, "shifts": 3}


def slow(image, turn, right, below):
    """One picture moved: each pixel by hand, from the four around where it came from."""
    height, width = image.shape[1:]
    result = torch.zeros_like(image)
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    for i, j in itertools.product(range(height), range(width)):
        x, y = j - (width - 1) / 2 - right, i - (height - 1) / 2 - below
        u, v = x * cos - y * sin + (width - 1) / 2, x * sin + y * cos + (height - 1) / 2
        for row, column in itertools.product((0, 1), (0, 1)):
            k, m = math.floor(v) + row, math.floor(u) + column
            if 0 <= k < height and 0 <= m < width:
                result[:, i, j] += (1 - abs(v - k)) * (1 - abs(u - m)) * image[:, k, m]
    return result


def searched(model, image, label):
    """All motions of the grid that mislead, with their numbers in the order of their size."""
    height, width = image.shape[1:]
    ways = itertools.product((-1, -0.5, 0, 0.5, 1), (-1, 0, 1), (-1, 0, 1))
    ways = sorted((sum(part**2 for part in way), way) for way in ways)[1:]
    found = {}
    for size, (turn, right, below) in ways:
        there = slow(image, 10 * turn, 0.05 * width * right, 0.05 * height * below)
        if int(model(there[None]).argmax()) != label:
            found[size, turn, right, below] = there
    return found


@pytest.mark.parametrize("shape", [(2, 6, 6), (1, 5, 8)])
def test_it_finds_what_all_motions_of_the_grid_find(shape, net, pictures, labels_of) -> None:
    plain, colours = net(2, shape), pictures(12, (shape[0], 1, 1), seed=2)
    images = 0.7 * colours + 0.3 * pictures(12, shape)
    middle = plain(images).detach().mean(dim=0)  # where answers differ from picture to picture

    def model(points):
        return plain(points) - middle

    labels = labels_of(model, images)
    result = attack(model, images, Misclassify(labels), Linf(1), spatial, **OPTIONS)
    every = attack(
        model, images, Misclassify(labels), L2(torch.inf), spatial, **OPTIONS, retire="never"
    )
    fooled = 0
    for row, (image, label) in enumerate(zip(images, labels.tolist(), strict=True)):
        found = searched(model, image, label)
        assert bool(result.success[row]) == bool(found)
        assert int(every.queries[row]) == 46
        if not found:
            continue
        fooled += 1
        least = min(size for size, *_ in found)
        first = [there for (size, *_), there in found.items() if size == least]
        assert min((result.adversarial[row] - one).abs().max() for one in first) < 1e-9
        nearest = min((one - image).norm() for one in found.values())
        assert every.distance[row].item() == pytest.approx(nearest.item(), abs=1e-9)
    assert 0 < fooled < 12


def test_quarter_turns_of_squares_are_exact() -> None:
    """A victim that knows three of the four: to the bit the turned picture is found."""
    pictures = torch.rand(3, 2, 7, 7, generator=torch.Generator().manual_seed(0))
    quarter = pictures.rot90(1, (2, 3))

    def model(images):
        same = (images[:, None] == quarter).flatten(2).all(dim=2).any(dim=1)
        return same.long()

    options = {"turn": 180, "turns": 5, "shift": 0, "shifts": 1}
    goal = Misclassify(torch.zeros(3, dtype=torch.int64))
    result = attack(model, pictures, goal, Linf(1), spatial, **options)
    assert torch.equal(result.adversarial, quarter)


def test_a_shift_is_a_share_of_the_side() -> None:
    seen = []

    def model(images):
        seen.extend(images[:, 0].nonzero().tolist())
        return torch.zeros(len(images), dtype=torch.int64)

    dot = torch.zeros(1, 1, 5, 9)
    dot[0, 0, 2, 4] = 1
    goal = Misclassify(torch.zeros(1, dtype=torch.int64))
    options = {"turns": 1, "shifts": 3, "shift": 0.2}
    attack(model, dot, goal, Linf(1), spatial, **{**options, "shift": 1 / 9}, exact=True)
    assert {(i, j) for _, i, j in seen} >= {(2, 3), (2, 4), (2, 5)}
    seen.clear()
    attack(model, dot, goal, Linf(1), spatial, **options, exact=True)
    assert {i for _, i, _ in seen} == {1, 2, 3}


def test_random_motions_are_each_row_s_own_and_within_the_limits(pictures) -> None:
    images = pictures(3)
    asked = Labels(lambda images: torch.eye(2)[torch.zeros(len(images), dtype=torch.int64)])
    goal = Misclassify(torch.zeros(3, dtype=torch.int64))
    talk = spatial(images, goal, Linf(1.0), turn=20, shift=0.5, tries=40, draws=Draws(7, range(3)))
    drawn = Draws(7, range(3))
    shown, answer = 0, None
    while True:
        try:
            question = talk.send(answer)
        except StopIteration:
            break
        turned, right, below = (2 * drawn.uniform(3).double() - 1).unbind(1)
        motion = Motion(20 * turned, torch.ones(3), 3 * right, 3 * below)
        assert torch.equal(question.inputs, moved(images, motion).clamp(0, 1))
        shown += 1
        answer = type("Answer", (), {"reached": torch.zeros(3, dtype=torch.bool)})
    assert shown == 40
    result = attack(asked, images, goal, Linf(1), spatial, tries=4)
    assert result.queries.tolist() == [1 + 4 + 1] * 3


@pytest.mark.parametrize("threat", [L0(7), L2(0.9), Linf(0.5)], ids=str)
def test_motions_beyond_the_ball_are_not_tried(threat) -> None:
    """The small dot may move, the large one may not."""
    images = torch.zeros(2, 1, 6, 6)
    images[0, 0, 2, 2] = 0.4
    images[1, 0, 1:5, 1:5] = 0.9
    seen = []

    def model(points):
        seen.append(points.amax(dim=(1, 2, 3)))
        return torch.zeros(len(points), dtype=torch.int64)

    goal = Misclassify(torch.zeros(2, dtype=torch.int64))
    options = {"turns": 1, "shifts": 3, "shift": 1 / 6}
    result = attack(model, images, goal, threat, spatial, **options)
    assert result.queries.tolist() == [1 + 8 + 1, 1 + 1]


@pytest.mark.parametrize(
    ("option", "value"),
    [("turn", 181), ("shift", 1.5), ("turns", 0), ("shifts", 2.5), ("tries", 0)],
)
def test_options_are_told(option, value, pictures) -> None:
    goal = Misclassify(torch.zeros(2, dtype=torch.int64))
    with pytest.raises(InputError, match=f"^{option} is a "):
        next(spatial(pictures(2), goal, Linf(1), **{option: value}, draws=Draws(0, range(2))))
