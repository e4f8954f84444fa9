"""What is written down is what was asked: of one row alone, of labels, and of slopes."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks import attacks
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.questions import Access, access_of
from tests.robustlib.attacks._labels import Labels
from tests.robustlib.attacks._quick import short
from tests.robustlib.attacks._victims import Counted
from tests.robustlib.attacks.test_contract import EVERY, ROOM

DECIDING = [each for each in ROOM if access_of(attacks[each[0]]) is Access.DECISION]
SEEING = [each for each in ROOM if access_of(attacks[each[0]]) is Access.SCORE]


class _Mark(torch.autograd.Function):
    """Nothing on the way up; on the way down it counts the rows that a slope is asked of."""

    @staticmethod
    def forward(context: Any, images: Tensor, victim: "Sloped") -> Tensor:
        context.victim = victim
        return images.view_as(images)

    @staticmethod
    def backward(context: Any, slope: Tensor) -> tuple[Tensor, None]:
        # of several questions in one pass each has its own number of slopes: the others are zero
        context.victim.backwards += int((slope != 0).flatten(1).any(dim=1).sum())
        return slope, None


class Sloped(Counted):
    """Counts the rows of each backward pass too."""

    backwards = 0

    def forward(self, images: Tensor) -> Tensor:
        return super().forward(_Mark.apply(images, self))


class Opaque(Counted):
    """Says scores; whoever asks for a slope raises."""

    def forward(self, images: Tensor) -> Tensor:
        if images.requires_grad or torch.is_grad_enabled():
            raise RuntimeError("a gradient was asked of a model that says only scores")
        return super().forward(images)


def victims(name: str, model: nn.Module) -> tuple[dict[str, Any], list[nn.Module]]:
    """Quick options of an attack, and the surrogates among them, which count for themselves."""
    terms = short(name)
    others = {key: Sloped(each) for key, each in terms.get("surrogates", {}).items()}
    return terms | ({"surrogates": others} if others else {}), [model, *others.values()]


@EVERY
def test_each_row_alone_has_the_account_of_a_counter(name, threat, net, pictures) -> None:
    """Per row: in company each costs the same, which the contract asks; alone nobody else does."""
    images, model = pictures(1), Sloped(net())
    terms, asked = victims(name, model)
    result = attack(
        model, images, Misclassify(net()(images).argmax(1)), threat, attacks[name], **terms
    )
    assert result.queries.tolist() == [model.inputs - result.probes]
    assert result.forwards.tolist() == [sum(each.inputs for each in asked) - result.probes]
    assert result.backwards.tolist() == [sum(each.backwards for each in asked)]


@EVERY
def test_all_slopes_of_a_batch_are_in_the_account(name, threat, net, pictures) -> None:
    images, model = pictures(7), Sloped(net())
    terms, asked = victims(name, model)
    result = attack(
        model, images, Misclassify(net()(images).argmax(1)), threat, attacks[name], **terms
    )
    assert int(result.backwards.sum()) == sum(each.backwards for each in asked)


@pytest.mark.parametrize(("name", "threat"), DECIDING, ids=str)
def test_a_label_is_enough_for_whoever_decides_by_labels(name, threat, net, pictures) -> None:
    images, model = pictures(6), net()
    goal, victim = Misclassify(model(images).argmax(1)), Labels(net())
    terms = short(name)
    result = attack(victim, images, goal, threat, attacks[name], **terms)
    assert int(result.queries.sum()) + result.probes == victim.asked
    assert "surrogates" in terms or not result.backwards.any()
    plain = attack(model, images, goal, threat, attacks[name], **terms)
    assert torch.equal(result.success, plain.success)  # of two failures scores know the better
    assert torch.equal(result.queries, plain.queries)


@pytest.mark.parametrize(("name", "threat"), DECIDING, ids=str)
@pytest.mark.parametrize("budget", [1, 3])
def test_labels_are_asked_for_to_the_budget_and_no_further(
    name, threat, budget, net, pictures
) -> None:
    images, victim = pictures(6), Labels(net())
    goal = Misclassify(net()(images).argmax(1))
    result = attack(victim, images, goal, threat, attacks[name], budget=budget, **short(name))
    assert result.queries.max() <= budget
    assert int(result.queries.sum()) + result.probes == victim.asked


@pytest.mark.parametrize(("name", "threat"), SEEING, ids=str)
def test_scores_are_enough_for_whoever_sees_scores(name, threat, net, pictures) -> None:
    images, victim = pictures(6), Opaque(net())
    goal = Misclassify(net()(images).argmax(1))
    result = attack(victim, images, goal, threat, attacks[name], **short(name))
    assert int(result.queries.sum()) + result.probes == victim.inputs
    assert not result.backwards.any()
