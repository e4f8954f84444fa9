"""What an attack may ask, and what it is answered.

An attack is a generator function that yields questions. The three kinds of question are the
attacker's access levels, and the return annotation says which of them an attack needs:

    def my_attack(images, goal, threat, *, draws) -> WhiteBox:
        answer = yield from Gradient(images)
        ...
"""

import functools
import typing
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from torch import Tensor

from robustlib.errors import InputError
from robustlib.types import Objective, Outputs

A = TypeVar("A")
S = TypeVar("S", bound="Question[Any]")


class Access(IntEnum):
    """How much of a model an attacker sees; each level includes those below it."""

    DECISION = 1
    SCORE = 2
    WHITE_BOX = 3

    def __str__(self) -> str:
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, eq=False)
class DecisionAnswer:
    """Whether the goal is reached [m], and the labels [m] that the model named, if it names any."""

    reached: Tensor
    labels: Tensor | None


@dataclass(frozen=True, eq=False)
class ScoresAnswer:
    """All that the model returned, and whether the goal is reached [m]."""

    outputs: Outputs
    reached: Tensor


@dataclass(frozen=True, eq=False)
class GradientAnswer:
    """The gradient [m, ...] of the loss [m], or [m, k, ...] of k losses [m, k], and the scores."""

    gradient: Tensor
    loss: Tensor
    outputs: Outputs
    reached: Tensor


@dataclass(frozen=True, eq=False)
class Question(Generic[A]):
    """Points shown to a model. `answer = yield from question` has the answer's exact type.

    Args:
        inputs: [m, ...], or a tuple where a model takes several.
        rows: The image that each input belongs to [m]; None: one each, in order. With it, one
            image may be probed many times.
        candidate: Whether the inputs may be the result: in the threat model and the box. A
            probe never counts as a success.
        model: "victim", or the name of a surrogate, which has its own access level.
        by: Which part of an attack asks, where it has parts; the result says who fooled whom.
    """

    inputs: Tensor | tuple[Tensor, ...]
    rows: Tensor | None = None
    candidate: bool = True
    model: str = "victim"
    by: str = ""

    needs: ClassVar[Access]

    def __iter__(self: S) -> Generator[S, A, A]:
        return (yield self)


@dataclass(frozen=True, eq=False)
class Decision(Question[DecisionAnswer]):
    """Has it worked? The least that a model tells."""

    needs: ClassVar[Access] = Access.DECISION


@dataclass(frozen=True, eq=False)
class Scores(Question[ScoresAnswer]):
    """What does the model answer?"""

    needs: ClassVar[Access] = Access.SCORE


@dataclass(frozen=True, eq=False)
class Gradient(Question[GradientAnswer]):
    """Which way does `of` grow, with respect to the first input?

    Args:
        of: `of(outputs, rows)` -> [m], or [m, k] for k gradients of one forward pass. It sees
            the outputs of some inputs and the row of each. None: the goal's loss.
    """

    of: Objective | None = None
    needs: ClassVar[Access] = Access.WHITE_BOX


DecisionBased: TypeAlias = Generator[Decision | tuple[Decision, ...], Any, Tensor]
"""Returned by an attack that sees only decisions."""

ScoreBased: TypeAlias = Generator[Scores | Decision | tuple[Scores | Decision, ...], Any, Tensor]
"""Returned by an attack that sees what the model answers."""

WhiteBox: TypeAlias = Generator[
    Gradient | Scores | Decision | tuple[Gradient | Scores | Decision, ...], Any, Tensor
]
"""Returned by an attack that may differentiate the model."""

Transfer: TypeAlias = Generator[Question[Any] | tuple[Question[Any], ...], Any, Tensor]
"""Returned by an attack that differentiates surrogates and sees only decisions of the victim."""

Conversation: TypeAlias = Generator[Any, Any, Tensor]
"""An attack under way, of any access level."""

Attack: TypeAlias = Callable[..., Conversation]
"""attack(images, goal, threat, *, draws, **options), a generator function."""

_LEVELS: dict[Any, Access] = {
    DecisionBased: Access.DECISION,
    ScoreBased: Access.SCORE,
    WhiteBox: Access.WHITE_BOX,
    Transfer: Access.DECISION,
}


def access_of(attack: Attack) -> Access:
    """How much of the victim an attack may see, read from its return annotation.

    Args:
        attack: A generator function, or a `functools.partial` of one.

    Returns:
        The access level.

    Raises:
        InputError: If it is no function, or its annotation is none of the four.

    Examples:
        >>> from robustlib.attacks.square import square
        >>> str(access_of(square))
        'score'
    """
    while isinstance(attack, functools.partial):
        attack = attack.func
    if not callable(attack):
        name = getattr(attack, "__name__", str(attack)).rpartition(".")[2]  # a module's, or itself
        raise InputError(
            f"an attack is a function, not {attack!r}; "
            f"robustlib.attacks.attacks[{name!r}] is one, if it is called so"
        )
    annotation = typing.get_type_hints(attack).get("return")
    if annotation not in _LEVELS:
        raise InputError(
            f"{attack!r} must be annotated `-> WhiteBox`, `ScoreBased`, `DecisionBased` or "
            "`Transfer` (robustlib.questions): the annotation is its access level"
        )
    return _LEVELS[annotation]
