"""Two models under one attack, step by step: the numbers and pictures that the stage shows.

A demo calls `ready` for a picture that nobody attacks yet and `play` for a run. Both give views:
plain dictionaries that `demo.js` draws. What is told of a result is true of its 8-bit picture.
"""

import functools
import inspect
import math
import time
from collections.abc import Generator, Iterator
from typing import Any, Final

import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn

from robustlib.attacks import attacks
from robustlib.engine import AttackResult, Progress, stream
from robustlib.goals import Goal, Misclassify, Target
from robustlib.questions import Access, access_of
from robustlib.run import load_model
from rostra.live import figures, pixels, snippet
from rostra.live.inputs import Picture
from rostra.live.pictures import fetch
from rostra.live.settings import Settings, Source, query
from rostra.live.words import MESSAGES, VisitorError, say

MODELS: Final = ("standard", "robust")
UPDATES: Final = 8  # a second: more would cost more than the attack itself
DEADLINE: Final = 20.0  # seconds that one run may take
SHOWN: Final = 3  # classes under each model
PROBES: Final = 10  # queries that one step of the slider buys an attack that only asks
_BRIGHT: Final = 100  # grey levels from grey at which the budget's edge is shown

View = dict[str, Any]


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


def play(run: Settings, language: str, device: str = "cpu") -> Iterator[View]:
    """Attack both models in turn, step by step, and show how it goes.

    Closing the iterator stops the attack.

    Args:
        run: What is asked for.
        language: Of the notes.
        device: Where the models run.

    Yields:
        Views, at most `UPDATES` a second, the last one with the result.

    Raises:
        VisitorError: The picture or the goal cannot be used.
    """
    stage = Stage(run, language, device)
    if run.goal is not None and run.goal == stage.label:
        raise VisitorError("same")
    start = shown = time.perf_counter()
    yield stage.view("running")
    for _ in stage.steps():
        now = time.perf_counter()
        if now - start > DEADLINE:
            stage.notes.append(say(MESSAGES, "deadline", language, seconds=round(DEADLINE)))
            break
        if now - shown >= 1 / UPDATES:
            shown = now
            yield stage.view("running")
    stage.finish()
    yield stage.view("done")


def options(run: Settings) -> dict[str, Any]:
    """What an attack and the engine are called with, from the one slider of steps.

    An attack that sees gradients goes on after it has won, so that its curve is whole; one that
    pays by the query stops there.

    Args:
        run: The settings.

    Returns:
        Keyword arguments of `robustlib.engine.attack`.
    """
    chosen = attacks[run.attack]
    sees = access_of(chosen) is Access.WHITE_BOX
    taken = run.steps if sees else run.steps * PROBES
    steps = {"steps": taken} if "steps" in inspect.signature(chosen).parameters else {}
    return {"retire": "never" if sees else "reached", **steps}


class Side:
    """One model: what it said before, what it says now, and the attack on it.

    Args:
        name: "standard" or "robust".
        net: The model.
        picture: What is shown to it, 8 bits.
        run: The settings.
        label: The class of the picture; None: what the model itself says.
    """

    def __init__(
        self,
        name: str,
        net: nn.Module,
        picture: UInt8[Tensor, "c h w"],
        run: Settings,
        label: int | None,
    ) -> None:
        self.name, self.net, self.clean, self.run = name, net, picture, run
        self.current = picture
        self.outputs = self._ask(picture)
        self.before = probabilities(self.outputs)
        self.label = self.before[0][0] if label is None else label
        wish = torch.tensor([self.label if run.goal is None else run.goal], device=self._device)
        self.goal: Goal = (Misclassify if run.goal is None else Target)(wish)
        self.losses: list[float] = []
        self.at: int | None = None
        self.seconds = 0.0
        self.result: AttackResult | None = None
        self.latest: Progress | None = None

    @property
    def _device(self) -> torch.device:
        return next(self.net.parameters()).device

    def _ask(self, picture: UInt8[Tensor, "c h w"]) -> Float[Tensor, " k"]:
        with torch.no_grad():
            return self.net(pixels.to_floats(picture)[None].to(self._device))[0].cpu()

    def stream(self) -> Generator[Progress, None, None]:
        """The attack's progress; the time it takes is counted here, and only here."""
        images = pixels.to_floats(self.clean)[None].to(self._device)
        threat = self.run.scale.threat(self.run.eps)
        chosen = attacks[self.run.attack]
        asked = {"seed": self.run.seed, "exact": True, **options(self.run)}
        steps = stream(self.net, images, self.goal, threat, chosen, **asked)
        while True:
            start = time.perf_counter()
            progress = next(steps, None)
            self.seconds += time.perf_counter() - start
            if progress is None:
                return
            self._note(progress)
            yield progress

    def _note(self, progress: Progress) -> None:
        self.latest, self.result = progress, progress.result
        # Step 0 is the look at the clean picture; the attack's own start, the answer after it,
        # is where its curve begins.
        if progress.step == 0 or progress.result is not None:
            return
        self.losses.append(float(progress.loss[0]))
        self.outputs = progress.outputs[0].detach().float().cpu()
        if self.at is None and bool(progress.reached[0]):
            self.at = len(self.losses) - 1

    def look(self) -> None:
        """Take the latest candidate as the picture that is shown."""
        if self.latest is not None and self.result is None:
            self.current = pixels.towards(self.clean, self.latest.images[0])

    def finish(self) -> None:
        """Round the best candidate to 8 bits and ask the model again what it is."""
        if self.latest is None:
            return
        best = self.result.adversarial if self.result else self.latest.best
        self.current = pixels.towards(self.clean, best[0])
        self.outputs = self._ask(self.current)

    def phase(self, over: bool) -> str:
        """Which of the stage's words is true: wrong, clean, running, fooled, holds or rounded."""
        if self.run.goal is None and self.before[0][0] != self.label:
            return "wrong"
        if self.latest is None:
            return "clean"
        if not over:
            return "running"
        reached = self.goal.reached(self.outputs[None].to(self._device), torch.tensor([0]))
        if bool(reached[0]):
            return "fooled"
        return "holds" if self.at is None else "rounded"

    def view(self, over: bool) -> View:
        """What the stage shows of this model.

        Args:
            over: Whether the run is over.

        Returns:
            Plain numbers, and the picture as a data URI.
        """
        return {
            "picture": pixels.uri(self.current),
            "probs": probabilities(self.outputs)[:SHOWN],
            "before": self.before[0],
            "phase": self.phase(over),
            "at": self.at,
            "cost": self.cost() if self.latest else None,
        }

    def cost(self) -> dict[str, float | int]:
        """Distances of the 8-bit picture, and what the attack has used."""
        spent = self.result or self.latest
        used = (
            {}
            if spent is None
            else {
                "queries": int(spent.queries[0]),
                "gradients": int(spent.backwards[0]),
            }
        )
        measured = pixels.distances(self.clean, self.current)
        return {**measured, **used, "seconds": round(self.seconds, 3)}


