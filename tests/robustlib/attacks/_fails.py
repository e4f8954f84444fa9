"""What fails at its n-th call: a model, a goal, an attack."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from robustlib.goals import Misclassify
from tests.robustlib.attacks._victims import Careless


class PlantedError(Exception):
    """No error of the library's, and none of torch's."""


class Failing(Careless):
    """Leaves traces behind, and fails at a call; None: at none."""

    def __init__(self, model: nn.Module, call: int | None) -> None:
        super().__init__(model)
        self.left = call
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        answer = super().forward(images)
        if self.left is not None:
            self.left -= 1
            if not self.left:
                raise PlantedError
        return answer


@dataclass(frozen=True, eq=False)
class FailingGoal(Misclassify):
    """Its losses and verdicts end with a failure; `left` is shared by its parts."""

    left: list[int] = field(default_factory=list, kw_only=True)

    def _count(self) -> None:
        self.left[0] -= 1
        if not self.left[0]:
            raise PlantedError

    def loss(self, outputs: Tensor, rows: Tensor) -> Tensor:
        self._count()
        return super().loss(outputs, rows)

    def reached(self, outputs: Tensor, rows: Tensor) -> Tensor:
        self._count()
        return super().reached(outputs, rows)


def failing(attack: Callable[..., Any], call: int) -> Callable[..., Any]:
    """The attack, which fails itself after so many answers."""

    @functools.wraps(attack)
    def broken(*arguments: Any, **options: Any) -> Any:
        talk, heard = attack(*arguments, **options), None
        for _ in range(call):
            try:
                asked = talk.send(heard)
            except StopIteration as end:
                return end.value
            heard = yield asked
        raise PlantedError

    return broken
