"""The four combinators."""

from functools import partial
from typing import Any

import pytest
import torch
from mypy import api

from robustlib.attacks._base import Stage, bounded, cascade, on_rows, restarts, together
from robustlib.attacks.noise import noise
from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.engine import attack, stream
from robustlib.errors import AccessError, ThreatError
from robustlib.goals import Misclassify, Target
from robustlib.questions import Decision, DecisionBased, Gradient, ScoreBased, Scores, WhiteBox
from robustlib.threats import L2, Linf

THREAT = Linf(0.03)


@pytest.fixture
def case(net, pictures, labels_of) -> tuple[Any, Any, Any]:
    model, images = net(5), pictures(12)
    return model, images, Misclassify(labels_of(model, images))


def test_restarts_are_runs_of_their_own(case) -> None:
    model, images, goal = case
    starts: list[Any] = []

    def spy(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        starts.append(threat.random_start(images, draws))
        yield from Decision(starts[-1])
        return starts[-1]

    def thrice(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        return (yield from restarts(spy, images, goal, threat, times=3, draws=draws))

    attack(model, images, goal, Linf(1e-9), thrice)
    assert len(starts) == 3
    assert not torch.equal(starts[0], starts[1])
    assert not torch.equal(starts[1], starts[2])


def test_pgd_restarts_by_itself_as_the_combinator_does(case) -> None:
    model, images, goal = case

    def again(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        once = partial(pgd, steps=5)
        return (yield from restarts(once, images, goal, threat, times=1, draws=draws))

    combined = attack(model, images, goal, THREAT, again)
    # One level deeper in the tree of streams, so other numbers; the same cost and the same kind.
    alone = attack(model, images, goal, THREAT, pgd, steps=5)
    assert torch.equal(combined.backwards[~combined.success], alone.backwards[~combined.success])


def climbing(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
    """Plain ascent that probes twice a row, to make the numbering of rows hard."""
    points = images
    every = torch.arange(len(images), device=images.device)
    for _ in range(4):
        twice = every.repeat(2)
        probes = torch.cat([points, (points + 0.001 * draws.normal(*images.shape[1:])).clamp(0, 1)])
        answer = yield from Gradient(probes, twice, candidate=False)
        slope = answer.gradient[: len(images)] + answer.gradient[len(images) :]
        points = threat.project(points + 0.01 * threat.steepest(slope, points), images)
        yield from Scores(points)
    return points


@pytest.mark.parametrize("rows", [[3, 0, 7, 5], [2], list(range(12))])
def test_on_rows_is_as_if_there_were_no_others(case, rows) -> None:
    model, images, goal = case
    eps = torch.linspace(0.01, 0.05, 12, dtype=torch.float64)
    some = torch.tensor(rows)

    def part(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        found = yield from on_rows(climbing, some, images, goal, threat, draws=draws)
        return images.index_copy(0, some, found)

    whole = attack(model, images, goal, L2(eps), part, retire="never")
    alone = attack(
        model, images[some], goal.take(some), L2(eps[some]), climbing, retire="never", keys=rows
    )
    assert torch.allclose(whole.adversarial[some], alone.adversarial, rtol=0, atol=1e-9)
    assert torch.equal(whole.backwards[some], alone.backwards)
    others = torch.ones(12, dtype=torch.bool)
    others[some] = False
    assert torch.equal(whole.adversarial[others], images[others])


def test_on_rows_climbs_the_goal_that_it_is_given(case) -> None:
    model, images, goal = case
    targets = Target((goal.labels + 1) % 5)
    every = torch.arange(12)

    def aimed(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        return (yield from on_rows(pgd, every, images, targets, threat, draws=draws))

    ours = list(stream(model, images, goal, THREAT, aimed, retire="never"))[1].images
    theirs = list(stream(model, images, targets, THREAT, pgd, retire="never"))[1].images
    assert torch.allclose(ours, theirs)
    finals = [
        list(stream(model, images, wish, THREAT, each, retire="never"))[-1].images
        for wish, each in ((goal, aimed), (targets, pgd))
    ]
    assert torch.allclose(*finals, rtol=0, atol=1e-9)


def test_a_cascade_shows_each_attack_only_the_survivors(case) -> None:
    model, images, goal = case
    met: list[int] = []

    def spy(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        met.append(len(images))
        return (yield from pgd(images, goal, threat, steps=4, draws=draws))

    def all_of_them(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        few = partial(square, steps=10)
        return (yield from cascade([noise, spy, few, spy], images, goal, threat, draws=draws))

    eps = torch.linspace(0.0, 0.3, 12, dtype=torch.float64)
    result = attack(model, images, goal, Linf(eps), all_of_them)
    first = attack(model, images, goal, Linf(eps), noise)
    survivors = int((~result.success).sum())
    assert met[0] <= 12 - int(first.success.sum()) + 2
    assert met[0] >= met[1] >= survivors
    assert 0 < survivors < 12
    never = attack(model, images, goal, Linf(eps), all_of_them, retire="never")
    assert torch.equal(never.success, result.success)


def test_a_cascade_says_who_fooled_whom(case) -> None:
    """Each part fools the rows that it alone can: those of the smallest radius are left."""
    model, images, goal = case
    parts = [noise, Stage(partial(pgd, steps=20), name="strong")]

    def both(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        return (yield from cascade(parts, images, goal, threat, draws=draws))

    eps = torch.linspace(0.0, 0.3, 12, dtype=torch.float64)
    labels = goal.labels.clone()
    labels[3] = (labels[3] + 1) % 4  # wrong to begin with
    wish = Misclassify(labels)
    result = attack(model, images, wish, Linf(eps), both)

    def first(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        return (yield from noise(images, goal, threat, draws=draws.child(0)))

    by_noise = attack(model, images, wish, Linf(eps), first).success
    assert result.by[3] == "clean"
    for row, name in enumerate(result.by):
        if row != 3 and result.success[row]:
            assert name == ("noise" if by_noise[row] else "strong")
    assert {"clean", "noise", "strong"} >= result.fooled().keys() >= {"clean", "strong"}


def test_a_stage_may_climb_towards_something_else(case) -> None:
    """What counts as a success stays what the cascade is after."""
    model, images, goal = case
    wanted = Target((goal.labels + 1) % 4)

    def two(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        wish = wanted.take(torch.arange(len(images)))
        stages = [Stage(partial(pgd, steps=3), wish, "towards"), partial(pgd, steps=20)]
        return (yield from cascade(stages, images, goal, threat, draws=draws))

    seen = list(stream(model, images, goal, THREAT, two, retire="never"))
    alone = list(stream(model, images, wanted, THREAT, partial(pgd, steps=3), retire="never"))
    assert seen[-1].result.by.count("towards") > 0
    assert len(seen) > len(alone)
    assert torch.equal(seen[-1].result.success, model(seen[-1].best).argmax(1) != goal.labels)


def test_a_cascade_ends_when_nothing_survives(case) -> None:
    model, images, goal = case

    def twice(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        strong = partial(pgd, steps=20)
        return (yield from cascade([strong, forbidden], images, goal, threat, draws=draws))

    assert attack(model, images, goal, Linf(1.0), twice, retire="never").success.all()


def forbidden(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
    raise AssertionError("nothing is left for this one")
    yield


def test_together_asks_in_one_pass_and_changes_nothing(case) -> None:
    model, images, goal = case
    passes: list[int] = []

    def counted(shown: Any) -> Any:
        passes.append(len(shown))
        return model(shown)

    def one(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        return (yield from pgd(images, goal, threat, steps=3, draws=draws.child(0)))

    def both(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        talks = [
            pgd(images, goal, threat, steps=3, draws=draws.child(0)),
            climbing(images, goal, threat, draws=draws.child(1)),
        ]
        both.found = yield from together(talks)
        return both.found[0]

    tiny = Linf(1e-4)
    result = attack(counted, images, goal, tiny, both, retire="never", batch_size=100)
    single = attack(model, images, goal, tiny, one, retire="never")
    # Two probes for company, the look, then pgd beside climbing: 12 + 24 and 12 + 12 in turn …
    assert passes[:6] == [2, 1, 12, 36, 12, 12]
    assert len(passes) == 2 + 1 + 1 + 2 + 1 + 5 + 1
    assert result.backwards.tolist() == [3 + 8] * 12
    last = list(stream(model, images, goal, tiny, one, retire="never"))[-1].images
    assert torch.allclose(both.found[0], last, rtol=0, atol=1e-9)
    assert single.success.sum() == 0


def test_combinators_nest_in_twenty_lines(case) -> None:
    """An ensemble: PGD from several starts and, beside each other, towards every other class."""
    model, images, goal = case

    def towards_each(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        rows = torch.arange(len(images))
        talks = [
            on_rows(
                partial(pgd, steps=10),
                rows,
                images,
                Target((goal.labels + shift) % 5),
                threat,
                draws=draws.child(shift),
            )
            for shift in range(1, 5)
        ]
        found = yield from together(talks)
        yield tuple(Decision(points) for points in found)
        return found[-1]

    def ensemble(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        plain = partial(pgd, steps=10, restarts=2)
        return (
            yield from cascade(
                [plain, towards_each, partial(square, steps=50)], images, goal, threat, draws=draws
            )
        )

    for threat in (Linf(0.02), L2(0.15)):
        plain = attack(model, images, goal, threat, pgd, steps=10, restarts=2)
        full = attack(model, images, goal, threat, ensemble)
        assert full.success.sum() >= plain.success.sum()
        with torch.no_grad():
            assert torch.equal(model(full.adversarial).argmax(1) != goal.labels, full.success)
        counts = (full.queries[~full.success], full.backwards[~full.success])
        assert all(len(count.unique()) <= 1 for count in counts)


def test_access_is_enforced_through_combinators(case) -> None:
    def cheat(images: Any, goal: Any, threat: Any, *, draws: Any) -> ScoreBased:
        return (yield from cascade([noise, pgd], images, goal, threat, draws=draws))

    model, images, goal = case
    with pytest.raises(AccessError):
        attack(model, images, goal, Linf(1e-6), cheat)


def test_the_type_checker_enforces_access_too(tmp_path) -> None:
    code = tmp_path / "cheats.py"
    code.write_text(
        "from robustlib.attacks._base import restarts\n"
        "from robustlib.attacks.noise import noise\n"
        "from robustlib.attacks.pgd import pgd\n"
        "from robustlib.draws import Draws\n"
        "from robustlib.goals import Goal\n"
        "from robustlib.questions import DecisionBased, Gradient\n"
        "from robustlib.threats import ThreatModel\n"
        "from torch import Tensor\n"
        "def fair(x: Tensor, goal: Goal, threat: ThreatModel, *, draws: Draws) -> DecisionBased:\n"
        "    return (yield from restarts(noise, x, goal, threat, times=2, draws=draws))\n"
        "def asks(x: Tensor, goal: Goal, threat: ThreatModel, *, draws: Draws) -> DecisionBased:\n"
        "    answer = yield from Gradient(x)\n"
        "    return answer.gradient\n"
        "def wraps(x: Tensor, goal: Goal, threat: ThreatModel, *, draws: Draws) -> DecisionBased:\n"
        "    return (yield from restarts(pgd, x, goal, threat, times=2, draws=draws))\n"
    )
    report, faults, status = api.run(["--strict", "--no-error-summary", str(code)])
    errors = [line for line in report.splitlines() if f"{code.name}:" in line and "error" in line]
    lines = [int(line.split(":")[1]) for line in errors]
    assert (lines, faults, status) == ([12, 15], "", 1), report


def test_a_bounded_threat_has_a_radius() -> None:
    assert bounded(THREAT) is THREAT
    with pytest.raises(ThreatError):
        bounded(L2(torch.tensor([1.0, torch.inf])))
