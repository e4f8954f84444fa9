"""Several conversations before one model: what they ask is shown together, their faults are not."""

import dataclasses
import itertools
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import torch
from torch import Tensor

from robustlib import doubts
from robustlib._border import Border
from robustlib._passes import Passes, Places, Request, Seen, united
from robustlib._turns import Climb, Showing
from robustlib.types import Classifier, Outputs

_FEW = 4
"""One in so many inputs may have a slope found that nobody asked for, to be spared another pass."""

Found: TypeAlias = list[Seen] | Exception
"""What was seen of some requests, or why it was not."""


@dataclass(eq=False)
class Asked:
    """What a conversation wants shown, and how much of it has been."""

    showing: Showing
    shown: int = 0
    seen: list[list[Seen]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Nothing has been seen of any request."""
        self.seen = [[] for _ in self.showing.requests]

    @property
    def left(self) -> int:
        """Inputs that have not been shown."""
        return len(self.showing) - self.shown

    def next(self, count: int) -> list[tuple[int, Request]]:
        """The next so many inputs: requests, or what is cut from them, and which they belong to."""
        low, high, start = self.shown, self.shown + count, 0
        found = []
        for number, request in enumerate(self.showing.requests):
            stop = start + len(request)
            if start < high and low < stop:
                inside = slice(max(low, start) - start, min(high, stop) - start)
                found.append((number, cut(request, inside)))
            start = stop
        return found

    def hear(self, numbers: Sequence[int], seen: Sequence[Seen]) -> None:
        """Takes note of what was seen of the next inputs."""
        for number, one in zip(numbers, seen, strict=True):
            self.seen[number].append(one)
            self.shown += len(one.outputs)

    def answer(self) -> list[Seen]:
        """What was seen of each request, once nothing is left."""
        return [united(parts) for parts in self.seen]


class Room:
    """One model, and what must be known of it before strangers are shown to it together.

    Args:
        model: The model.
        device: Where it is.
    """

    def __init__(self, model: Classifier, device: torch.device) -> None:
        self.model, self.device = model, device
        self._passes: dict[Hashable, Passes] = {}
        self._mixes: bool | None = None  # not known yet

    @cached_property
    def border(self) -> Border:
        """Within it strangers are shown together; made when the first are.

        The process has its random states for itself: no model is in here that draws, nor may an
        attack, but from its `draws`.
        """
        return Border([self.model], self.device, None)

    def lane(self, showing: Showing, job: Hashable) -> Hashable:
        """What is equal for two jobs whose inputs may stand in one pass."""
        alone = showing.alone or self._mixes is False or showing.passes.size == 1
        return self._kind(showing), job if alone else None

    def passes(self, showing: Showing) -> Passes:
        """The passes of a lane: those of whoever was the first there."""
        if showing.passes.size == 1:  # its rows are not independent
            return showing.passes
        return self._passes.setdefault(self._kind(showing), showing.passes)

    def mixes(self, inputs: tuple[Tensor, ...]) -> bool:
        """Whether the model answers an input by that alone, so that strangers may stand beside it.

        It is shown four inputs for it, once. One that fails at them fails each job alone.
        """
        if self._mixes is None:
            try:
                with Border([self.model], self.device, 0):
                    self._mixes = self._alike(tuple(array[:1] for array in inputs))
            except Exception:
                self._mixes = False
        return self._mixes

    def _alike(self, first: tuple[Tensor, ...]) -> bool:
        alone, again = self._probe(first), self._probe(first)
        pair = self._probe(tuple(torch.cat([array, 1 - array]) for array in first))
        return doubts.alike(alone, again) and doubts.alike(alone, pair[:1])

    def _probe(self, inputs: tuple[Tensor, ...]) -> Outputs:
        return Passes(self.model).show([Request(inputs)])[0].outputs

    @staticmethod
    def _kind(showing: Showing) -> Hashable:
        inputs = showing.requests[0].inputs
        shapes = tuple((array.shape[1:], array.dtype, array.device) for array in inputs)
        return showing.passes.kind, shapes


def show(passes: Passes, parts: Sequence[Sequence[Request]]) -> list[Found]:
    """Shows all parts together; if that fails, each by itself, so that it fails by itself.

    Args:
        passes: Of the lane.
        parts: The requests of each conversation.

    Returns:
        For each part what was seen of it, or why it was not.
    """
    try:
        return _together(passes, parts)
    except Exception as error:
        return [error] if len(parts) == 1 else [show(passes, [part])[0] for part in parts]


def _together(passes: Passes, parts: Sequence[Sequence[Request]]) -> list[Found]:
    requests = [request for part in parts for request in part]
    graded = [number for number, one in enumerate(requests) if one.loss is not None]
    plain = [number for number, one in enumerate(requests) if one.loss is None]
    few = sum(len(requests[n]) for n in plain) * _FEW <= sum(len(requests[n]) for n in graded)
    seen: dict[int, Seen] = {}
    for numbers in [graded + plain] if few and not passes.exact else [graded, plain]:
        found = _climbed(passes, [requests[number] for number in numbers]) if numbers else []
        seen |= zip(numbers, found, strict=True)
    answers = (seen[number] for number in range(len(requests)))
    return [[next(answers) for _ in part] for part in parts]


def _climbed(passes: Passes, requests: list[Request]) -> list[Seen]:
    """What is seen of requests, those with a loss first, which is one loss where one will do."""
    graded = [request for request in requests if request.loss is not None]
    whole = None if passes.exact else merged(graded)
    if whole is None:
        return passes.show(requests)
    first, *others = passes.show([whole, *requests[len(graded) :]])
    return [*split(first, list(map(len, graded))), *others]


def merged(requests: Sequence[Request]) -> Request | None:
    """One request for all, where one loss does for all: a loss costs as much for 32 as for one."""
    climbs = [one.loss for one in requests if isinstance(one.loss, Climb)]
    goals = [one.goal for one in climbs if one.goal is not None]
    if len(requests) < 2 or len(goals) < len(requests):
        return None
    goal = (
        goals[0]
        .take(climbs[0].rows)
        .beside([goal.take(climb.rows) for goal, climb in zip(goals[1:], climbs[1:], strict=True)])
    )
    if goal is None:
        return None
    arrays = zip(*(request.inputs for request in requests), strict=True)
    inputs = tuple(torch.cat(one) for one in arrays)
    return Request(inputs, Climb(goal.loss, torch.arange(len(inputs[0]), device=inputs[0].device)))


def split(seen: Seen, counts: list[int]) -> list[Seen]:
    """What was seen of one request, as of its pieces of so many inputs."""
    ends = itertools.accumulate(counts)
    return [seen.take(slice(stop - count, stop)) for count, stop in zip(counts, ends, strict=True)]


def cut(request: Request, where: slice) -> Request:
    """Some of a request's inputs, as a request."""
    if where == slice(0, len(request)):
        return request
    inputs, loss, low = tuple(array[where] for array in request.inputs), request.loss, where.start
    if loss is None:
        return Request(inputs)
    if isinstance(loss, Climb):  # which is still one with others'
        return Request(inputs, dataclasses.replace(loss, rows=loss.rows[where]))

    def of_some(outputs: Outputs, part: Places) -> Tensor:
        places = slice(part.start + low, part.stop + low) if isinstance(part, slice) else part + low
        return loss(outputs, places)

    return Request(inputs, of_some)
