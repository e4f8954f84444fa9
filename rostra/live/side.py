"""One model under attack: what it said before, what it says now, and what that has cost.

What is told of a result is true of its 8-bit picture.
"""

import functools
import inspect
import threading
from collections.abc import Generator
from typing import Any, Final

import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn

from robustlib.attacks import attacks
from robustlib.engine import AttackResult, Progress
from robustlib.goals import Goal, Misclassify, Target
from robustlib.questions import Access, access_of
from robustlib.serving import Server
from rostra.live import pixels
from rostra.live.settings import Settings

SHOWN: Final = 3  # classes under each model
NORMS: Final = {"linf": "L∞", "l2": "L2"}
PROBES: Final = 10  # queries that one step of the slider buys an attack that only asks
_JOBS: Final = 256  # at once; Gradio lets fewer runs begin (`rostra.live.mounting`)
_ASKING: Final = threading.Lock()


def server() -> Server:
    """Whoever attacks, in whatever language or demo, is answered here, together with the others.

    Returns:
        The process's one server, a new one where the last has failed. Clients are kept from
        filling it before they come here (`rostra.live.fairness`).
    """
    with _ASKING:
        if _kept().closed:
            _kept.cache_clear()
        return _kept()


@functools.cache
def _kept() -> Server:
    return Server(most=_JOBS, each=_JOBS)


def options(run: Settings) -> dict[str, Any]:
    """What an attack and the engine are called with, from the one slider of steps.

    An attack that sees gradients goes on after it has won, so that its curve is whole; one that
    pays by the query stops there.

    Args:
        run: The settings.

    Returns:
        Keyword arguments of `robustlib.engine.attack`.
    """
    sees = access_of(attacks[run.attack]) is Access.WHITE_BOX
    taken = run.steps * queries_a_step(run.attack)
    return {"retire": "never" if sees else "reached", **({"steps": taken} if taken else {})}


def queries_a_step(name: str) -> int:
    """How many steps of an attack one step of the slider buys.

    Args:
        name: Of the attack in the catalogue.

    Returns:
        1 for an attack that sees gradients, `PROBES` for one that pays by the query, 0 for one
        that takes no steps.

    Examples:
        >>> [queries_a_step(name) for name in ("fgsm", "pgd", "square")]
        [0, 1, 10]
    """
    chosen = attacks[name]
    if "steps" not in inspect.signature(chosen).parameters:
        return 0
    return 1 if access_of(chosen) is Access.WHITE_BOX else PROBES


class Side:
    """One model: what it said before, what it says now, and the attack on it.

    Args:
        name: "standard" or "robust".
        net: The model.
        picture: What is shown to it, 8 bits.
        run: The settings.
        label: The class of the picture; None: what the model itself says.
        user: Who attacks; each gets as much of a model as the others.
    """

    def __init__(
        self,
        name: str,
        net: nn.Module,
        picture: UInt8[Tensor, "c h w"],
        run: Settings,
        label: int | None,
        *,
        user: str = "",
    ) -> None:
        self.name, self.net, self.clean, self.run, self.user = name, net, picture, run, user
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
        self.reads = False  # the other model's picture, instead of being attacked itself

    @property
    def _device(self) -> torch.device:
        return next(self.net.parameters()).device

    def _ask(self, picture: UInt8[Tensor, "c h w"]) -> Float[Tensor, " k"]:
        with torch.no_grad():
            return self.net(pixels.to_floats(picture)[None].to(self._device))[0].cpu()

    def stream(self) -> Generator[Progress, None, None]:
        """The attack's progress; its time is what was worked for it, however long others took."""
        images = pixels.to_floats(self.clean)[None].to(self._device)
        threat = self.run.scale.threat(self.run.eps)
        chosen = attacks[self.run.attack]
        asked = {"seed": self.run.seed, "exact": True, "user": self.user, **options(self.run)}
        job = server().stream(self.net, images, self.goal, threat, chosen, **asked)
        try:
            for progress in job:
                self.seconds = job.seconds
                self._note(progress)
                yield progress
        finally:
            job.cancel()

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

    def read(self, other: "Side") -> None:
        """Look at the picture that was made for another model, and say what it is.

        Args:
            other: The side under attack.
        """
        if other.latest is None:
            return
        self.reads, self.current = True, other.current
        self.outputs = self._ask(self.current)

    def phase(self, over: bool) -> str:
        """Which of the stage's words is true.

        Args:
            over: Whether the run is over.

        Returns:
            wrong, clean, running, fooled, holds or rounded; transfers or resists of a model that
            reads the other's picture.
        """
        if self.run.goal is None and self.before[0][0] != self.label:
            return "wrong"
        if self.reads:
            return "transfers" if self._reached() else "resists"
        if self.latest is None:
            return "clean"
        if not over:
            return "running"
        if self._reached():
            return "fooled"
        return "holds" if self.at is None else "rounded"

    def _reached(self) -> bool:
        rows = torch.tensor([0], device=self._device)
        return bool(self.goal.reached(self.outputs[None].to(self._device), rows)[0])

    def view(self, over: bool) -> dict[str, Any]:
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
            "cost": self.cost() if self.latest or self.reads else None,
            "unrounded": self.unrounded() if over else None,
        }

    def unrounded(self) -> tuple[str, float] | None:
        """The norm of the threat and the distance at which the model is fooled, before rounding.

        Returns:
            None unless rounding undid the attack: otherwise the 8-bit picture's distances say it.
        """
        if self.result is None or self.phase(over=True) != "rounded":
            return None
        return NORMS[self.run.threat], float(self.result.distance[0])

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
        seconds = {} if self.reads else {"seconds": round(self.seconds, 3)}
        return {**measured, **used, **seconds}


def probabilities(outputs: Float[Tensor, " k"]) -> list[tuple[int, int]]:
    """All classes with their probabilities, the most likely first.

    Args:
        outputs: Logits.

    Returns:
        (class, per mille) pairs.

    Examples:
        >>> probabilities(torch.tensor([0.0, 1.0986123]))
        [(1, 750), (0, 250)]
    """
    values = outputs.double().softmax(0)
    order = values.argsort(descending=True, stable=True).tolist()
    return [(index, round(1000 * float(values[index]))) for index in order]