class Stage:
    """Both models and the picture between them.

    Args:
        run: The settings.
        language: Of the notes.
        device: Where the models run.
    """

    def __init__(self, run: Settings, language: str, device: str) -> None:
        self.run, self.language = run, language
        self.picture, self.label = fetch(run.source)
        self.notes = self.picture.said(language)
        if self.label is None:
            self.notes.append(say(MESSAGES, "no_label", language))
        self.sides = [
            Side(
                name,
                model(f"{run.source.set}_{name}", device),
                self.picture.pixels,
                run,
                self.label,
            )
            for name in MODELS
        ]

    def steps(self) -> Iterator[None]:
        """Let the models' attacks take turns, one question each, until both are done."""
        streams = [side.stream() for side in self.sides]
        try:
            while streams:
                streams = [going for going in streams if next(going, None) is not None]
                yield
        finally:
            for going in streams:
                going.close()

    def finish(self) -> None:
        """Settle what is told of the run."""
        for side in self.sides:
            side.finish()

    def view(self, phase: str) -> View:
        """All that is shown, as the page wants it.

        Args:
            phase: "ready", "running" or "done".

        Returns:
            Plain data; what did not change since the last view is not sent again.
        """
        over = phase == "done"
        for side in self.sides:
            side.look()
        taken = max(len(side.losses) for side in self.sides) - 1
        steps = max(taken, 1 if over else options(self.run).get("steps", 1))
        losses = {side.name: side.losses for side in self.sides if side.losses}
        return {
            "phase": phase,
            "step": max(taken, 0),
            "steps": steps,
            "factor": amplification(self.run, self.picture.pixels),
            "set": self.run.source.set,
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
        labels = {f"{self.run.source.set}_{side.name}": side.label for side in self.sides}
        return snippet.python(self.run, png, labels, options(self.run))


def probabilities(outputs: Float[Tensor, " k"]) -> list[tuple[int, int]]:
    """All classes with their probabilities, the most likely first.

    Args:
        outputs: Logits.

    Returns:
        (class, per mille) pairs.

    Examples:
        >>> probabilities(torch.tensor([0.0, math.log(3.0)]))
        [(1, 750), (0, 250)]
    """
    values = outputs.double().softmax(0)
    order = values.argsort(descending=True, stable=True).tolist()
    return [(index, round(1000 * float(values[index]))) for index in order]


def amplification(run: Settings, picture: Picture | Tensor) -> int:
    """How much a perturbation is amplified to be seen: fixed by the budget, the same all run long.

    Args:
        run: The settings.
        picture: The picture's pixels.

    Returns:
        A whole factor, at least 1.
    """
    eps = run.eps * run.scale.unit
    if run.threat == "l2":  # spread evenly over all numbers, times what a peak is above that
        size = picture.numel() if isinstance(picture, Tensor) else picture.pixels.numel()
        eps = 4 * eps / math.sqrt(size)
    return max(1, int(_BRIGHT / (255 * eps))) if eps else 1
