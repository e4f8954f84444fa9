import pytest
import torch

from robustlib.attacks.spsa import spsa
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target
from robustlib.losses import margin
from robustlib.threats import Linf
from tests.robustlib.attacks._talk import held


@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.02, 1.0)])
def test_it_finds_what_is_there_and_nothing_else(plane, factor, share) -> None:
    goal, threat = Misclassify(plane.labels), Linf(factor * plane.linf)
    result = attack(plane.model, plane.images, goal, threat, spsa, steps=60)
    assert result.success.float().mean() == share


def test_every_iterate_is_that_of_a_slow_loop_and_torchs_adam(net, pictures, labels_of) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    draws = Draws(3, range(3), dtype=torch.float64)
    talk = spsa(images, goal, Linf(0.03), steps=12, directions=30, draws=draws)
    bundles, last = held(talk, model, goal)
    looked = [asked.inputs for (asked,) in bundles if asked.candidate]
    assert len(looked) == 12
    assert last is looked[-1]
    for row in range(3):
        for points, wanted in zip(looked, slow(model, goal, images[row], row), strict=True):
            assert torch.allclose(points[row], wanted, rtol=0, atol=1e-9)


def slow(model, goal, image, row):
    """Spall's formula, which divides by how far each pixel has gone, and Adam as torch has it."""
    draws, climb = Draws(3, [row]), goal.measured(margin)
    point = image.clone().requires_grad_()
    optimiser = torch.optim.Adam([point], lr=0.01, maximize=True)
    for _ in range(12):
        signs = torch.cat([draws.randint(2, many, *image.shape)[0] for many in (25, 5)])
        total = torch.zeros_like(image)
        with torch.no_grad():
            for u in 2.0 * signs - 1:
                high, low = ((point + end * u).clamp(0, 1) for end in (0.01, -0.01))
                losses = climb.loss(model(torch.stack([high, low])), torch.tensor([row, row]))
                total += (losses[0] - losses[1]) / (high - low)
        point.grad = total / 30
        optimiser.step()
        with torch.no_grad():
            low, high = (image - 0.03).clamp(min=0), (image + 0.03).clamp(max=1)
            point.copy_(torch.minimum(torch.maximum(point, low), high))
        yield point.detach().clone()


def test_every_query_is_counted(net, pictures, labels_of) -> None:
    """Two a direction and the iterate; the first look; the last iterate is not asked for twice."""
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, Linf(1e-6), spsa, steps=4, directions=30)
    assert result.queries.tolist() == [1 + 4 * 61] * 3


def test_confidence_hides_nothing_from_the_margin(open_plane) -> None:
    model = lambda images: 1e4 * open_plane.model(images)  # noqa: E731
    threat = Linf(1.1 * open_plane.linf)
    result = attack(model, open_plane.images, Misclassify(open_plane.labels), threat, spsa)
    assert result.success.all()


def test_a_target_is_reached_and_named(net, pictures, labels_of) -> None:
    model, images = net(), pictures(4)
    targets = (labels_of(model, images) + 1) % 4
    result = attack(model, images, Target(targets), Linf(1.0), spsa, step_size=0.05)
    assert result.success.all()
    assert torch.equal(result.outputs.argmax(1), targets)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"directions": 0}, "directions is a count ≥ 1"),
        ({"width": 0}, r"width is a number in \(0, 1\]"),
        ({"step_size": 0}, r"step_size is a number in \(0, inf\)"),
    ],
)
def test_what_sees_or_moves_nothing_is_refused(options, told, net, pictures) -> None:
    goal = Misclassify(torch.tensor([0]))
    with pytest.raises(InputError, match=told):
        attack(net(), pictures(1), goal, Linf(0.1), spsa, **options, retire="never")
    attack(net(), pictures(1), goal, Linf(0.1), spsa, directions=1, width=1, steps=1)
