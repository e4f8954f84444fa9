"""A conversation held by hand, so that a test sees every question of it."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from robustlib.goals import Goal
from robustlib.questions import Conversation, Question, ScoresAnswer


def held(
    conversation: Conversation, model: Callable[[Tensor], Tensor], goal: Goal
) -> tuple[list[tuple[Question[Any], ...]], Tensor]:
    """All that a score-based attack asks, bundle after bundle, and what it returns."""
    bundles: list[tuple[Question[Any], ...]] = []
    answer: Any = None
    while True:
        try:
            asked = conversation.send(answer)
        except StopIteration as end:
            return bundles, end.value
        bundle = asked if isinstance(asked, tuple) else (asked,)
        bundles.append(bundle)
        answers = tuple(_answer(question, model, goal) for question in bundle)
        answer = answers if isinstance(asked, tuple) else answers[0]


def _answer(question: Question[Any], model: Callable[[Tensor], Tensor], goal: Goal) -> ScoresAnswer:
    points = question.inputs
    assert isinstance(points, Tensor)
    rows = torch.arange(len(points)) if question.rows is None else question.rows
    with torch.no_grad():
        outputs = model(points)
    return ScoresAnswer(outputs, goal.reached(outputs, rows))
