"""Requests of strangers in one pass: cut, joined, merged and split without a trace."""

from contextlib import nullcontext
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from robustlib._company import Asked, Room, merged, show, split
from robustlib._passes import Passes, Request, Seen
from robustlib._turns import Climb, Showing
from robustlib.attacks.pgd import pgd
from robustlib.doubts import RandomAnswers
from robustlib.engine import attack
from robustlib.errors import AccessError, ModelError
from robustlib.goals import Goal, Misclassify, Target
from robustlib.losses import margin
from robustlib.questions import DecisionBased, Gradient, WhiteBox
from robustlib.serving import Server
from robustlib.threats import Linf
from tests.robustlib._slope import BALL

ROWS = torch.arange(5)


def climbing(images: Tensor, goal: Goal, rows: Tensor | None = None) -> Request:
    rows = ROWS[: len(images)] if rows is None else rows
    return Request((images,), Climb(goal.loss, rows, goal))


def same(one: Seen, other: Seen) -> None:
    for name in ("outputs", "loss", "gradient"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert (mine is None) == (theirs is None)
        if mine is not None:
            assert torch.allclose(mine, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("sizes", [(12,), (5, 7), (1, 1, 10), (3, 3, 3, 3)])
@pytest.mark.parametrize("graded", [True, False])
def test_a_question_shown_in_pieces_is_answered_as_a_whole(sizes, graded, net, pictures) -> None:
    passes, images = Passes(net()), pictures(12)
    goal = Misclassify(torch.arange(12) % 4)
    rows = torch.arange(12).flip(0)
    requests = [
        Request((part,), Climb(goal.loss, at, goal) if graded else None)
        for part, at in zip(images.split([5, 7]), rows.split([5, 7]), strict=True)
    ]
    asked = Asked(Showing(passes, requests))
    for count in sizes:
        pieces = asked.next(count)
        assert sum(len(request) for _, request in pieces) == count
        asked.hear([number for number, _ in pieces], passes.show([one for _, one in pieces]))
    assert asked.left == 0
    for mine, theirs in zip(asked.answer(), passes.show(requests), strict=True):
        same(mine, theirs)


@pytest.mark.parametrize("kind", [Misclassify, Target])
def test_losses_of_one_measure_are_one_loss(kind, net, pictures) -> None:
    images = pictures(5)
    goals = [kind(torch.arange(5) % 4, measure=margin), kind(torch.tensor([3, 2]), measure=margin)]
    requests = [climbing(images, goals[0]), climbing(images[:2], goals[1], torch.tensor([1, 0]))]
    whole = merged(requests)
    assert whole is not None
    passes = Passes(net())
    seen = split(passes.show([whole])[0], [5, 2])
    for mine, theirs in zip(seen, passes.show(requests), strict=True):
        same(mine, theirs)


def test_what_is_cut_from_losses_of_one_measure_is_one_loss_too(net, pictures) -> None:
    """Where many wait, each pass holds but a piece of what a job asks."""
    goals = [Misclassify(torch.arange(5) % 4), Misclassify(torch.tensor([3, 1, 0, 2, 2]))]
    rows, passes = torch.tensor([4, 2, 0, 1, 3]), Passes(net())
    asked = [Asked(Showing(passes, [climbing(pictures(5), goal, rows)])) for goal in goals]
    for count in (2, 1, 2):
        pieces = [each.next(count)[0][1] for each in asked]
        whole = merged(pieces)
        assert whole is not None
        assert len(whole) == 2 * count
        for each, seen in zip(asked, split(passes.show([whole])[0], [count] * 2), strict=True):
            each.hear([0], [seen])
    for each in asked:
        same(each.answer()[0], passes.show(each.showing.requests)[0])


def test_unlike_losses_stay_apart(pictures) -> None:
    images, labels = pictures(2), torch.tensor([0, 1])
    one = climbing(images, Misclassify(labels))
    others: list[Any] = [
        climbing(images, Target(labels)),
        climbing(images, Misclassify(labels, measure=margin)),
        Request((images,), lambda outputs, part: outputs[:, 0]),
        Request((images,), Climb(lambda outputs, rows: outputs[:, 0], ROWS[:2])),
        Request((images,)),
    ]
    assert all(merged([one, other]) is None for other in others)
    assert merged([one]) is None


def test_a_goal_without_such_a_union_says_so() -> None:
    class Odd(Misclassify):
        beside = Goal.beside

    assert Odd(torch.tensor([0])).beside([]) is None


def test_who_fails_fails_alone(net, pictures) -> None:
    def broken(outputs: Tensor, part: slice) -> Tensor:
        raise ZeroDivisionError

    images = pictures(3)
    fine = climbing(images, Misclassify(torch.tensor([0, 1, 2])))
    parts = [[fine], [Request((images,), broken)], [Request((images * torch.nan,)), fine], [fine]]
    found = show(Passes(net()), parts)
    assert isinstance(found[1], ZeroDivisionError)
    assert isinstance(found[2], RuntimeError)
    assert "NaN" in str(found[2])
    (alone,) = Passes(net()).show([fine])
    for place in (0, 3):
        assert not isinstance(found[place], Exception)
        same(found[place][0], alone)


class Mixing(nn.Module):
    def forward(self, images: Tensor) -> Tensor:
        return (images - images.mean(0)).flatten(1)[:, :3]


class Drawing(nn.Module):
    def forward(self, images: Tensor) -> Tensor:
        return images.flatten(1)[:, :3] + torch.rand(len(images), 3)


class Failing(nn.Module):
    def forward(self, images: Tensor) -> Tensor:
        raise ZeroDivisionError


@pytest.mark.parametrize("kind", [Mixing, Drawing, Failing])
def test_whose_rows_are_not_independent_gets_lanes_of_one(kind, pictures) -> None:
    model = kind().eval()
    room, images = Room(model, torch.device("cpu")), pictures(1)
    showing = Showing(Passes(model), [Request((images,))])
    assert room.lane(showing, "a") == room.lane(showing, "b")
    before = torch.get_rng_state()
    assert not room.mixes((images,))
    assert torch.equal(torch.get_rng_state(), before)
    assert room.lane(showing, "a") != room.lane(showing, "b")


def test_lanes_are_of_one_kind(net, pictures) -> None:
    model = net()
    room, images = Room(model, torch.device("cpu")), pictures(1)
    assert room.mixes((images,))
    showings = [
        Showing(Passes(model), [Request((images,))]),
        Showing(Passes(model, exact=True), [Request((images,))]),
        Showing(Passes(model), [Request((images.float(),))]),
        Showing(Passes(model), [Request((images[:, :1],))]),
        Showing(Passes(model, size=1), [Request((images,))]),
        Showing(Passes(model), [Request((images,))], alone=True),
    ]
    lanes = {room.lane(showing, "a") for showing in showings}
    assert len(lanes) == len(showings) - 1  # the last two are of one job alone
    assert room.lane(showings[0], "a") == room.lane(showings[0], "b")
    slope = Showing(Passes(model), [climbing(images, Misclassify(torch.tensor([0])))])
    assert room.lane(slope, "b") == room.lane(showings[0], "a")
    for alone in showings[4:]:
        assert room.lane(alone, "a") != room.lane(alone, "b")
    assert room.passes(showings[0]) is room.passes(Showing(Passes(model), showings[0].requests))
    assert room.passes(showings[4]) is showings[4].passes


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(("plain", "calls"), [(1, 1), (5, 2)])
def test_a_few_inputs_without_a_loss_ride_along(exact, plain, calls, net, pictures) -> None:
    model, images = net(), pictures(5)
    sizes: list[int] = []
    handle = model.register_forward_hook(lambda _, given, __: sizes.append(len(given[0])))
    goal = Misclassify(torch.arange(5) % 4)
    asked = [[Request((images[:plain],))], [climbing(images[:4], goal)], [climbing(images, goal)]]
    found = show(Passes(model, exact=exact), asked)
    assert len(sizes) == (2 if exact else calls)
    handle.remove()
    for requests, mine in zip(asked, found, strict=True):
        assert not isinstance(mine, Exception)
        (theirs,) = Passes(model, exact=exact).show(requests)
        same(mine[0], theirs)


class Poisoned(nn.Module):
    """Raises, or answers NaN, for an image whose first number is 0.123 or 0.456."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        first = images.flatten(1)[:, :1]
        if bool((first == 0.123).any()):
            raise KeyError("poison")
        return self.body(images).masked_fill(first == 0.456, torch.nan)


def raising(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
    yield from Gradient(images)
    raise ZeroDivisionError


def greedy(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
    yield from Gradient(images)  # type: ignore[misc]
    return images


class Broken(Misclassify):
    def loss(self, outputs: Tensor, rows: Tensor) -> Tensor:
        raise IndexError


class Undefined(Misclassify):
    def loss(self, outputs: Tensor, rows: Tensor) -> Tensor:
        return super().loss(outputs, rows) * torch.nan


def test_what_one_job_raises_ends_that_job_alone(net, pictures) -> None:
    model, images = Poisoned(net()), pictures(1)
    goal = Misclassify(model(images).argmax(1))
    wrong, nan = images.clone(), images.clone()
    wrong.view(-1)[0], nan.view(-1)[0] = 0.123, 0.456
    bad: list[tuple[type[Exception], tuple[Any, ...]]] = [
        (ZeroDivisionError, (images, goal, BALL, raising)),
        (AccessError, (images, goal, BALL, greedy)),
        (IndexError, (images, Broken(goal.labels), BALL, pgd)),
        (ModelError, (images, Undefined(goal.labels), BALL, pgd)),
        (KeyError, (wrong, goal, BALL, pgd)),
        (ModelError, (nan, goal, BALL, pgd)),
    ]
    more: dict[str, Any] = {"retire": "never"}
    alone = attack(model, images, goal, BALL, pgd, steps=20, **more)
    with Server() as server:
        good = [server.submit(model, images, goal, BALL, pgd, steps=20, **more) for _ in range(4)]
        jobs = [server.submit(model, *task, user="bad", **more) for _, task in bad]
        for (kind, _), job in zip(bad, jobs, strict=True):
            with pytest.raises(kind):
                job.result(60)
        for job in good:
            assert torch.allclose(job.result(60).adversarial, alone.adversarial, rtol=0, atol=1e-9)


class Coupled(nn.Module):
    """Normalises by the batch's own statistics, even in eval mode."""

    def __init__(self, body: nn.Module, *, noise: float = 0.0) -> None:
        super().__init__()
        self.body, self.noise = body, noise
        self.norm = nn.BatchNorm2d(2, track_running_stats=False).double()
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        noisy = images + self.noise * torch.randn_like(images)
        return self.body(noisy if self.noise else self.norm(images))


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_a_model_that_bears_no_company_is_shown_one_job_at_a_time(noise, net, pictures) -> None:
    """And a model that draws sees for each job the numbers that it would see alone."""
    model, images = Coupled(net(), noise=noise), pictures(3)
    goals = [Misclassify(model(images[n : n + 1]).argmax(1)) for n in range(3)]
    more: dict[str, Any] = {"steps": 5, "retire": "never", "seed": 7}
    tasks = [(model, images[n : n + 1], goals[n], Linf(0.05), pgd) for n in range(3)]
    with pytest.warns(RandomAnswers) if noise else nullcontext():
        with Server() as server:
            jobs = [server.submit(*task, user=n, **more) for n, task in enumerate(tasks)]
            found = [job.result(60).adversarial for job in jobs]
        for one, task in zip(found, tasks, strict=True):
            assert torch.allclose(one, attack(*task, **more).adversarial, rtol=0, atol=1e-9)
