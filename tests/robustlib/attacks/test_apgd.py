import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks.apgd import _looks, apgd
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import ThreatError
from robustlib.goals import Misclassify, Target
from robustlib.losses import dlr, dlr_towards, margin
from robustlib.threats import L0, L1, L2, Linf, ThreatModel


@pytest.mark.parametrize("threat", [Linf, L2, L1])
@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.02, 1.0)])
@pytest.mark.parametrize("seed", [0, 1])
def test_it_finds_what_is_there_and_nothing_else(plane, threat, factor, share, seed) -> None:
    """Official APGD finds 80 % in L1 at the walls."""
    ball, goal = threat(factor * plane.exact(threat)), Misclassify(plane.labels, measure=margin)
    result = attack(plane.model, plane.images, goal, ball, apgd, seed=seed)
    assert result.success.float().mean() == share


STEPS = 60


def asked(
    model: nn.Module, goal: Any, images: Tensor, threat: ThreatModel, balls: int = 1
) -> list[Tensor]:
    """Every point that the attack asks about, in float64, nothing retired, and what it returns."""
    draws = Draws(0, range(len(images)), dtype=images.dtype)
    talk, seen = apgd(images, goal, threat, steps=STEPS, balls=balls, draws=draws), []
    question, rows = next(talk), torch.arange(len(images))
    try:
        while True:
            seen.append(question.inputs)
            question = talk.send(slope(model, goal, question.inputs, rows))
    except StopIteration as end:
        return [*seen, end.value]


class Answer:
    def __init__(self, loss: Tensor, gradient: Tensor) -> None:
        self.loss, self.gradient = loss, gradient


def slope(model: nn.Module, goal: Any, points: Tensor, rows: Tensor) -> Answer:
    with torch.enable_grad():
        leaf = points.detach().clone().requires_grad_()
        loss = goal.loss(model(leaf), rows)
        (gradient,) = torch.autograd.grad(loss.sum(), leaf)
    return Answer(loss.detach(), gradient)


Measured = Callable[[Tensor], tuple[float, Tensor]]


def by_the_box(start: Tensor, image: Tensor, f: Measured, threat: ThreatModel) -> list[Tensor]:
    """Croce & Hein 2020, algorithm 1, of one image [1, ...], as it stands there."""
    p = [0.0, 0.22]
    while p[-1] < 1:
        p.append(p[-1] + max(p[-1] - p[-2] - 0.03, 0.06))
    w = [math.ceil(round(each * STEPS, 9)) for each in p]
    eta, x, values, gradients = 2 * threat.eps, [start], [f(start)[0]], [f(start)[1]]
    etas, highest = {0: eta}, {0: values[0]}
    top, x_max, g_max, shown = values[0], start, gradients[0], [start]
    for k in range(STEPS):
        z = threat.project(x[k] + eta * unit(gradients[k], x[k], threat), image)
        alpha = 0.75 if k else 1.0
        back = x[k] - x[k - 1] if k else 0 * start
        x.append(threat.project(x[k] + alpha * (z - x[k]) + (1 - alpha) * back, image))
        shown.append(x[-1])
        value, gradient = f(x[k + 1])
        risen = [value > values[k]] if not k else [*risen, value > values[k]]
        if value > top:
            top, x_max, g_max = value, x[k + 1], gradient
        if k + 1 in w and k + 1 < STEPS:
            j = w.index(k + 1)
            first = sum(risen[w[j - 1] :]) < 0.75 * (w[j] - w[j - 1])
            second = etas[w[j - 1]] == eta and highest[w[j - 1]] == top
            etas[k + 1], highest[k + 1] = eta, top
            if first or second:
                eta = eta / 2
                x[k + 1], value, gradient = x_max, top, g_max
        values.append(value)
        gradients.append(gradient)
    return shown


def unit(gradient: Tensor, point: Tensor, threat: ThreatModel) -> Tensor:
    """The gradient of pixels with room, as a sign or over its length."""
    blocked = ((gradient > 0) & (point > 1 - 1e-15)) | ((gradient < 0) & (point < 1e-15))
    open_ = torch.where(blocked, 0, gradient)
    return open_.sign() if isinstance(threat, Linf) else open_ / open_.norm()


