import math

import pytest
import torch
from torch import nn

from robustlib.attacks import hop_skip_jump as module
from robustlib.attacks._border_search import _TRIES, Ground
from robustlib.attacks.hop_skip_jump import hop_skip_jump
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._labels import Labels
from tests.robustlib.attacks.test__border_search import led

NORMS = pytest.mark.parametrize("threat", [Linf, L2])


@NORMS
def test_it_comes_near_the_plane(plane, threat) -> None:
    """In 16 dimensions, after some 6,000 labels: within 3 % of the exact distance."""
    model, goal = Labels(plane.model), Misclassify(plane.labels)
    result = attack(model, plane.images, goal, threat(torch.inf), hop_skip_jump, steps=20)
    assert result.success.all()
    ratio = result.distance / plane.exact(threat)
    assert ratio.max() <= 1.03
    assert ratio.median() <= 1.01
    assert ratio.min() >= 1 - 1e-5
    assert int(result.queries.sum()) + result.probes == model.asked
    assert result.queries.max() < 6500


def test_queries_are_those_of_the_paper() -> None:
    """Without a failed step: looks, a start, bisections, and b0 √t directions a step."""
    model, images = (lambda points: (points[:, 0] > 0.5).long()), torch.tensor([[0.0] * 8])
    steps = 3
    result = attack(
        model, images, Misclassify(torch.tensor([0])), L2(torch.inf), hop_skip_jump, steps=steps
    )
    guesses = sum(int(100 * math.sqrt(t)) for t in range(1, steps + 1))
    bisections = (steps + 1) * 10
    least = 2 + 1 + guesses + bisections + steps
    assert least <= result.queries.item() <= least + 20  # noise that fails, halvings


@NORMS
def test_a_finite_ball_is_kept_and_closes_what_it_holds(plane, threat) -> None:
    exact = plane.exact(threat)
    goal, eps = Misclassify(plane.labels), exact * torch.tensor([1.1, 0.98]).repeat(16)
    model = Labels(plane.model)
    result = attack(model, plane.images, goal, threat(eps), hop_skip_jump, steps=15)
    assert (result.distance <= eps * (1 + 1e-5)).all()
    assert result.success[::2].all()
    assert not result.success[1::2].any()
    endless = attack(model, plane.images, goal, threat(torch.inf), hop_skip_jump, steps=15)
    assert (result.queries[::2] < endless.queries[::2]).all()
    assert torch.equal(result.queries[1::2], endless.queries[1::2])


def test_a_model_that_never_says_otherwise_ends() -> None:
    """foolbox's aborts the batch, or asks for ever."""
    images, goal = torch.zeros(2, 3), Misclassify(torch.tensor([0, 0]))
    constant = lambda points: torch.zeros(len(points), dtype=torch.int64)  # noqa: E731
    result = attack(constant, images, goal, L2(torch.inf), hop_skip_jump, steps=3)
    assert not result.success.any()
    assert torch.equal(result.adversarial, images)
    assert result.queries.tolist() == [2 + _TRIES, 2 + _TRIES]


def test_a_step_that_never_arrives_stays() -> None:
    images = torch.zeros(1, 3)
    ground, points = Ground(images, L2(torch.inf)), torch.tensor([[0.5, 0.5, 0.5]])
    never = lambda some, _: torch.zeros(len(some), dtype=torch.bool)  # noqa: E731
    slope, length = torch.tensor([[1.0, 0.0, 0.0]]), torch.tensor([0.4])
    stayed, asked = led(module._leap(ground, points, torch.tensor([0]), slope, length), never)
    assert torch.equal(stayed, points)
    assert len(asked) == module._HALVINGS
    ways = torch.stack([bundle[0].inputs[0, 0] - 0.5 for bundle in asked])
    assert torch.allclose(ways[:6], 0.4 * 0.5 ** torch.arange(6), rtol=1e-4)


def test_a_row_that_is_wrong_already_never_joins(plane) -> None:
    """foolbox's ends in NaN."""
    labels = plane.labels.clone()
    labels[::2] = 1
    model = Labels(plane.model)
    result = attack(model, plane.images, Misclassify(labels), L2(torch.inf), hop_skip_jump, steps=2)
    assert result.queries[::2].eq(1).all()
    assert torch.equal(result.adversarial[::2], plane.images[::2])
    assert result.success.all()
    assert result.adversarial.isfinite().all()


def test_a_target_is_reached_from_images_of_its_class() -> None:
    """Three classes; the wanted one's border is a plane whose distance is known."""
    weight = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])
    model = nn.Linear(2, 3).eval()
    model.weight.data, model.bias.data = weight, torch.tensor([0.0, 0.0, 0.6])
    images = torch.tensor([[0.6, 0.3], [0.3, 0.7]])
    goal = Target(torch.tensor([1, 0]))
    exact = torch.tensor([0.3, 0.4]) / 2**0.5
    starts = torch.tensor([[0.1, 0.1], [0.1, 0.95], [0.95, 0.1]])
    go = lambda **options: attack(  # noqa: E731
        Labels(model), images, goal, L2(torch.inf), hop_skip_jump, steps=15, **options
    )
    result = go(starts=starts)
    assert result.success.all()
    assert (result.distance / exact).max() <= 1.01
    assert (result.distance / exact).min() >= 1 - 1e-5
    with pytest.raises(InputError, match="starts is a must"):
        go()
