"""Who is shown, who hears an old answer again, and who may ask what."""

from functools import partial
from typing import Any

import pytest
import torch

from robustlib.attacks.pgd import pgd
from robustlib.engine import Surrogate, attack
from robustlib.errors import AccessError, InputError, ModelError
from robustlib.goals import Misclassify
from robustlib.questions import (
    Access,
    Decision,
    DecisionBased,
    Gradient,
    ScoreBased,
    Scores,
    Transfer,
    WhiteBox,
)
from robustlib.threats import Linf
from tests.robustlib._slope import BALL, Slope, low, probing, stairs


def test_a_row_that_has_reached_its_goal_is_not_shown_again() -> None:
    model = Slope()
    images, goal = low(0.25, 0.45, 0.75)
    result = attack(model, images, goal, BALL, stairs)
    looks = model.shown[2:]  # after the two passes that look for company
    assert looks == [[0.25, 0.45, 0.75], [0.35, 0.55], [0.45], [0.55]]
    assert result.queries.tolist() == [4, 2, 1]
    assert result.stopped == "reached"
    assert result.adversarial[:, 0].tolist() == pytest.approx([0.55, 0.55, 0.75])


def test_a_retired_row_hears_its_last_answer_again() -> None:
    heard: list[Any] = []
    images, goal = low(0.15, 0.45)
    attack(Slope(), images, goal, BALL, stairs, hear=heard.append)
    first, *rest = (answer.outputs[1] for answer in heard)
    assert len(rest) == 2
    assert first[1] == pytest.approx(0.05)
    assert all(torch.equal(first, later) for later in rest)
    assert all(answer.reached[1] for answer in heard)


def test_never_shows_every_row_to_the_end() -> None:
    images, goal = low(0.25, 0.45, 0.55)
    result = attack(Slope(), images, goal, BALL, stairs, retire="never")
    assert result.queries.tolist() == [5, 5, 5]
    assert result.stopped == "done"
    assert result.adversarial[0, 0].item() == pytest.approx(0.65)  # not the first success: the best


def onto_the_edge(images, goal, threat, *, draws) -> DecisionBased:
    """Beyond 0.5 by a tenth, by what rounding makes, and by a thousandth."""
    told = []
    for beyond in (0.1, 2**-23, 0.001):
        answer = yield from Decision(torch.full_like(images, 0.5 + beyond))
        told.append(answer.reached.item())
    assert told == ([True, True, True] if threat.eps < 1 else [True, False, True])
    return images


@pytest.mark.parametrize(("eps", "distance"), [(0.5, 0.1), (torch.inf, 0.001)])
def test_the_smallest_change_is_one_that_no_other_batch_rounds_away(eps, distance) -> None:
    model = lambda images: torch.cat([torch.ones_like(images), images + 0.5], dim=1)  # noqa: E731
    images, goal = torch.tensor([[0.5]]), Misclassify(torch.tensor([0]))
    run = partial(attack, model, images, goal, Linf(eps), onto_the_edge, retire="never")
    assert run().distance.item() == pytest.approx(distance, rel=1e-3)
    beyond = Misclassify(torch.tensor([1]))  # wrong as it is, if by nothing: it stays so
    assert attack(model, images, beyond, Linf(eps), onto_the_edge).distance.item() == 0


def test_probes_never_count_as_a_success_and_repeat_for_retired_rows() -> None:
    heard: list[Any] = []
    images, goal = low(0.2, 0.45)
    result = attack(Slope(), images, goal, BALL, probing, hear=heard.append)
    assert result.success.tolist() == [False, True]
    assert result.queries.tolist() == [1 + 1 + 6 + 1, 2]
    for answer in heard:
        assert answer.outputs.shape == (6, 2)
        assert answer.reached.tolist() == [True] * 6  # the first row's probes are beyond 0.5
        assert torch.equal(answer.outputs[3:], answer.outputs[3:4].expand(3, 2))
    assert result.distance[0] == pytest.approx(0.1)


