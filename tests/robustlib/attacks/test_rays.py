import pytest
import torch

from robustlib.attacks import rays as module
from robustlib.attacks.rays import rays
from robustlib.engine import attack
from robustlib.goals import Misclassify, Target
from robustlib.threats import Linf
from tests.robustlib.attacks._labels import Labels


def test_it_finds_the_exact_distance_of_a_plane(plane) -> None:
    """On a plane a sign helps alone as it helps in company: once over all numbers is enough."""
    model, goal = Labels(plane.model), Misclassify(plane.labels)
    options = {"steps": 31, "tolerance": 1e-6}
    result = attack(model, plane.images, goal, Linf(torch.inf), rays, **options)
    assert result.success.all()
    ratio = result.distance / plane.linf
    assert ratio.max() <= 1.0002
    assert ratio.min() >= 1 - 1e-5
    assert int(result.queries.sum()) + result.probes == model.asked


def slow(model, image, label, steps, tolerance):
    """The paper's algorithm for one row, number by number; the distance and the queries."""
    size, asked = image.numel(), 0

    def wrong(signs, radius):
        nonlocal asked
        asked += 1
        return int(model((image + radius * signs.view_as(image)).clamp(0, 1)[None])[0]) != label

    signs, best = torch.ones(size, dtype=image.dtype), 1.0
    blocks, count = [[]], 1
    while len(blocks) <= steps:
        width = -(-size // count)
        blocks += [list(range(first, min(first + width, size))) for first in range(0, size, width)]
        count = min(2 * count, 2 ** size.bit_length())
    for block in blocks[: steps + 1]:
        turned = signs.clone()
        for place in block:
            turned[place] = -turned[place]
        if not wrong(turned, best):
            continue
        signs, low = turned, 0.0
        while best - low > tolerance:
            middle = (low + best) / 2
            low, best = (low, middle) if wrong(turned, middle) else (middle, best)
    return best, asked


def test_each_row_follows_a_slow_second_implementation(net, pictures, labels_of) -> None:
    images, network = pictures(6), net()
    labels = labels_of(network, images)
    options = {"steps": 40, "tolerance": 1e-4}
    result = attack(Labels(network), images, Misclassify(labels), Linf(torch.inf), rays, **options)
    for row in range(6):
        with torch.no_grad():
            radius, asked = slow(Labels(network), images[row], int(labels[row]), **options)
        if result.success[row]:
            reach = torch.maximum(images[row], 1 - images[row]).max()
            assert float(result.distance[row]) == pytest.approx(min(radius, float(reach)), abs=1e-9)
        assert int(result.queries[row]) == asked + 2  # the two looks
    assert result.success.any()


@pytest.mark.parametrize("size", [1, 5, 8])
def test_every_level_covers_all_numbers_once(size) -> None:
    blocks, places = module._blocks(size), list(range(size))
    assert places[next(blocks)] == []
    for _ in range(6):
        covered = []
        while len(covered) < size:
            covered += places[next(blocks)]
        assert covered == places
    assert len(places[next(blocks)]) == 1


def test_a_target_needs_no_start() -> None:
    model = lambda points: (points[:, 0] > 0.7).long()  # noqa: E731
    images, goal = torch.tensor([[0.2, 0.9]]), Target(torch.tensor([1]))
    result = attack(model, images, goal, Linf(torch.inf), rays, steps=3, tolerance=1e-5)
    assert result.distance.item() == pytest.approx(0.5, abs=1e-4)


def test_a_finite_ball_is_kept(plane) -> None:
    eps = plane.linf * torch.tensor([1.01, 0.99]).repeat(16)
    goal, model = Misclassify(plane.labels), Labels(plane.model)
    result = attack(model, plane.images, goal, Linf(eps), rays, steps=40, tolerance=1e-6)
    assert result.success.tolist() == [True, False] * 16


def test_pictures_of_any_layout_are_searched_in_all_directions(net, pictures, labels_of) -> None:
    """Channels last, a view is a copy: written there, no direction would ever be turned."""
    model, images = net(), pictures(3)
    goal, threat = Misclassify(labels_of(model, images)), Linf(torch.inf)
    laid = images.contiguous(memory_format=torch.channels_last)
    one, other = (attack(model, each, goal, threat, rays, steps=20) for each in (images, laid))
    assert torch.equal(one.adversarial, other.adversarial)
    assert not torch.equal(*(attack(model, images, goal, threat, rays, steps=each).distance
                             for each in (1, 20)))  # fmt: skip
