import pytest
import torch
from torch import nn

from robustlib.attacks.bandits import bandits
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target
from robustlib.losses import margin
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._talk import held


@pytest.mark.parametrize(("factor", "share", "steps"), [(0.98, 0.0, 200), (1.1, 1.0, 1000)])
@pytest.mark.parametrize("threat", [Linf, L2])
def test_it_finds_what_is_there_and_nothing_else(plane, threat, factor, share, steps) -> None:
    goal, ball = Misclassify(plane.labels, measure=margin), threat(factor * plane.exact(threat))
    result = attack(plane.model, plane.images, goal, ball, bandits, steps=steps, side=4)
    assert result.success.float().mean() == share


class Slow:
    """One row with tiles of two by two, in the words of the official code."""

    def __init__(self, model, goal, image, row, *, l2: bool) -> None:
        self.model, self.goal, self.image, self.row, self.l2 = model, goal, image, row, l2
        self.draws = Draws(3, [row], dtype=torch.float64)
        self.prior, self.point = torch.zeros(2, 3, 3).double(), image.clone()

    def wide(self, small):
        return small.repeat_interleave(2, dim=1).repeat_interleave(2, dim=2)

    def loss(self, way, width):
        probe = (self.point + width * way / way.norm()).clamp(0, 1)
        with torch.no_grad():
            return self.goal.loss(self.model(probe[None]), torch.tensor([self.row]))[0]

    def step(self):
        exploration, width, rate = (0.01, 0.01, 0.1) if self.l2 else (1.0, 0.1, 100)
        noise = exploration * self.draws.normal(18)[0].view(2, 3, 3) / 18**0.5
        high, low = (self.loss(self.wide(self.prior + end * noise), width) for end in (1, -1))
        gradient = (high - low) / (width * exploration) * noise
        if self.l2:
            self.prior = self.prior + rate * gradient
        else:
            share = (self.prior + 1) / 2
            up, down = share * (rate * gradient).exp(), (1 - share) * (-rate * gradient).exp()
            self.prior = 2 * up / (up + down) - 1
        self.walk(self.wide(self.prior))
        return self.point

    def walk(self, way):
        if self.l2:
            way = way.masked_fill(torch.where(way > 0, self.point >= 1, self.point <= 0), 0)
            ahead, ball = self.point + 0.06 * way / way.norm(), L2(0.6)
        else:
            ahead, ball = self.point + 0.006 * way.sign(), Linf(0.03)
        self.point = ball.project(ahead[None], self.image[None])[0]


@pytest.mark.parametrize("l2", [False, True], ids=["linf", "l2"])
def test_prior_and_iterates_are_those_of_a_slow_loop(l2, net, pictures, labels_of) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    draws, threat = Draws(3, range(3), dtype=torch.float64), L2(0.6) if l2 else Linf(0.03)
    bundles, last = held(bandits(images, goal, threat, steps=30, side=3, draws=draws), model, goal)
    looked = [asked.inputs for (asked,) in bundles if asked.candidate]
    probes = [asked.inputs.view(3, 2, 2, 6, 6) for (asked,) in bundles if not asked.candidate]
    assert len(looked) == len(probes) == 30
    assert last is looked[-1]
    for row in range(3):
        slow = Slow(model, goal, images[row], row, l2=l2)
        for points in looked:
            assert torch.allclose(points[row], slow.step(), rtol=0, atol=1e-9)
        assert slow.prior.abs().max() > (0.005 if l2 else 0.1)
    lengths = (probes[0] - images[:, None]).flatten(2).norm(dim=2)
    assert (lengths <= (0.01 if l2 else 0.1) + 1e-12).all()  # the box cuts some
    assert all(probe.min() >= 0 and probe.max() <= 1 for probe in probes)


class Ridge(nn.Module):
    """Class 1 is nearest, and never there, where the mean is 0.55."""

    def forward(self, images):
        height = 1e3 * (images.flatten(1).mean(1) - 0.55).abs() + 1
        return torch.stack([height, torch.zeros_like(height)], dim=1)


def test_a_prior_that_is_sure_comes_back() -> None:
    """Slopes whose exponentials overflow, and that turn round: the official form ends in NaN."""
    goal, images = Misclassify(torch.zeros(4, dtype=torch.int64)), torch.full((4, 1, 2, 2), 0.5)
    goal, draws = goal.measured(margin), Draws(0, range(4))
    talk = bandits(images, goal, Linf(0.3), steps=60, side=1, step_size=0.02, draws=draws)
    bundles, _ = held(talk, Ridge(), goal)
    looked = [asked.inputs.flatten(1).mean(1) for (asked,) in bundles if asked.candidate]
    beyond = torch.stack(looked) > 0.55
    assert ((beyond[1:] != beyond[:-1]).sum(0) >= 2).all()


def test_by_itself_the_prior_is_a_quarter_as_wide() -> None:
    images, goal = torch.full((1, 3, 8, 12), 0.5), Misclassify(torch.tensor([0]), measure=margin)
    far = lambda points: torch.cat([9 + points.mean((2, 3))[:, :1], points[:, :1, 0, 0]], 1)  # noqa: E731
    draws = Draws(0, [0], dtype=torch.float64)
    bundles, _ = held(bandits(images, goal, Linf(0.1), steps=1, draws=draws), far, goal)
    change = (bundles[0][0].inputs[0] - images)[0, 0]
    assert len(change.unique()) == 9
    assert torch.equal(change[:, ::4].repeat_interleave(4, dim=1), change)


def test_every_query_is_counted(net, pictures, labels_of) -> None:
    """Two probes and the iterate; the first look; the last iterate is not asked for twice."""
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, Linf(1e-6), bandits, steps=9)
    assert result.queries.tolist() == [1 + 9 * 3] * 3


def test_a_target_is_reached_and_named(net, pictures, labels_of) -> None:
    model, images = net(), pictures(4)
    targets = (labels_of(model, images) + 1) % 4
    options = {"step_size": 0.05, "side": 6}
    result = attack(model, images, Target(targets), Linf(1.0), bandits, **options)
    assert result.success.all()
    assert torch.equal(result.outputs.argmax(1), targets)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("side", "count ≥ 1"),
        ("step_size", r"number in \(0, inf\)"),
        ("prior_step", r"number in \(0, inf\)"),
        ("exploration", r"number in \(0, inf\)"),
        ("width", r"number in \(0, inf\)"),
    ],
)
def test_nothing_is_zero(option, told, net, pictures) -> None:
    goal = Misclassify(torch.tensor([0]))
    with pytest.raises(InputError, match=f"{option} is a {told}, not 0"):
        attack(net(), pictures(1), goal, Linf(0.1), bandits, **{option: 0}, retire="never")
    attack(net(), pictures(1), goal, Linf(0.1), bandits, **{option: 1}, steps=1)
