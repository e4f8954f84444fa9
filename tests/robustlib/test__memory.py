"""What a closed row hears again: the last answer of the kind asked, and never zeros."""

from typing import Any

import torch

from robustlib._memory import Memory
from robustlib._passes import Seen
from robustlib.engine import attack
from robustlib.questions import Gradient, Scores, WhiteBox
from tests.robustlib._slope import BALL, Slope, low


def gradient_late(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
    """Retires the second row by its scores, then asks for gradients it has never heard."""
    points = images + torch.tensor([[0.0], [0.2]], dtype=images.dtype)
    yield from Scores(points)
    for _ in range(3):
        gradient_late.heard.append((yield from Gradient(points)))
    return points


def test_a_retired_row_without_an_answer_of_the_kind_is_shown_once() -> None:
    gradient_late.heard, model = [], Slope()
    images, goal = low(0.1, 0.4)
    result = attack(model, images, goal, BALL, gradient_late)
    assert result.queries.tolist() == [5, 3]
    assert result.backwards.tolist() == [3, 1]
    answers = [answer.gradient[1].item() for answer in gradient_late.heard]
    assert answers[0] != 0
    assert answers == [answers[0]] * 3


def seen(*numbers: float, losses: int = 0) -> Seen:
    """Outputs of one number a row; gradients of so many losses [n, k, 1], or none."""
    outputs = torch.tensor(numbers)[:, None]
    if not losses:
        return Seen(outputs)
    slope = outputs[:, :, None].expand(-1, losses, 1)
    return Seen(outputs, outputs.expand(-1, losses), slope)


def several(outputs: Any, rows: Any) -> Any:
    return outputs.expand(-1, 2)


ROWS, OPEN = torch.tensor([0, 2]), torch.tensor([False, False])


def test_the_latest_answer_of_an_open_row_is_kept() -> None:
    memory = Memory(3, torch.device("cpu"))
    memory.keep(ROWS, seen(0.1, 0.2), OPEN)
    memory.keep(ROWS[1:], seen(0.3), OPEN[1:])
    assert memory.knows_outputs(torch.arange(3)).tolist() == [True, False, True]
    recalled = memory.recall(torch.tensor([2, 2, 0]), None, torch.Size([1]))
    assert torch.equal(recalled.outputs, torch.tensor([[0.3], [0.3], [0.1]]))
    assert recalled.gradient is None


def test_outputs_of_a_retired_row_go_on_saying_that_it_has_reached_its_goal() -> None:
    """They are those of its success, though a gradient elsewhere was asked for later."""
    memory = Memory(3, torch.device("cpu"))
    memory.keep(ROWS, seen(0.1, 0.2), OPEN)
    memory.keep(ROWS, seen(0.8, 0.9, losses=2), torch.tensor([False, True]))
    recalled = memory.recall(ROWS, several, torch.Size([1]))
    assert torch.equal(recalled.outputs, torch.tensor([[0.8], [0.2]]))
    assert recalled.gradient is not None
    assert torch.equal(recalled.gradient[:, 1], torch.tensor([[0.8], [0.9]]))


def test_a_gradient_of_one_loss_is_no_answer_to_a_question_for_two() -> None:
    memory, one = Memory(3, torch.device("cpu")), lambda outputs, rows: outputs[:, 0]
    assert memory.knows_gradient(several, ROWS).tolist() == [False, False]
    memory.keep(ROWS[:1], seen(0.1, losses=2), OPEN[:1])
    assert memory.knows_gradient(several, ROWS).tolist() == [True, False]
    assert memory.knows_gradient(one, ROWS).tolist() == [False, False]
