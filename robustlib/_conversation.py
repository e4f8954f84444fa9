"""One attack talking to one victim, from the first look to the last candidate."""

import functools
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field, fields
from inspect import signature
from numbers import Integral
from typing import Any, Literal

import torch
from torch import Tensor

from robustlib import doubts
from robustlib._border import (
    Border,
    check_counts,
    check_images,
    check_model,
    check_wishes,
    home_of,
    usable,
)
from robustlib._desk import VICTIM, Desk, Party, is_whole, writes
from robustlib._fast import FastPasses, Precision, check_precision
from robustlib._ledger import Ledger, Retire
from robustlib._looks import look_at_scores, look_for_company
from robustlib._passes import Passes, Seen
from robustlib._turns import Showing, Turns
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.goals import Goal
from robustlib.questions import (
    Access,
    Attack,
    Conversation,
    Decision,
    GradientAnswer,
    Question,
    access_of,
)
from robustlib.threats import ThreatModel
from robustlib.types import Classifier

Stopped = Literal["done", "reached", "budget"]

CLEAN = "clean"
"""Who fooled a model that was wrong to begin with."""


@dataclass(frozen=True, eq=False)
class Surrogate:
    """A model of the attacker's own, and how much of it may be seen.

    Args:
        model: The model.
        access: The level; all of it by default.
    """

    model: Classifier
    access: Access = Access.WHITE_BOX


@dataclass(frozen=True, eq=False)
class Terms:
    """How an attack is run, whichever it is; `robustlib.engine.attack` says what each means."""

    seed: int = 0
    keys: Iterable[int] | None = None
    retire: Retire = "reached"
    budget: int | None = None
    exact: bool = False
    device: torch.device | str | None = None
    surrogates: Mapping[str, Classifier | Surrogate] | None = None
    batch_size: int | None = None
    precision: Precision = "full"
    options: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def names(cls) -> set[str]:
        """The terms that `robustlib.engine.attack` takes by name; the rest are the attack's own."""
        return {each.name for each in fields(cls)} - {"options"}


@dataclass(frozen=True, eq=False)
class Task:
    """What is attacked: the victim, the images, the goal, the threat model and the attack."""

    model: Classifier
    images: Tensor
    goal: Goal
    threat: ThreatModel
    attack: Attack