def test_a_tuple_is_answered_in_one_pass_each_with_its_own_objective() -> None:
    def both(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        up = Gradient(images, of=lambda outputs, rows: 3 * outputs[:, 1])
        two = Gradient(images[:1], torch.tensor([1]), of=lambda outputs, rows: outputs * 5)
        both.heard = yield up, two
        return images

    model = Slope()
    images, goal = low(0.1, 0.2)
    result = attack(model, images, goal, BALL, both, retire="never")
    first, second = both.heard
    assert first.gradient.tolist() == [[3.0], [3.0]]
    assert second.gradient.tolist() == [[[-5.0], [5.0]]]
    assert second.loss.shape == (1, 2)
    assert model.shown[3] == [0.1, 0.2, 0.1]
    assert result.backwards.tolist() == [1, 3]


@pytest.mark.parametrize("question", [Gradient, Scores])
def test_a_decision_based_attack_may_not_ask_for_more(question) -> None:
    def cheat(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        yield from question(images)
        return images

    with pytest.raises(AccessError, match=f"{question.__name__}.*needs .* access"):
        attack(Slope(), *low(0.1), BALL, cheat)


def test_a_decision_based_attack_needs_only_labels() -> None:
    def blind(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        for _ in range(6):
            images = images + 0.1
            answer = yield from Decision(images)
            blind.labels = answer.labels
        return images

    images, goal = low(0.1, 0.45)
    result = attack(lambda shown: Slope()(shown).argmax(1), images, goal, Linf(0.9), blind)
    assert result.success.all()
    assert result.queries.tolist() == [6, 2]
    assert blind.labels.tolist() == [0, 1]  # of the last answer that it heard
    with pytest.raises(ModelError, match="pgd needs scores"):
        attack(lambda shown: Slope()(shown).argmax(1), images, goal, BALL, pgd)


def transfer(images: Any, goal: Any, threat: Any, *, whom: str = "own", draws: Any) -> Transfer:
    answer = yield from Gradient(images, model=whom)
    return threat.project(images + threat.eps * answer.gradient.sign(), images)


def test_surrogates_have_their_own_access_and_cost_the_victim_nothing() -> None:
    images, goal = low(0.2, 0.3)
    result = attack(Slope(), images, goal, BALL, transfer, surrogates={"own": Slope()})
    assert result.success.all()
    assert result.queries.tolist() == [2, 2]
    assert result.forwards.tolist() == [3, 3]
    assert result.backwards.tolist() == [1, 1]
    with pytest.raises(AccessError, match="victim needs white-box access"):
        attack(Slope(), images, goal, BALL, transfer, whom="victim")
    closed = {"own": Surrogate(Slope(), Access.SCORE)}
    with pytest.raises(AccessError, match="own needs white-box access; this attack has score"):
        attack(Slope(), images, goal, BALL, transfer, surrogates=closed)
    with pytest.raises(InputError, match="no model 'stranger'"):
        attack(Slope(), images, goal, BALL, transfer, whom="stranger")


def test_a_surrogate_answers_rows_whose_budget_is_spent_once_and_repeats_it() -> None:
    heard: list[Any] = []

    def spending(images: Any, goal: Any, threat: Any, *, draws: Any) -> Transfer:
        first, twice = torch.tensor([0]), torch.tensor([0, 0, 1, 1])
        for _ in range(2):
            yield from Decision(images[first], first)
            shown = images[twice] + 0.01 * torch.arange(4)[:, None]
            answer = yield from Gradient(shown, twice, candidate=False, model="own")
            heard.append(answer)
        return images

    images, goal = low(0.2, 0.3)
    own = Slope()
    attack(Slope(), images, goal, BALL, spending, surrogates={"own": own}, budget=2)
    assert [len(shown) for shown in own.shown] == [3, 2]  # of the first row the last of two, once
    assert torch.equal(heard[0].gradient[0], heard[0].gradient[1])
    assert torch.equal(heard[0].outputs[:2], heard[1].outputs[:2])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (lambda images: "a string", "yields questions"),
        (lambda images: Scores(images[:1]), "say with `rows`"),
        (lambda images: Scores(images, torch.tensor([0])), "say with `rows`"),
    ],
)
def test_what_is_no_question_is_refused(asked, message) -> None:
    def odd(images: Any, goal: Any, threat: Any, *, draws: Any) -> ScoreBased:
        yield asked(images)
        return images

    with pytest.raises(InputError, match=message):
        attack(Slope(), *low(0.1, 0.2), BALL, odd)


def test_a_surrogate_of_fewer_classes_is_refused_by_name() -> None:
    model, images = Slope(), low(0.25)[0]
    victim = lambda images: torch.cat([model(images), images + 2], dim=1)  # noqa: E731
    goal = Misclassify(torch.tensor([2]))
    with pytest.raises(InputError, match=r"0 … 1 for this model; 2 … 2 came \(the small\)"):
        attack(victim, images, goal, BALL, transfer, whom="small", surrogates={"small": model})
