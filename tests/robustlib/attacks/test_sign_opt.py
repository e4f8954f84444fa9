from functools import partial

import pytest
import torch
from torch import Tensor

from robustlib.attacks._border_search import Ground
from robustlib.attacks._normals import anywhere
from robustlib.attacks.sign_opt import Bearing, sign_opt
from robustlib.conformance._planes import linear
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._labels import Labels
from tests.robustlib.attacks.test__border_search import led

WEIGHT = torch.tensor([0.5, -1.0, 2.0, 0.25], dtype=torch.float64)
NORMS = pytest.mark.parametrize("threat", [L2, Linf])


@pytest.mark.parametrize(("threat", "middle", "most"), [(L2, 1.001, 1.02), (Linf, 1.02, 1.15)])
def test_it_comes_near_the_plane(open_plane, threat, middle, most) -> None:
    """In 16 dimensions, after some 7,000 labels."""
    model, goal = Labels(open_plane.model), Misclassify(open_plane.labels[:8])
    images = open_plane.images[:8]
    result = attack(model, images, goal, threat(torch.inf), sign_opt, steps=30)
    assert result.success.all()
    ratio = result.distance / open_plane.exact(threat)[:8]
    assert ratio.median() <= middle
    assert ratio.max() <= most
    assert ratio.min() >= 1 - 1e-5
    assert int(result.queries.sum()) + result.probes == model.asked


def begin(threat):
    """Two rows that look at the plane WEIGHT · (points - 1/2) = 0.1, from the middle, askew."""
    images = torch.full((2, 4), 0.5, dtype=torch.float64)
    ground, rows = Ground(images, threat(torch.inf)), torch.arange(2)
    way = torch.tensor([[0.3, 0.1, 0.2, 0.0], [0.1, -0.2, 0.1, 0.3]], dtype=torch.float64)
    points = images + way * (0.1 / (way @ WEIGHT))[:, None]
    return Bearing.of(ground, points, rows, 0.2, 0.001), lambda some, _: across(some)


def across(points):
    return (points - 0.5) @ WEIGHT >= 0.1 - 1e-12


@NORMS
def test_the_signs_are_those_of_the_distances_themselves(threat) -> None:
    """A slow second look: g is known on a plane, so each sign(g(θ + β u) - g(θ)) is too."""
    state, rule = begin(threat)
    sample = partial(anywhere((4,)), Draws(0, [0, 1], dtype=torch.float64))
    leaning, asked = led(state.probed(70, sample), rule)
    assert sum(len(question.inputs) for question in asked) == 140
    assert not any(question.candidate for question in asked)
    again = Draws(0, [0, 1], dtype=torch.float64)
    directions = torch.cat([anywhere((4,))(again, many) for many in (50, 20)], dim=1)
    for row in range(2):
        slope = torch.zeros(4, dtype=torch.float64)
        for direction in directions[row]:
            turned = state.way[row] + 0.001 * direction
            if threat is L2:
                turned = turned / turned.norm()
            else:
                turned = turned.clamp(-1, 1) / turned.clamp(-1, 1).abs().max()
            nearer = 0.1 / float(turned @ WEIGHT) < float(state.radius[row]) + 1e-13
            slope += (-1 if nearer else 1) * direction
        assert torch.allclose(-leaning[row], slope, atol=1e-12)


@NORMS
def test_a_search_only_ever_comes_nearer_and_knows_its_distance(threat) -> None:
    state, rule = begin(threat)
    sample = partial(anywhere((4,)), Draws(0, [0, 1], dtype=torch.float64))
    for _ in range(6):
        before = state.radius.clone()
        leaning, _ = led(state.probed(40, sample), rule)
        led(state.search(-leaning / 40), rule)
        assert (state.radius <= before).all()
        truth = 0.1 / (state.way @ WEIGHT)
        assert ((state.radius - truth) >= -1e-9).all()
        assert ((state.radius - truth) <= 0.001 / 500 + 1e-6).all()
        assert across(state.farther()).all()


def test_a_search_that_does_not_help_shortens_its_step() -> None:
    """Down the wrong slope every step is further off: one try, fifteen shorter ones, and α = 1."""
    state, rule = begin(L2)
    way, radius = state.way.clone(), state.radius.clone()
    _, asked = led(state.search((WEIGHT / WEIGHT.norm()).expand(2, 4)), rule)
    assert len(asked) == 16
    assert torch.equal(state.way, way)
    assert torch.equal(state.radius, radius)
    assert state.alpha.tolist() == [1, 1]
    assert state.beta.tolist() == pytest.approx([1e-4, 1e-4])


def test_a_finite_ball_is_kept(open_plane) -> None:
    eps = open_plane.l2[:8] * torch.tensor([1.1, 0.98] * 4)
    goal, model = Misclassify(open_plane.labels[:8]), Labels(open_plane.model)
    result = attack(model, open_plane.images[:8], goal, L2(eps), sign_opt, steps=15)
    assert result.success.tolist() == [True, False] * 4
    assert (result.queries[::2] < result.queries[1::2]).all()


@pytest.mark.parametrize("size", [192, 784])
def test_in_many_dimensions_it_comes_as_near_as_in_few(size) -> None:
    """A search a hundred times as coarse would stay a tenth away from the planes."""
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(size, generator=generator)
    images = 0.4 + 0.2 * torch.rand(4, size, generator=generator)
    far = 0.02 * torch.tensor([1.0, 2.0, 3.0, 4.0])
    heights = images @ weight - far * weight.norm()
    goal, ratios = Misclassify(torch.ones(1, dtype=torch.int64)), []
    for image, height, exact in zip(images, heights, far, strict=True):
        model = Labels(partial(risen, weight, height))
        found = attack(model, image[None], goal, L2(torch.inf), sign_opt)
        ratios.append(found.distance / exact)
    assert max(ratios) <= 1.03
    assert min(ratios) >= 1 - 1e-5


def risen(weight: Tensor, height: Tensor, points: Tensor) -> Tensor:
    """Two logits: a plane, and the height at which it is left."""
    rise = points @ weight
    return torch.stack([height.expand_as(rise), rise], dim=1)


def test_what_it_ends_at_is_no_luck_of_rounding() -> None:
    """A picture alone and all of them together are rounded apart, where two classes are as one."""
    planes = linear(walls=True)
    goal = Misclassify(planes.labels)
    found = attack(planes.model, planes.images, goal, Linf(torch.inf), sign_opt, directions=50)
    together = planes.model(found.adversarial).argmax(1)
    alone = torch.cat([planes.model(each[None]).argmax(1) for each in found.adversarial])
    assert (together != planes.labels).all()
    assert (alone != planes.labels).all()
