"""Towards one class after another."""

import pytest
import torch

from robustlib.attacks._towards import Lead, ranked
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.losses import dlr_between

LOGITS = torch.tensor([[5.0, 1.0, 3.0, 2.0], [0.0, 4.0, 2.0, 3.0]])
LABELS, OTHERS, ROWS = torch.tensor([0, 1]), torch.tensor([2, 0]), torch.tensor([0, 1])


def test_every_wrong_class_counts_and_one_is_climbed() -> None:
    goal = Lead(Misclassify(LABELS), OTHERS)
    assert torch.equal(goal.loss(LOGITS, ROWS), dlr_between(LOGITS, LABELS, OTHERS))
    other = torch.tensor([[0.0, 9.0, 0.0, 0.0]])
    assert goal.reached(other, ROWS[:1]).tolist() == [True]
    turned = goal.take(torch.tensor([1, 0]))
    assert torch.equal(turned.loss(LOGITS.flip(0), ROWS), goal.loss(LOGITS, ROWS).flip(0))


def test_of_two_classes_it_is_the_difference() -> None:
    goal = Lead(Misclassify(torch.tensor([0])), torch.tensor([1]))
    assert goal.loss(torch.tensor([[5.0, 2.0]]), ROWS[:1]).tolist() == [-3.0]


def test_classes_that_are_not_there_are_refused() -> None:
    goal = Lead(Misclassify(LABELS), torch.tensor([2, 4]))
    with pytest.raises(InputError, match="classes lie in 0 … 3"):
        goal.check(LOGITS, 2)


@pytest.mark.parametrize(
    ("count", "wanted"), [(0, []), (2, [[2, 3], [3, 2]]), (9, [[2, 3], [3, 2], [1, 0]])]
)
def test_the_highest_scores_come_first_and_the_label_never(count, wanted) -> None:
    class Answer:
        outputs = LOGITS

    talk = ranked(LOGITS, Misclassify(LABELS), count)
    assert next(talk).candidate is False
    with pytest.raises(StopIteration) as end:
        talk.send(Answer())
    assert [each.tolist() for each in end.value.value] == wanted
