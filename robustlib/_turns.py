"""A conversation waits for a model: what it wants shown, and who shows it at once."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from torch import Tensor

from robustlib._passes import Passes, Places, Request
from robustlib.goals import Goal
from robustlib.types import Objective, Outputs

T = TypeVar("T")
_OVER = object()


@dataclass(frozen=True, eq=False)
class Climb:
    """What is differentiated for some inputs, `of(outputs, rows)`; the goal, if it is its loss."""

    of: Objective
    rows: Tensor
    goal: Goal | None = None

    def __call__(self, outputs: Outputs, part: Places) -> Tensor:
        return self.of(outputs, self.rows[part])


@dataclass(frozen=True, eq=False)
class Showing:
    """What a conversation waits for: it goes on when it is sent what was seen of each request.

    Args:
        passes: The passes of its own that would show them.
        requests: What is to be shown; all of them with a loss, or none.
        alone: Nothing else may stand in the same pass.
    """

    passes: Passes
    requests: Sequence[Request]
    alone: bool = False

    def __len__(self) -> int:
        return sum(map(len, self.requests))


Turns: TypeAlias = Generator[Showing | T, Any, None]
"""Wants this and that shown, and hands something over in between."""


def at_once(turns: Turns[T]) -> Generator[T, None, None]:
    """What is handed over in between; all that is to be shown is shown by the passes it names."""
    heard = None
    try:
        while (turn := _sent(turns, heard)) is not _OVER:
            heard = None
            if isinstance(turn, Showing):
                heard = turn.passes.show(turn.requests)
            else:
                yield turn
    finally:
        turns.close()


def handing(turns: Turns[None], made: Callable[[], T | None]) -> Turns[T]:
    """The same turns; in between something made there and then is handed over, if it is any."""
    heard = None
    try:
        while (turn := _sent(turns, heard)) is not _OVER:
            heard = None
            if isinstance(turn, Showing):
                heard = yield turn
            elif (item := made()) is not None:
                yield item
    finally:
        turns.close()


def _sent(turns: Turns[Any], heard: object) -> Any:
    """The next turn. Only the end of the turns is taken for it, not that of what a model does."""
    try:
        return turns.send(heard)
    except StopIteration:
        return _OVER