def by_the_l1_box(
    start: Tensor, image: Tensor, f: Measured, threat: ThreatModel, steps: int = STEPS
) -> list[Tensor]:
    """Croce & Hein 2021, algorithm 2, of one image [1, ...], with our differences."""
    d, eps = image.numel(), float(threat.eps)
    x, eta, k, before = [start], eps, d // 5, d
    best, (top, gradient) = start, f(start)
    g_max, shown = gradient, [start]
    for step in range(1, steps + 1):
        x.append(threat.project(x[-1] + eta * sparse(gradient, x[-1], k), image))
        shown.append(x[-1])
        value, gradient = f(x[-1])
        if value > top:
            top, best, g_max = value, x[-1], gradient
        if step % max(1, int(0.04 * steps)) == 0 and step < steps:
            moved = ((best - image).abs() > 1e-12) & (best > 1e-12) & (best < 1 - 1e-12)
            now = int(moved.sum())
            k = max(1, math.floor(now / 1.5))
            if now < 0.95 * before:
                eta, x[-1], gradient = eps, best, g_max
            else:
                eta = max(eta / 1.5, eps / 10)
            before = now
    return shown


def sparse(gradient: Tensor, point: Tensor, k: int) -> Tensor:
    """Length 1 over the k steepest pixels with room, and over steeper ones at their wall."""
    flat, at = gradient.flatten().tolist(), point.flatten().tolist()
    room = [1 - b > 1e-12 if a > 0 else b > 1e-12 for a, b in zip(flat, at, strict=True)]
    free = sorted((abs(a) for a, ok in zip(flat, room, strict=True) if ok), reverse=True)
    least = free[k - 1] if k <= len(free) else 0.0
    step = [math.copysign(1 / min(k, len(free)), a) * (abs(a) >= least) for a in flat]
    return torch.tensor(step, dtype=point.dtype).view_as(point)


def started(images, threat):
    """The first start of a run with seed 0: in L1 noise of all that a pixel can go, projected."""
    draws = Draws(0, range(len(images)), dtype=images.dtype).child(0)
    if not isinstance(threat, L1):
        return threat.random_start(images, draws)
    return threat.project(images + 2 * draws.uniform(*images.shape[1:]) - 1, images)


@pytest.mark.parametrize("threat", [Linf(0.1), L2(0.6), L1(2.5)], ids=str)
@pytest.mark.parametrize("measure", [None, dlr, dlr_towards(2)], ids=["ce", "dlr", "towards"])
def test_every_iterate_is_that_of_the_papers_box(threat, measure, net, pictures, labels_of) -> None:
    model, images = net(10, seed=5), pictures(8)
    goal = Misclassify(labels_of(model, images))
    goal = goal if measure is None else goal.measured(measure)
    ours = asked(model, goal, images, threat)
    assert len(ours) == STEPS + 1
    starts = started(images, threat)
    box = by_the_l1_box if isinstance(threat, L1) else by_the_box
    for row in range(8):
        one = slice(row, row + 1)
        f = partial(measured, model, goal, row)
        theirs = box(starts[one], images[one], f, threat)
        away = [float((a[one] - b).abs().max()) for a, b in zip(ours, theirs, strict=True)]
        assert max(away) < 1e-9, away


def test_in_l1_balls_narrow_as_the_paper_s_do(net, pictures, labels_of) -> None:
    """Three, two, and one eps: in each from the best point of the last, projected."""
    model, images, threat = net(10, seed=5), pictures(6), L1(2.5)
    goal = Misclassify(labels_of(model, images))
    ours = asked(model, goal, images, threat, balls=3)
    assert len(ours) == STEPS + 1
    starts = started(images, L1(7.5))
    for row in range(6):
        point, image = starts[row : row + 1], images[row : row + 1]
        f, theirs = partial(measured, model, goal, row), []
        for times, steps in ((3, 18), (2, 18), (1, 24)):
            ball = L1(times * 2.5)
            shown = by_the_l1_box(ball.project(point, image), image, f, ball, steps)
            point = max(shown[:-1], key=lambda each: f(each)[0])
            theirs += shown[: steps + (times == 1)]
        away = [float((a[row] - b[0]).abs().max()) for a, b in zip(ours, theirs, strict=True)]
        assert max(away) < 1e-9, away


def test_on_the_exact_net_wider_balls_find_as_many_in_l1(exact_net) -> None:
    exact, goal = exact_net.exact(L1), Misclassify(exact_net.labels, measure=margin)
    run = partial(attack, exact_net.model, exact_net.images, goal, L1(1.02 * exact), apgd, steps=50)
    found = {
        balls: sum(run(balls=balls, seed=seed).success for seed in range(4)) for balls in (1, 3)
    }
    assert found[3].sum() >= found[1].sum()
    assert not attack(
        exact_net.model, exact_net.images, goal, L1(0.99 * exact), apgd, balls=3
    ).success.any()


