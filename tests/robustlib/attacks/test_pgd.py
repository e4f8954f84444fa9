from functools import partial
from itertools import pairwise

import pytest
import torch

from robustlib.attacks.pgd import pgd
from robustlib.engine import attack
from robustlib.errors import InputError, ThreatError
from robustlib.goals import Misclassify, Target
from robustlib.losses import cross_entropy, margin
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import L0, L1, L2, Linf


@pytest.mark.parametrize("threat", [Linf, L2, L1])
@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.02, 1.0)])
def test_it_finds_what_is_there_and_nothing_else(plane, threat, factor, share) -> None:
    eps = factor * plane.exact(threat)
    result = attack(
        plane.model,
        plane.images,
        Misclassify(plane.labels, measure=margin),
        threat(eps),
        pgd,
        steps=40,
        step_size=float(eps.max()) / 4,
        halvings=4,
    )
    assert result.success.float().mean() == share


def test_l0_finds_the_pixels_that_the_plane_depends_on(plane) -> None:
    """The fewest pixels: those whose way to the wall is worth most, as many as it takes."""
    weight = plane.model.weight
    flat = plane.images.flatten(1)
    worth = (torch.where(weight > 0, flat, 1 - flat) * weight.abs()).sort(1, descending=True).values
    height = flat @ weight + plane.model.offset
    fewest = (worth.cumsum(1) < height[:, None]).sum(1) + 1
    goal = Misclassify(plane.labels, measure=margin)
    run = partial(attack, plane.model, plane.images, goal, attack=pgd, steps=40, restarts=3)
    assert not run(threat=L0(fewest - 1.0)).success.any()
    assert run(threat=L0(fewest + 1.0)).success.float().mean() >= 0.9


@pytest.mark.parametrize("threat", [Linf(0.1), L2(0.5)])
def test_the_walls_are_really_walls(threat, plane) -> None:
    at_wall = ((plane.images == 0) | (plane.images == 1)).float().mean()
    assert at_wall == 0 or at_wall > 0.3


def test_the_last_iterate_counts() -> None:
    """One step is one gradient at the start; the stepped point itself must be looked at."""
    model = lambda images: torch.cat([images, 1 - images], dim=1)  # noqa: E731
    images, goal = torch.tensor([[0.55]]), Misclassify(torch.tensor([0]))
    options = {"steps": 1, "step_size": 0.2, "seed": 2}
    result = attack(model, images, goal, Linf(0.1), pgd, **options)
    assert result.success.item()
    assert result.backwards.item() == 1
    start = attack(model, images, goal, Linf(0.1), pgd, **options, budget=2)
    assert not start.success.item()  # else the test would show nothing


def test_more_never_hurts(net, pictures, labels_of) -> None:
    model, images = net(10, seed=3), pictures(40)
    goal = Misclassify(labels_of(model, images))
    found = [
        attack(model, images, goal, Linf(0.02), pgd, steps=5, restarts=restarts).success
        for restarts in (1, 2, 5)
    ]
    assert not (found[0] & ~found[1]).any()
    assert not (found[1] & ~found[2]).any()
    assert found[2].sum() > 0


def test_a_target_is_reached_and_named(net, pictures, labels_of) -> None:
    model, images = net(), pictures(6)
    targets = (labels_of(model, images) + 1) % 4
    result = attack(model, images, Target(targets), Linf(1.0), pgd, steps=40, step_size=0.1)
    assert result.success.all()
    assert torch.equal(result.outputs.argmax(1), targets)


@pytest.mark.parametrize("measure", [cross_entropy, margin])
def test_confidence_hides_no_gradient(measure, open_plane) -> None:
    """In float32 softmax rounds to 0 and 1 at such logits; peers' cross entropy is flat there."""
    model = lambda images: 1e4 * open_plane.model(images)  # noqa: E731
    threat, goal = Linf(1.5 * open_plane.linf), Misclassify(open_plane.labels, measure)
    assert attack(model, open_plane.images, goal, threat, pgd, steps=10).success.all()


def test_an_endless_ball_is_refused(net, pictures, labels_of) -> None:
    model, images = net(), pictures(2)
    with pytest.raises(ThreatError, match="finite eps"):
        attack(model, images, Misclassify(labels_of(model, images)), Linf(torch.inf), pgd)


class Hill(torch.nn.Module):
    """Class 1 wins only within 0.003 of one point of the ball."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        away = (images.flatten(1) - 0.537).abs().amax(1)
        return torch.stack([away, torch.full_like(away, 0.003)], dim=1)


def test_halved_steps_settle_where_fixed_ones_leap_over() -> None:
    """The top is a point: fixed steps leap over it, halved ones end on it."""
    images, goal = torch.full((1, 1), 0.5), Misclassify(torch.tensor([0]), measure=margin)
    options = {"steps": 60, "step_size": 0.025}
    fixed = attack(Hill().eval(), images, goal, Linf(0.1), pgd, seed=1, **options)
    assert not fixed.success.item()
    halved = attack(Hill().eval(), images, goal, Linf(0.1), pgd, seed=1, halvings=5, **options)
    assert halved.success.item()


def test_halvings_follow_their_schedule() -> None:
    """On a slope each step's length is seen."""
    seen: list[float] = []

    class Slope(torch.nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            seen.extend(images.flatten().tolist())
            return torch.stack([0.5 - images[:, 0], images[:, 0] - 2], dim=1)

    images, goal = torch.full((1, 1), 0.5), Misclassify(torch.tensor([0]), measure=margin)
    options = {"steps": 6, "step_size": 0.04, "halvings": 2}
    attack(Slope().eval(), images, goal, Linf(0.4), pgd, seed=0, **options)
    lengths = [round(b - a, 4) for a, b in pairwise(seen[-7:])]
    assert lengths == [0.04, 0.04, 0.02, 0.02, 0.01, 0.01]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"step_size": 0}, r"step_size is a number in \(0, inf\), not 0"),
        ({"halvings": 10, "steps": 10}, r"halvings is a number in \[0, 10\), not 10"),
        ({"halvings": 0.5}, "halvings is a count ≥ 0, not 0.5"),
    ],
)
def test_a_step_goes_uphill_and_is_halved_as_often_as_asked(options, told, net, pictures) -> None:
    """No step at all would find every model robust; between two steps there is one halving."""
    goal = Misclassify(torch.tensor([0]))
    with pytest.raises(InputError, match=told):
        attack(net(), pictures(1), goal, Linf(0.1), pgd, **options, retire="never")
    attack(net(), pictures(1), goal, Linf(0.1), pgd, steps=10, halvings=9, step_size=1e-9)


def test_a_gradient_that_autograd_hands_out_once_for_many_may_be_written_to() -> None:
    """Of a model that sums its inputs it is one number, seen many times: attacks hear a copy."""

    def model(images):
        whole = images.sum(dim=(1, 2, 3))
        return torch.stack([whole - 6.5, 0 * whole], dim=1)

    images, goal = torch.full((2, 1, 4, 4), 0.5), Misclassify(torch.tensor([0, 0]))
    result = attack(model, images, goal, Linf(0.1), pgd)
    assert result.success.all()  # 1.5 ahead, and 16 pixels go down by 0.1

    def writing(images, goal, threat, *, draws) -> WhiteBox:
        answer = yield from Gradient(images)
        assert torch.equal(answer.gradient.clone().mul_(2), answer.gradient.mul_(2))
        return images

    assert not attack(model, images, goal, Linf(0.1), writing).success.any()
