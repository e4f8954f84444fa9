"""Where questions are answered: who is shown, what it costs, and what a closed row hears again."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import torch
from torch import Tensor

from robustlib._ledger import Candidates, Ledger, last_of_each
from robustlib._memory import Memory
from robustlib._passes import Passes, Places, Request, Seen
from robustlib._turns import Climb, Showing
from robustlib.errors import AccessError, InputError
from robustlib.goals import Goal, decided, firm
from robustlib.questions import (
    Access,
    Decision,
    DecisionAnswer,
    Gradient,
    GradientAnswer,
    Question,
    Scores,
    ScoresAnswer,
)
from robustlib.types import Objective, Outputs

Answer = DecisionAnswer | ScoresAnswer | GradientAnswer
Answering: TypeAlias = Generator[Showing, list[Seen], Answer | tuple[Answer, ...]]

Told = Callable[[Tensor, Places], Tensor]

VICTIM = "victim"


@dataclass(frozen=True, eq=False)
class Party:
    """A model that can be asked, and how much of it may be seen."""

    passes: Passes
    access: Access


@dataclass(frozen=True, eq=False)
class _Plan:
    """A question, the row of each of its inputs, and which inputs are shown (None: all)."""

    question: Question[Any]
    rows: Tensor
    shown: Tensor | None = None

    @property
    def shown_rows(self) -> Tensor:
        return self.rows if self.shown is None else self.rows[self.shown]

    def inputs(self) -> tuple[Tensor, ...]:
        given = _arrays(self.question)
        return given if self.shown is None else tuple(array[self.shown] for array in given)


class Desk:
    """Answers the questions of one conversation.

    Args:
        parties: The models by name, the victim among them.
        goal: What the attacker wants.
        ledger: The rows' books.
        judging: Whether candidates are compared; training only wants the last one.
    """

    def __init__(
        self, parties: Mapping[str, Party], goal: Goal, ledger: Ledger, *, judging: bool = True
    ) -> None:
        self.parties, self.goal, self.ledger, self.judging = parties, goal, ledger, judging
        self._fitting: set[str] = set()  # models whose answers fit the goal
        images = ledger.images
        self._members = self._place = torch.arange(len(images), device=images.device)
        self._memories = {name: Memory(len(images), images.device) for name in parties}

    def admit(self, rows: Tensor) -> None:
        """From now on the conversation is about these rows, numbered from 0 in it."""
        self._members = rows
        self._place = torch.zeros_like(self._place)
        self._place[rows] = torch.arange(len(rows), device=rows.device)

    def answer(self, asked: object) -> Answering:
        """Answers a question, or a tuple of them in one pass; waits for what is to be shown.

        Raises:
            InputError: If it is no question, or about rows or models that are not there.
            AccessError: If the attack may not ask this.
        """
        questions = asked if isinstance(asked, tuple) else (asked,)
        plans = [self._plan(self._checked(question)) for question in questions]
        seen = yield from self._show(plans)
        answers = tuple(map(self._settle, plans, seen))
        return answers if isinstance(asked, tuple) else answers[0]

    def _checked(self, question: object) -> Question[Any]:
        if not isinstance(question, Question):
            raise InputError(
                f"an attack yields questions (`yield from Gradient(...)`), not {question!r}"
            )
        if question.model not in self.parties:
            known = ", ".join(self.parties)
            raise InputError(f"no model {question.model!r} in this conversation; there is: {known}")
        access = self.parties[question.model].access
        if question.needs > access:
            raise AccessError(
                f"{type(question).__name__} of the {question.model} needs {question.needs} access; "
                f"this attack has {access} access (its return annotation says so)"
            )
        return question

    def _plan(self, question: Question[Any]) -> _Plan:
        """Leaves out what closed rows ask, but for the once that gives them an answer to repeat."""
        plan = _Plan(question, self._rows(question))
        closed = self.ledger.closed()[plan.rows]
        if self.ledger.budget is not None or bool(closed.any()):
            wanted = ~closed | (closed & last_of_each(plan.rows) & ~self._known(plan))
            if question.model == VICTIM:
                wanted = self.ledger.affordable(plan.rows, wanted)
            if not bool(wanted.all()):
                plan = _Plan(question, plan.rows, wanted.nonzero().squeeze(1))
        self.ledger.charge(plan.shown_rows, victim=question.model == VICTIM)
        return plan

    def _rows(self, question: Question[Any]) -> Tensor:
        """The row of each input, in the ledger's numbering."""
        count, given = len(self._members), _arrays(question)[0]
        if question.rows is None and len(given) == count:
            return self._members
        if question.rows is None or len(question.rows) != len(given):
            named = count if question.rows is None else len(question.rows)
            raise InputError(
                f"{len(given)} inputs came with rows for {named}: say with `rows` which image "
                "each input belongs to"
            )
        return self._members[question.rows]

    def _known(self, plan: _Plan) -> Tensor:
        """Which inputs' rows have an answer of the asked kind to repeat."""
        memory = self._memories[plan.question.model]
        if not isinstance(plan.question, Gradient):
            return memory.knows_outputs(plan.rows)
        return memory.knows_gradient(self._objective(plan.question), plan.rows)

    def _show(self, plans: Sequence[_Plan]) -> Generator[Showing, list[Seen], list[Seen | None]]:
        """Wants each model shown what it is asked: all questions of a kind in one pass."""
        seen: list[Seen | None] = [None] * len(plans)
        groups: dict[tuple[str, bool], list[int]] = {}
        for number, plan in enumerate(plans):
            if len(plan.shown_rows):
                kind = (plan.question.model, isinstance(plan.question, Gradient))
                groups.setdefault(kind, []).append(number)
        for (model, _), members in groups.items():
            requests = [self._request(plans[number]) for number in members]
            found = yield Showing(self.parties[model].passes, requests)
            for number, answer in zip(members, found, strict=True):
                seen[number] = answer
        return seen

    def _request(self, plan: _Plan) -> Request:
        question, rows = plan.question, plan.shown_rows
        if isinstance(question, Decision):
            return Request(plan.inputs())
        reached: Told | None = None
        if question.model == VICTIM:
            reached = lambda outputs, part: self.goal.reached(outputs, rows[part])  # noqa: E731
        if not isinstance(question, Gradient):
            return Request(plan.inputs(), reached=reached)
        goal = self.goal if question.of is None and question.model == VICTIM else None
        return Request(plan.inputs(), Climb(self._objective(question), rows, goal), reached)

    def _settle(self, plan: _Plan, seen: Seen | None) -> Answer:
        reached = None if seen is None else self._book(plan, seen)
        if seen is None or plan.shown is not None:
            seen, reached = self._completed(plan, seen), None
        if reached is None:
            reached = self._reached(seen.outputs, plan.rows)
        if isinstance(plan.question, Decision):
            named = seen.outputs.ndim == 1 + seen.outputs.is_floating_point()
            labels = decided(seen.outputs) if named else None
            return DecisionAnswer(reached, labels)
        if seen.gradient is None or seen.loss is None or isinstance(plan.question, Scores):
            return ScoresAnswer(seen.outputs, reached)
        return GradientAnswer(seen.gradient, seen.loss, seen.outputs, reached)

    def _book(self, plan: _Plan, seen: Seen) -> Tensor | None:
        """Enters what was seen: its cost, what closed rows will hear again, the candidates.

        Returns:
            Which of the candidates reach the goal; None where nothing was one.
        """
        rows, question = plan.shown_rows, plan.question
        self._check_goal(question.model, seen.outputs)
        if seen.loss is not None:
            self.ledger.charge_backwards(rows, seen.loss[:1].numel())
        if seen.sure is not None:  # those were shown to the model as well as to its copy
            self.ledger.charge(rows[seen.sure], victim=question.model == VICTIM)
        if self.ledger.closes_rows:
            self._remember(plan, seen)
        if question.candidate and question.model == VICTIM and self.judging:
            return self._judge(plan, seen)
        return None

    def _remember(self, plan: _Plan, seen: Seen) -> None:
        """Keeps the last candidate of each row, and what a closed row was asked for the once."""
        rows, question = plan.shown_rows, plan.question
        retired = self.ledger.retired[rows]
        once = retired if question.model == VICTIM else self.ledger.closed()[rows]
        keep = torch.ones_like(retired) if question.candidate else once
        if question.rows is not None:
            keep = keep & last_of_each(rows)
        if not bool(keep.all()):
            picked = keep.nonzero().squeeze(1)
            rows, seen, retired = rows[picked], seen.take(picked), retired[picked]
        if len(rows):
            self._memories[question.model].keep(rows, seen, retired)

    def _judge(self, plan: _Plan, seen: Seen) -> Tensor | None:
        rows, question, points = plan.shown_rows, plan.question, plan.inputs()[0]
        partly = seen.sure is not None and not bool(seen.sure.all())
        if partly and seen.sure is not None:
            places = seen.sure.nonzero().squeeze(1)
            if not len(places):
                return None
            rows, seen, points = rows[places], seen.take(places), points[places]
        reached = self._reached(seen.outputs, rows)
        if isinstance(question, Gradient) and question.of is None and seen.loss is not None:
            loss = seen.loss
        elif seen.outputs.is_floating_point():
            loss = self.goal.loss(seen.outputs, rows)
        else:  # a label-only model has no loss: a success ranks above a failure
            loss = reached.to(self.ledger.images.dtype)
        by = torch.full_like(rows, self.ledger.number(question.by))
        found = Candidates(points, seen.outputs, loss, reached, loss, by)
        self.ledger.judge(found, rows, distinct=question.rows is None)
        return None if partly else reached

    def _reached(self, outputs: Outputs, rows: Tensor) -> Tensor:
        """Whether the goal is; where the smallest change is sought, by more than rounding.

        Who goes to the very boundary stops where the next batch, of another size, may round to the
        other side. Clean images are taken as they are.
        """
        reached, ledger = self.goal.reached(outputs, rows), self.ledger
        if not (ledger.any_smallest and ledger.looked and bool(reached.any())):
            return reached
        return reached & (firm(self.goal, outputs, rows) | ~ledger.smallest[rows])

    def _completed(self, plan: _Plan, seen: Seen | None) -> Seen:
        """The answer to the whole question: what was seen now, and for the rest the memory."""
        of = self._objective(plan.question) if isinstance(plan.question, Gradient) else None
        shape = _arrays(plan.question)[0].shape[1:]
        whole = self._memories[plan.question.model].recall(plan.rows, of, shape)
        if seen is not None and plan.shown is not None:
            whole.outputs[plan.shown] = seen.outputs
            for mine, new in ((whole.loss, seen.loss), (whole.gradient, seen.gradient)):
                if mine is not None and new is not None:
                    mine[plan.shown] = new
        return whole

    def _objective(self, question: Gradient) -> Objective:
        """What is differentiated, for rows in the ledger's numbering."""
        of, place = question.of, self._place
        if of is not None:
            return lambda outputs, rows: of(outputs, place[rows])
        return self.goal.loss if question.model == VICTIM else partial(self._loss, question.model)

    def _loss(self, model: str, outputs: Outputs, rows: Tensor) -> Tensor:
        """The goal's, of a surrogate: nobody has looked at its answers before."""
        self._check_goal(model, outputs)
        return self.goal.loss(outputs, rows)

    def _check_goal(self, model: str, outputs: Outputs) -> None:
        if model in self._fitting:
            return
        try:
            self.goal.check(outputs, len(self.ledger.images))
        except InputError as error:
            raise InputError(f"{error} (the {model})") from None
        self._fitting.add(model)


def _arrays(question: Question[Any]) -> tuple[Tensor, ...]:
    return question.inputs if isinstance(question.inputs, tuple) else (question.inputs,)


def is_whole(question: Question[Any]) -> bool:
    """Whether a question shows the victim one candidate for each row, in order."""
    return question.candidate and question.rows is None and question.model == VICTIM


def writes(inputs: object) -> int:
    """How often a tensor has been written to: it may be asked about, changed, and returned."""
    return inputs._version if isinstance(inputs, Tensor) else 0
