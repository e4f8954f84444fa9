import itertools

import pytest
import torch

from robustlib.attacks import geoda as module
from robustlib.attacks._border_search import Ground
from robustlib.attacks.geoda import geoda
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import L1, L2, Linf
from tests.robustlib.attacks._labels import Labels
from tests.robustlib.attacks.test__border_search import led

NORMS = pytest.mark.parametrize("threat", [Linf, L2, L1])


@NORMS
def test_with_the_true_normal_a_ray_ends_at_the_exact_distance(plane, threat) -> None:
    """At walls too: the ray bends along them as the nearest point does."""
    images = plane.images.double()
    weight, offset = plane.model.weight.double(), plane.model.offset.double()
    ground, rows = Ground(images, threat(torch.inf)), torch.arange(32)
    slope = -3 * weight.view(4, 4).expand_as(images)
    rule = lambda points, _: points.flatten(1) @ weight + offset <= 0  # noqa: E731
    begin = images + 0.02 * slope / slope.abs().amax()  # a ray that has to be followed on
    found, _ = led(module._across(ground, begin, rows, slope), rule)
    ratio = ground.distance(found, rows) / plane.exact(threat)
    assert ratio.max() <= 1.001  # a bisection leaves 1e-4 of the way that it began with
    assert ratio.min() >= 1 - 1e-6
    assert rule(found, rows).all()


@NORMS
def test_it_comes_near_the_plane(open_plane, threat) -> None:
    """In 16 dimensions, after 6,000 labels: within 2 % of the exact distance."""
    model, goal = Labels(open_plane.model), Misclassify(open_plane.labels)
    options = {"steps": 8, "directions": 6000}
    result = attack(model, open_plane.images, goal, threat(torch.inf), geoda, **options)
    assert result.success.all()
    ratio = result.distance / open_plane.exact(threat)
    assert ratio.max() <= 1.02
    assert ratio.min() >= 1 - 1e-5
    assert int(result.queries.sum()) + result.probes == model.asked


def test_probes_are_shared_out_as_in_the_paper() -> None:
    """Theorem 2: the numbers of two guesses stand in the ratio 0.6^(-2/3)."""
    counts = module._allotted(10_000, 5)
    assert sum(counts) == pytest.approx(10_000, abs=3)
    for one, other in itertools.pairwise(counts):
        assert other / one == pytest.approx(0.6 ** (-2 / 3), abs=0.01)
    assert module._allotted(2, 5) == [1] * 5


def test_a_ray_that_never_crosses_leaves_the_point() -> None:
    images, points = torch.zeros(2, 3), torch.full((2, 3), 0.5)
    ground, slope = Ground(images, L2(torch.inf)), torch.ones(2, 3)
    rule = lambda _, rows: rows == 1  # noqa: E731
    found, asked = led(module._across(ground, points, torch.arange(2), slope), rule)
    assert torch.equal(found[0], points[0])
    assert found[1].norm() < 1e-3
    assert sum(0 in bundle[0].rows for bundle in asked) == module._TRIES


def test_a_finite_ball_is_kept(open_plane) -> None:
    eps = open_plane.l2 * torch.tensor([1.05, 0.98]).repeat(16)
    goal, model = Misclassify(open_plane.labels), Labels(open_plane.model)
    result = attack(model, open_plane.images, goal, L2(eps), geoda)
    assert result.success.tolist() == [True, False] * 16
    assert (result.queries[::2] < result.queries[1::2]).all()