def measured(model: nn.Module, goal: Any, row: int, point: Tensor) -> tuple[float, Tensor]:
    answer = slope(model, goal, point, torch.tensor([row]))
    return float(answer.loss), answer.gradient


def test_rows_are_looked_at_when_the_paper_says() -> None:
    """Section 3: p = 0.22, 0.41, 0.57, 0.70, 0.80, 0.87, 0.93, 0.99."""
    assert list(_looks(100)) == [22, 41, 57, 70, 80, 87, 93, 99]
    assert list(_looks(100).values()) == [22, 19, 16, 13, 10, 7, 6, 6]
    assert list(_looks(8)) == [2, 4, 5, 6, 7, 8]
    assert list(_looks(1)) == [1]


@pytest.mark.parametrize("threat", [Linf(1e-6), L2(1e-6), L1(1e-6)], ids=str)
def test_passes_are_the_steps_and_the_two_looks(threat, net, pictures, labels_of) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, threat, apgd, steps=30, restarts=2)
    assert result.backwards.tolist() == [60, 60, 60]
    assert result.queries.tolist() == [63, 63, 63]  # the look, and the last iterate of each start


def test_the_last_iterate_counts() -> None:
    """One step is one gradient at the start; the stepped point itself must be looked at."""
    model = lambda images: torch.cat([images, 1 - images], dim=1)  # noqa: E731
    images, goal = torch.tensor([[0.55]]), Misclassify(torch.tensor([0]))
    result = attack(model, images, goal, Linf(0.1), apgd, steps=1, seed=2)
    assert result.success.item()
    assert result.backwards.item() == 1
    assert not attack(model, images, goal, Linf(0.1), apgd, seed=2, budget=2).success.item()


class Ripples(nn.Module):
    """Class 1 wins only within 0.003 of one point of the ball."""

    def forward(self, images: Tensor) -> Tensor:
        away = (images.flatten(1) - 0.537).abs().amax(1)
        return torch.stack([away, torch.full_like(away, 0.003)], dim=1)


@pytest.mark.parametrize("threat", [Linf, L2, L1])
def test_steps_that_leap_over_the_top_are_halved(threat) -> None:
    images, goal = torch.full((1, 1), 0.5), Misclassify(torch.tensor([0]), measure=margin)
    assert attack(Ripples().eval(), images, goal, threat(0.1), apgd, seed=1).success.item()


def test_a_factor_on_the_logits_changes_no_ratio(net, pictures, labels_of) -> None:
    plain, images = net(10, seed=3, dtype=torch.float32), pictures(30, dtype=torch.float32)
    labels, threat = labels_of(plain, images), Linf(0.02)
    loud = lambda images: 1e4 * plain(images)  # noqa: E731
    options: dict[str, Any] = {"steps": 20}
    goal = Misclassify(labels, measure=dlr)
    seeing = attack(loud, images, goal, threat, apgd, **options).success
    quiet = attack(plain, images, goal, threat, apgd, **options).success
    assert torch.equal(seeing, quiet)
    assert quiet.any()


def test_one_target_after_another_reaches_what_the_untargeted_climb_misses() -> None:
    """Class 1 leads everywhere near, and can not win; only class 2 can: closed form."""
    model = nn.Linear(2, 4).double().eval()
    model.weight.data = torch.tensor([[0, 0], [1, 0], [-10, 0], [0, 0]], dtype=torch.float64)
    model.bias.data = torch.tensor([0.0, -0.7, 4.05, -9.0], dtype=torch.float64)
    images = torch.full((5, 2), 0.5, dtype=torch.float64)
    goal = Misclassify(torch.zeros(5, dtype=torch.int64))
    found = [
        attack(model, images, goal.measured(dlr_towards(ahead)), Linf(0.11), apgd, steps=20)
        for ahead in (1, 2, 3)
    ]
    assert [bool(result.success.all()) for result in found] == [False, True, False]
    assert (found[1].outputs.argmax(1) == 2).all()


def test_a_target_is_reached_and_named(net, pictures, labels_of) -> None:
    model, images = net(), pictures(6)
    targets = (labels_of(model, images) + 1) % 4
    result = attack(model, images, Target(targets), Linf(1.0), apgd)
    assert result.success.all()
    assert torch.equal(result.outputs.argmax(1), targets)


def test_a_norm_without_a_length_of_step_is_refused() -> None:
    model, images = nn.Linear(4, 2).eval(), torch.full((1, 4), 0.5)
    goal = Misclassify(model(images).argmax(1))
    with pytest.raises(ThreatError, match="apgd knows Linf and L2 and L1, not L0"):
        attack(model, images, goal, L0(2), apgd)
