"""What every attack promises, how to add one, and the four ways to combine them.

An attack is one file here, with one generator function of the file's name:

    def mine(images, goal, threat, *, steps=10, draws) -> WhiteBox:
        '''One sentence that stands in the table of methods.'''
        adversarial = threat.random_start(images, draws)
        for _ in range(steps):
            answer = yield from Gradient(adversarial)
            adversarial = threat.project(adversarial + threat.steepest(...), images)
        return adversarial

That is all: `attacks["mine"]`, the table of methods, the demos and the contract test of this room
find it there. It promises that

- it never sees the model. It asks (`Gradient`, `Scores`, `Decision` of `robustlib.questions`), and
  its return annotation says how much it needs: `WhiteBox`, `ScoreBased`, `DecisionBased`, or
  `Transfer` for one that differentiates surrogates only;
- what it asks about is a candidate, in ball and box (`threat.project` sees to it), unless it says
  `candidate=False`. The engine keeps the best candidate; the returned one is looked at too;
- it asks outside `with` and `try`, and closes what it differentiates itself before it asks;
- its random numbers come from `draws`, so that a row's do not depend on its batch. Whatever it does
  to a row it does by that row alone. Only what is one for all rows, a universal perturbation, is
  searched on all together: by probes, so that no row is retired on the way;
- it leaves its arguments as they are, and takes options by name, with defaults that work.

A finished row is not shown to the model any more, and hears its last answer again: an attack need
not care. It says in its docstring what its options mean (unit and range), its `Source:` and its
`Differences:` from the paper or its official code, and has a test whose answer is known otherwise.

The combinators take an attack as `attack(images, goal, threat, draws=...)`; bind its options with
`functools.partial`. Each gives every attack that it runs its own random streams.
"""

import dataclasses
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import torch
from jaxtyping import Int
from torch import Tensor

from robustlib._conversation import name_of
from robustlib.draws import Draws
from robustlib.errors import ThreatError
from robustlib.goals import Goal
from robustlib.patch import Patch
from robustlib.questions import Attack, Conversation, Decision, Gradient, Question
from robustlib.threats import ThreatModel
from robustlib.types import Images, Objective

Q = TypeVar("Q", bound=Question[Any])
T = TypeVar("T", bound=ThreatModel)
Talk = Generator[Q | tuple[Q, ...], Any, Tensor]


def restarts(
    attack: Callable[..., Talk[Q]],
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    times: int,
    draws: Draws,
) -> Talk[Q | Decision]:
    """Runs an attack several times, with fresh random numbers.

    Args:
        attack: The attack.
        images: Clean images.
        goal: What is wanted.
        threat: What may be changed.
        times: How often, ≥ 1.
        draws: The rows' random streams; the i-th run gets the i-th child.

    Returns:
        The last run's last candidates.
    """
    adversarial = yield from attack(images, goal, threat, draws=draws.child(0))
    for number in range(1, times):
        yield from Decision(adversarial)
        adversarial = yield from attack(images, goal, threat, draws=draws.child(number))
    return adversarial


def named(
    attack: Callable[..., Talk[Q]],
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    name: str,
    draws: Draws,
) -> Talk[Q]:
    """Runs an attack under a name: the result says which rows it has fooled.

    Args:
        attack: The attack.
        images: Clean images.
        goal: What is wanted.
        threat: What may be changed.
        name: Put on every question that has none.
        draws: The rows' random streams.

    Returns:
        The attack's last candidates.
    """
    line = Line(attack(images, goal, threat, draws=draws))
    while line.asked:
        asked = tuple(dataclasses.replace(one, by=one.by or name) for one in line.asked)
        line.hear((yield asked))
    return line.returned


@dataclass(frozen=True, eq=False)
class Stage:
    """One attack of a cascade.

    Args:
        attack: The attack.
        goal: What it climbs, of all rows; by default what the cascade is after.
        name: Who fooled whom, in the result; by default the attack's own.
    """

    attack: Attack
    goal: Goal | None = None
    name: str = ""


def cascade(
    attacks: Sequence[Attack | Stage],
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    draws: Draws,
) -> Conversation:
    """Runs attacks one after another, each on the rows that survived those before.

    Args:
        attacks: The attacks, the cheapest first.
        images: Clean images.
        goal: What is wanted.
        threat: What may be changed.
        draws: The rows' random streams; the i-th attack gets the i-th child.

    Returns:
        For each row the last candidate of the last attack that it met.
    """
    adversarial, rows = images, torch.arange(len(images), device=images.device)
    for number, each in enumerate(attacks):
        stage = each if isinstance(each, Stage) else Stage(each)
        name, wish = stage.name or name_of(stage.attack), stage.goal or goal
        attack = partial(named, stage.attack, name=name)
        found = yield from on_rows(attack, rows, images, wish, threat, draws=draws.child(number))
        adversarial = adversarial.index_copy(0, rows, found)
        if number + 1 < len(attacks):  # the engine looks at the very last ones itself
            answer = yield from Decision(found, rows, by=name)
            rows = rows[~answer.reached]
        if not len(rows):
            break
    return adversarial


