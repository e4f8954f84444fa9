import pytest
import torch

from robustlib.attacks.nes import _Stride, nes
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target
from robustlib.losses import margin
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._talk import held


@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.05, 1.0)])
def test_in_linf_it_finds_what_is_there_and_nothing_else(plane, factor, share) -> None:
    goal, threat = Misclassify(plane.labels, measure=margin), Linf(factor * plane.linf)
    result = attack(plane.model, plane.images, goal, threat, nes)
    assert result.success.float().mean() == share


@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.1, 1.0)])
def test_in_l2_too(plane, factor, share) -> None:
    goal, threat = Misclassify(plane.labels, measure=margin), L2(factor * plane.l2)
    result = attack(plane.model, plane.images, goal, threat, nes)
    assert result.success.float().mean() == share


class Slow:
    """NES of one row in the words of its paper and its code, with four directions."""

    def __init__(self, model, goal, image, row, *, l2: bool) -> None:
        self.model, self.goal, self.image, self.row, self.l2 = model, goal, image, row, l2
        self.draws = Draws(3, [row], dtype=torch.float64)
        self.point, self.velocity = image.clone(), torch.zeros_like(image)
        self.length, self.losses = 0.02, []

    def loss(self, point) -> float:
        with torch.no_grad():
            return float(self.goal.loss(self.model(point[None]), torch.tensor([self.row])))

    def guess(self):
        total, seen = torch.zeros_like(self.image), []
        for u in self.draws.normal(4, *self.image.shape)[0]:
            ends = [(self.point + end * u).clamp(0, 1) for end in (0.001, -0.001)]
            high, low = map(self.loss, ends)
            total += (high - low) / 0.002 * u
            seen += [high, low]
        room = [(wall - self.point).abs().clamp(max=0.001) for wall in (0, 1)]
        return total / 4 * 0.002 / sum(room), sum(seen) / 8

    def step(self):
        gradient, loss = self.guess()
        self.velocity = 0.9 * self.velocity + 0.1 * gradient
        self.losses.append(loss)
        if len(self.losses) >= 3 and self.losses[-1] < self.losses[-3]:
            self.length, self.losses = max(self.length / 2, 0.0001), []
        stuck = (self.point <= 0) & (self.velocity <= 0) | (self.point >= 1) & (self.velocity >= 0)
        way = self.velocity.masked_fill(stuck, 0)
        way = way / way.norm() if self.l2 else way.sign()
        ahead = self.point + self.length * way
        ball = L2(0.06) if self.l2 else Linf(0.03)
        self.point = ball.project(ahead[None], self.image[None])[0]
        return self.point


@pytest.mark.parametrize("l2", [False, True], ids=["linf", "l2"])
def test_every_iterate_is_that_of_a_slow_loop(l2, net, pictures, labels_of) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    options = {"steps": 25, "directions": 4, "step_size": 0.02, "plateau": 3}
    draws, threat = Draws(3, range(3), dtype=torch.float64), L2(0.06) if l2 else Linf(0.03)
    bundles, last = held(nes(images, goal, threat, **options, draws=draws), model, goal)
    looked = [asked.inputs for (asked,) in bundles if asked.candidate]
    assert len(looked) == 25
    assert last is looked[-1]
    shortest = 1.0
    for row in range(3):
        slow = Slow(model, goal, images[row], row, l2=l2)
        for points in looked:
            assert torch.allclose(points[row], slow.step(), rtol=0, atol=1e-6)
        shortest = min(shortest, slow.length)
    assert shortest < 0.02


def test_a_step_is_halved_where_the_loss_has_fallen_over_the_plateau() -> None:
    stride = _Stride(torch.tensor([0.8, 0.8]), 3)
    seen = [
        stride.after(torch.tensor(levels)).tolist()
        for levels in ([5, 1], [6, 2], [4, 3], [3, 2], [2, 4], [1, 1], [0, 9])
    ]
    both = [[0.8, 0.8], [0.8, 0.8], [0.4, 0.8], [0.4, 0.8], [0.4, 0.8], [0.2, 0.4], [0.2, 0.4]]
    assert torch.allclose(torch.tensor(seen), torch.tensor(both))
    for level in range(100):
        length = stride.after(torch.tensor([-float(level)] * 2))
    assert torch.allclose(length, torch.tensor([0.004, 0.004]))


def test_every_query_is_counted(net, pictures, labels_of) -> None:
    """Two a direction and the iterate; the first look; the last iterate is not asked for twice."""
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, Linf(1e-6), nes, steps=4, directions=30)
    assert result.queries.tolist() == [1 + 4 * 61] * 3


def test_a_target_is_reached_and_named(net, pictures, labels_of) -> None:
    model, images = net(), pictures(4)
    targets = (labels_of(model, images) + 1) % 4
    result = attack(model, images, Target(targets), Linf(1.0), nes, step_size=0.1)
    assert result.success.all()
    assert torch.equal(result.outputs.argmax(1), targets)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"directions": 0}, "directions is a count ≥ 1"),
        ({"plateau": 1}, "plateau is a count ≥ 2"),
        ({"width": 0}, r"width is a number in \(0, 1\]"),
        ({"momentum": 1}, r"momentum is a number in \[0, 1\)"),
        ({"step_size": 0}, r"step_size is a number in \(0, inf\)"),
    ],
)
def test_what_sees_or_moves_nothing_is_refused(options, told, net, pictures) -> None:
    goal = Misclassify(torch.tensor([0]))
    with pytest.raises(InputError, match=told):
        attack(net(), pictures(1), goal, Linf(0.1), nes, **options, retire="never")
    least = {"directions": 1, "plateau": 2, "width": 1, "momentum": 0, "steps": 1}
    attack(net(), pictures(1), goal, Linf(0.1), nes, **least)