class Run:
    """A task under terms.

    Args:
        task: What is attacked.
        terms: How.
        judging: Whether the clean images are looked at first and candidates are compared.

    Raises:
        InputError: If an argument is wrong; a model in train mode is.
        ThreatError: If there are radii for another number of rows.
    """

    def __init__(self, task: Task, terms: Terms, *, judging: bool = True) -> None:
        _check(task, terms)
        self.terms, self.attack, self.home = terms, task.attack, task.images.device
        self.device = _device(task, terms)
        self.parties = _parties(task, terms, self.device)
        models = [party.passes.model for party in self.parties.values()]
        self.border = Border(models, self.device, int(terms.seed))
        self.probes, self._slope_seen = 0, False
        self.stopped: Stopped = "done"
        self.last: Tensor | None = None
        self._evaluated: tuple[object, int] = (None, 0)
        self._by = ""
        with torch.inference_mode(False):  # what is made in that mode cannot be written later
            self.images = task.images.detach().to(self.device, copy=True).contiguous()
            self.goal, self.threat = task.goal.to(self.device), task.threat.placed(self.images)
            self.ledger = Ledger(self.images, self.threat, retire=terms.retire, budget=terms.budget)
            self.desk = Desk(self.parties, self.goal, self.ledger, judging=judging)
            self.members = torch.arange(len(self.images), device=self.device)
            self.clean_outputs = torch.empty(len(self.images), 0)

    def judged(self) -> Turns[None]:
        """The whole conversation: hands over after the first look and after each answer."""
        if not len(self.images):
            return
        party = self.parties[VICTIM]
        self.probes = yield from look_for_company(party.passes, self.ledger)
        self.probes += party.passes.weigh(self.images, graded=party.access is Access.WHITE_BOX)
        yield from self._ask(Decision(self.images, by=CLEAN))
        self.clean_outputs = self.ledger.latest.outputs.clone()
        if party.access > Access.DECISION:
            look_at_scores(self.clean_outputs, name_of(self.attack))
        yield None
        if self._finished():
            return
        if self.ledger.closes_rows:  # rows that are wrong already do not even join
            self.members = (~self.ledger.retired).nonzero().squeeze(1)
            self.desk.admit(self.members)
        yield from self.talk()
        looked_at, then = self._evaluated
        if self.last is not None and (self.last is not looked_at or writes(self.last) != then):
            yield from self._ask(Decision(self.last, by=self._by))
            yield None

    def talk(self) -> Turns[None]:
        """The attack's questions, each answered before the turn; `last` is what it returned."""
        conversation = self._begin()
        try:
            asked = next(conversation)
            while True:
                answer = yield from self._ask(asked)
                yield None
                if self._finished():
                    return
                asked = conversation.send(answer)
        except StopIteration as end:
            self.last = self._checked_last(end.value)
        finally:
            conversation.close()

    def _check_options(self) -> None:
        known = signature(self.attack).parameters
        if any(each.kind is each.VAR_KEYWORD for each in known.values()):
            return
        own = [name for name, each in known.items() if each.kind is each.KEYWORD_ONLY]
        own = [name for name in own if name != "draws"]
        if unknown := set(self.terms.options) - set(own):
            name = getattr(self.attack, "__name__", "the attack")
            raise InputError(
                f"{name} has no option {', '.join(sorted(unknown))}; "
                f"it has: {', '.join(own) or 'none'}"
            )

    def _begin(self) -> Conversation:
        keys = range(len(self.images)) if self.terms.keys is None else self.terms.keys
        draws = Draws(self.terms.seed, keys, device=self.device, dtype=self.images.dtype)
        if len(draws) != len(self.images):
            raise InputError(f"{len(self.images)} images came with {len(draws)} keys")
        self._check_options()
        rows = self.members
        given = self.images[rows], self.goal.take(rows), self.threat.take(rows)
        conversation = self.attack(*given, draws=draws.take(rows), **self.terms.options)
        if not isinstance(conversation, Generator):
            raise InputError(f"an attack is a generator function; {self.attack!r} is none")
        return conversation

    def _ask(self, asked: object) -> Generator[Showing, list[Seen], object]:
        answer = yield from self.desk.answer(asked)
        for question, told in zip(_listed(asked), _listed(answer), strict=True):
            self._look_for_slope(question, told)
            self._by = question.by if isinstance(question, Question) else ""
            if isinstance(question, Question) and is_whole(question):
                self._evaluated = (question.inputs, writes(question.inputs))
        return answer

    def _look_for_slope(self, question: object, answer: object) -> None:
        """At the first gradient of the victim's that an attack sees; training looks for none."""
        if not isinstance(question, Question) or not isinstance(answer, GradientAnswer):
            return
        if question.model == VICTIM and not self._slope_seen:
            self._slope_seen = True
            rows = self.members if question.rows is None else self.members[question.rows]
            told = answer.gradient[~self.ledger.spent()[rows]]  # a budget's end is told as zeros
            if self.desk.judging and len(told) and doubts.flat(told):
                doubts.tell(doubts.NoSlope)

    def _finished(self) -> bool:
        """Whether no row needs the model any more."""
        if not self.ledger.closes_rows or not bool(self.ledger.closed().all()):
            return False
        self.stopped = "reached" if bool(self.ledger.retired.all()) else "budget"
        return True

    def _checked_last(self, last: object) -> Tensor:
        wanted = (len(self.members), *self.images.shape[1:])
        if isinstance(last, Tensor) and last.shape == wanted:
            return last
        came = tuple(last.shape) if isinstance(last, Tensor) else repr(last)
        raise InputError(
            f"an attack returns its last candidates, shaped as the images are, "
            f"{wanted}; {name_of(self.attack)} returned {came}"
        )


def name_of(attack: Attack) -> str:
    """What an attack is called: its function's name."""
    while isinstance(attack, functools.partial):
        attack = attack.func
    return getattr(attack, "__name__", type(attack).__name__)


def _check(task: Task, terms: Terms) -> None:
    check_images(task.images)
    check_wishes(task.goal, task.threat)
    if terms.retire not in ("reached", "never"):
        raise InputError(f'retire is "reached" or "never", not {terms.retire!r}')
    if not isinstance(terms.seed, Integral):
        raise InputError(f"seed is an integer, not {terms.seed!r}")
    counts = {"budget": terms.budget, "batch_size": terms.batch_size}
    check_counts(**{name: count for name, count in counts.items() if count is not None})


def _device(task: Task, terms: Terms) -> torch.device:
    return usable(terms.device or home_of(task.model) or task.images.device)


def _parties(task: Task, terms: Terms, device: torch.device) -> dict[str, Party]:
    """The models of a conversation by name, each with its access level."""
    victim = Surrogate(task.model, access_of(task.attack))
    others = {"exact": terms.exact, "budget": terms.budget}
    check_precision(terms.precision, task.images, victim.access, **others)
    parties = {}
    for name, given in {**(terms.surrogates or {}), VICTIM: victim}.items():
        party = given if isinstance(given, Surrogate) else Surrogate(given)
        check_model(party.model, name, device)
        passes = Passes(party.model, size=terms.batch_size, exact=terms.exact)
        if name == VICTIM and terms.precision == "fast":
            passes = FastPasses(party.model, size=terms.batch_size)
        parties[name] = Party(passes, party.access)
    return parties


def _listed(one: object) -> tuple[object, ...]:
    return one if isinstance(one, tuple) else (one,)