def on_rows(
    attack: Callable[..., Talk[Q]],
    rows: Int[Tensor, " m"],
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    draws: Draws,
) -> Talk[Q]:
    """Runs an attack on some rows, as if there were no others.

    The goal may be another than the conversation's: gradients are then of its loss. What counts
    as a success stays the conversation's.

    Args:
        attack: The attack.
        rows: Which, each once.
        images: All clean images.
        goal: What is wanted of all of them.
        threat: What may be changed in all of them.
        draws: The random streams of all of them.

    Returns:
        The attack's last candidates, one for each of the rows.
    """
    own = goal.take(rows)
    place = torch.zeros(len(images), dtype=torch.int64, device=rows.device)
    place[rows] = torch.arange(len(rows), device=rows.device)
    line = Line(attack(images[rows], own, threat.take(rows), draws=draws.take(rows)))
    while line.asked:
        line.hear((yield tuple(_outward(question, rows, place, own) for question in line.asked)))
    return line.returned


def together(
    talks: Sequence[Talk[Q]],
) -> Generator[tuple[Q, ...], Any, list[Tensor]]:
    """Holds several conversations at once: what they ask at a time is answered in one pass.

    Args:
        talks: Attacks under way, such as `pgd(images, goal, threat, draws=draws.child(3))`.

    Returns:
        What each of them returned.
    """
    lines = [Line(talk) for talk in talks]
    while waiting := [line for line in lines if line.asked]:
        answers = iter((yield tuple(question for line in waiting for question in line.asked)))
        for line in waiting:
            line.hear([next(answers) for _ in line.asked])
    return [line.returned for line in lines]


def bounded(threat: T) -> T:
    """The threat model itself, where it has a radius.

    Raises:
        ThreatError: If a radius is infinite.
    """
    if bool(torch.as_tensor(threat.eps).isinf().any()):
        raise ThreatError("this attack searches within a ball: give it a finite eps")
    return threat


def one_of(name: str, threat: ThreatModel, *norms: type[T]) -> T:
    """The threat model itself, where an attack knows its norm.

    Args:
        name: The attack's.
        threat: The threat model.
        norms: Those that it knows.

    Raises:
        ThreatError: If it is none of them.
    """
    if not isinstance(threat, norms):
        known = " and ".join(norm.__name__ for norm in norms)
        raise ThreatError(f"{name} knows {known}, not {type(threat).__name__}")
    return threat


def settled(name: str, threat: T) -> T:
    """The threat model itself, where it is settled which pixels may change.

    Raises:
        ThreatError: If a patch may lie anywhere: whoever climbs from one place never leaves it.
    """
    if isinstance(threat, Patch) and threat.size is not None:
        wanted = f"not Patch(size={threat.size}): lavan searches the place"
        raise ThreatError(f"{name} knows norms and patches whose region is given, {wanted}")
    return threat


class Line(Generic[Q]):
    """The other end of a conversation: what it asks now (nothing: it is over), and what it gave."""

    returned: Tensor

    def __init__(self, talk: Talk[Q]) -> None:
        self._talk = talk
        self._go_on(None)

    def hear(self, answers: Sequence[object]) -> None:
        """Answers what was asked, and waits for the next."""
        self._go_on(tuple(answers) if self._bundled else answers[0])

    def _go_on(self, answer: object) -> None:
        self.asked: tuple[Q, ...] = ()
        try:
            asked = self._talk.send(answer)
        except StopIteration as end:
            self.returned = end.value
            return
        self._bundled = isinstance(asked, tuple)
        self.asked = asked if isinstance(asked, tuple) else (asked,)


def _outward(question: Q, rows: Tensor, place: Tensor, goal: Goal) -> Q:
    """A question of some rows as one of all rows; `place` is where a row stands among the some."""
    outer = rows if question.rows is None else rows[question.rows]
    if not isinstance(question, Gradient):
        return dataclasses.replace(question, rows=outer)
    of: Objective = goal.loss if question.of is None else question.of
    return dataclasses.replace(
        question, rows=outer, of=lambda outputs, some: of(outputs, place[some])
    )
