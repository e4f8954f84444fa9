"""Two models under one attack, step by step: the numbers and pictures that the stage shows.

A demo calls `ready` for a picture that nobody attacks yet and `play` for a run. Both give views:
plain dictionaries that `stage.js` draws. What is told of a result is true of its 8-bit picture.
"""

import functools
import itertools
import math
import time
from collections.abc import Generator, Iterator
from typing import Any, Final

from torch import Tensor, nn

from robustlib.errors import InputError
from robustlib.run import load_model
from rostra.live import figures, pixels, snippet
from rostra.live.links import query
from rostra.live.pictures import fetch
from rostra.live.settings import MODELS, Settings, Source
from rostra.live.side import Side, options, probabilities
from rostra.live.words import MESSAGES, VisitorError, say

UPDATES: Final = 8  # a second: more would cost more than the attack itself
# Seconds of work for one run, however long it waits for others: long ones would be cut by company.
DEADLINE: Final = 20.0
_BRIGHT: Final = 100  # grey levels from grey at which the budget's edge is shown

View = dict[str, Any]
runs = itertools.count(1)  # no view is like another: Gradio tells a page of changes only


@functools.cache
def model(name: str, device: str) -> nn.Module:
    """A model of the zoo, loaded once.

    Args:
        name: Of its card.
        device: Where it runs.

    Returns:
        The model, in evaluation mode.
    """
    return load_model(name, device=device)


def ready(source: Source, language: str, device: str = "cpu") -> View:
    """Show a picture and what both models say before anybody attacks it.

    Args:
        source: Where the picture comes from.
        language: Of the notes.
        device: Where the models run.

    Returns:
        A view.

    Raises:
        VisitorError: The picture cannot be used.
    """
    stage = Stage(Settings(source), language, device)
    return stage.view("ready")


def play(run: Settings, language: str, device: str = "cpu", *, user: str = "") -> Iterator[View]:
    """Attack both models in turn, or one, step by step, and show how it goes.

    Closing the iterator stops the attack.

    Args:
        run: What is asked for.
        language: Of the notes.
        device: Where the models run.
        user: Who asks; each gets as much of the models as the others.

    Yields:
        Views, at most `UPDATES` a second, the last one with the result.

    Raises:
        VisitorError: The picture or the goal cannot be used.
    """
    stage = Stage(run, language, device, user=user)
    if run.goal is not None and run.goal == stage.label:
        raise VisitorError("same")
    shown = time.perf_counter()
    steps = stage.steps()
    begin(steps, run)
    yield stage.view("running")
    for _ in steps:
        if stage.seconds > DEADLINE:
            stage.notes.append(say(MESSAGES, "deadline", language, seconds=round(DEADLINE)))
            break
        now = time.perf_counter()
        if now - shown >= 1 / UPDATES:
            shown = now
            yield stage.view("running")
    steps.close()
    stage.finish()
    yield stage.view("done")


def begin(steps: Iterator[None], run: Settings) -> None:
    """Look at the clean picture and take the first step, before anything is shown of a run.

    Args:
        steps: Of the run.
        run: The settings.

    Raises:
        VisitorError: The attack cannot lead to a class.
    """
    try:
        list(itertools.islice(steps, 2))
    except InputError as refused:
        if run.goal is None:
            raise
        raise VisitorError("untargeted", attack=run.attack) from refused


class Stage:
    """Both models and the picture between them.

    Args:
        run: The settings.
        language: Of the notes.
        device: Where the models run.
        user: Who asks.
    """

    def __init__(self, run: Settings, language: str, device: str, *, user: str = "") -> None:
        self.run, self.language = run, language
        self.key = next(runs)
        self.picture, self.label = fetch(run.source)
        self.notes = self.picture.said(language)
        if run.eps == 0:
            self.notes.append(say(MESSAGES, "zero", language))
        if self.label is None:
            self.notes.append(say(MESSAGES, "no_label", language))
        self.sides = [
            Side(
                name,
                model(f"{run.source.set}_{name}", device),
                self.picture.pixels,
                run,
                self.label,
                user=user,
            )
            for name in MODELS
        ]
        self.attacked = [side for side in self.sides if run.victim in ("each", side.name)]

    def steps(self) -> Generator[None, None, None]:
        """Watch the models' attacks in turn, one answer each, until all are done."""
        streams = [side.stream() for side in self.attacked]
        try:
            while streams:
                streams = [going for going in streams if next(going, None) is not None]
                yield
        finally:
            for going in streams:
                going.close()

    @property
    def seconds(self) -> float:
        """What has been worked for the run."""
        return sum(side.seconds for side in self.attacked)

    def finish(self) -> None:
        """Settle what is told of the run."""
        for side in self.attacked:
            side.finish()

    def view(self, phase: str) -> View:
        """All that is shown, as the page wants it.

        Args:
            phase: "ready", "running" or "done".

        Returns:
            Plain data; what did not change since the last view is not sent again.
        """
        over = phase == "done"
        for side in self.attacked:
            side.look()
        for side in self.sides:
            if side not in self.attacked:
                side.read(self.attacked[0])
        taken = max(len(side.losses) for side in self.sides) - 1
        steps = max(taken, 1 if over else options(self.run).get("steps", 1))
        losses = {side.name: side.losses for side in self.sides if side.losses}
        return {
            "run": self.key,
            "phase": phase,
            "step": max(taken, 0),
            "steps": steps,
            "factor": amplification(self.run, self.picture.pixels),
            "set": self.run.source.set,
            "victim": self.run.victim,
            "label": self.label,
            "fooled": self._fooled(),
            "original": pixels.uri(self.picture.pixels),
            "models": {side.name: side.view(over) for side in self.sides},
            "curve": figures.curves(losses, steps),
            "notes": list(self.notes),
            "link": self._link(),
            "python": self._python() if over else None,
        }

    def _fooled(self) -> int | None:
        """The class shown in the attack's colour: the target, or what the standard model says."""
        if self.run.goal is not None:
            return self.run.goal
        standard = self.sides[0]
        said = probabilities(standard.outputs)[0][0]
        return None if said == standard.label else said

    def _own(self) -> str | None:
        """The picture's PNG where it is none of the test pictures."""
        return None if self.run.source.kind == "test" else pixels.uri(self.picture.pixels)

    def _link(self) -> str:
        return query(self.run, self._own())

    def _python(self) -> str:
        own = self._own()
        png = own.removeprefix(pixels.URI) if own else None
        labels = {f"{self.run.source.set}_{side.name}": side.label for side in self.attacked}
        readers = [f"{self.run.source.set}_{side.name}" for side in self.sides]
        return snippet.python(self.run, png, labels, readers, options(self.run))


def amplification(run: Settings, picture: Tensor) -> int:
    """How much a perturbation is amplified to be seen: fixed by the budget, the same all run long.

    Args:
        run: The settings.
        picture: The picture's pixels.

    Returns:
        A whole factor, at least 1.
    """
    eps = run.eps * run.scale.unit
    if run.threat == "l2":  # spread evenly over all numbers, times what a peak is above that
        eps = 4 * eps / math.sqrt(picture.numel())
    return max(1, int(_BRIGHT / (255 * eps))) if eps else 1
