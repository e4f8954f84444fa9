"""What a conversation waits for, shown at once; only its own end is taken for its end."""

from collections.abc import Generator
from typing import Any

import pytest
import torch

from robustlib._passes import Passes, Request
from robustlib._turns import Climb, Showing, at_once, handing
from robustlib.goals import Misclassify
from tests.robustlib._slope import Slope


def talk(model: Any, heard: list[Any]) -> Generator[Any, Any, None]:
    passes = Passes(model)
    for number in (0.25, 0.75):
        seen = yield Showing(passes, [Request((torch.tensor([[number]]),))])
        heard.append(seen[0].outputs.tolist())
        yield None


def test_what_is_asked_is_shown_at_once_and_what_is_made_is_handed_over() -> None:
    heard: list[Any] = []
    made = iter("ab")
    items = list(at_once(handing(talk(Slope(), heard), lambda: next(made))))
    assert items == ["a", "b"]
    assert heard == [[[0.25, -0.25]], [[-0.25, 0.25]]]


def test_what_is_nothing_is_not_handed_over() -> None:
    heard: list[Any] = []
    assert list(at_once(handing(talk(Slope(), heard), lambda: None))) == []
    assert len(heard) == 2


def test_a_model_that_ends_an_iteration_does_not_end_a_conversation() -> None:
    """StopIteration of the model's own would pass for the last answer."""

    def model(_: torch.Tensor) -> torch.Tensor:
        raise StopIteration

    with pytest.raises(RuntimeError, match="StopIteration"):
        list(at_once(handing(talk(model, []), lambda: None)))


def test_closing_closes_the_conversation() -> None:
    closed = []

    def open_ended() -> Generator[Any, Any, None]:
        try:
            while True:
                yield None
        finally:
            closed.append(True)

    items = at_once(handing(open_ended(), lambda: 1))
    assert next(items) == 1
    items.close()
    assert closed == [True]


def test_a_showing_counts_its_inputs_and_a_climb_its_rows() -> None:
    images = torch.zeros(3, 1)
    showing = Showing(Passes(Slope()), [Request((images,)), Request((images[:1],))])
    assert len(showing) == 4
    goal = Misclassify(torch.tensor([0, 1, 0]))
    climb = Climb(goal.loss, torch.tensor([2, 1]), goal)
    logits = torch.tensor([[0.0, 1.0], [3.0, 0.0]])
    assert torch.equal(climb(logits[1:], slice(1, 2)), goal.loss(logits[1:], torch.tensor([1])))
