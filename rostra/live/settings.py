"""What a visitor asked for: checked here once, whatever came over the wire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from robustlib.threats import L2, Linf, ThreatModel
from rostra.live.words import VisitorError

Kind = Literal["test", "drawn", "file", "pixels"]

SETS: Final = ("signs", "digits")
MODELS: Final = ("standard", "robust")
MOST_STEPS: Final = 100
VICTIMS: Final = ("each", *MODELS)


@dataclass(frozen=True)
class Scale:
    """How a threat's budget is set on a slider.

    Args:
        kind: The threat.
        most: Where the slider ends.
        step: Between two of its values.
        unit: What one is in pixel units of [0, 1].
        start: Where it stands at first; for linf, the eps that the zoo's robust model is made for.
        code: How a value is written in Python.
    """

    kind: type[Linf] | type[L2]
    most: float
    step: float
    unit: float
    start: float
    code: str

    def threat(self, eps: float) -> ThreatModel:
        """The threat model of a slider's value.

        Args:
            eps: In the slider's unit.

        Returns:
            Linf or L2.
        """
        return self.kind(eps * self.unit)


_LINF, _L2 = "Linf({:g} / 255)", "L2({:g})"
THREATS: Final = ("linf", "l2")
SCALES: Final[dict[tuple[str, str], Scale]] = {
    ("signs", "linf"): Scale(Linf, most=32, step=1, unit=1 / 255, start=8, code=_LINF),
    ("signs", "l2"): Scale(L2, most=4, step=0.05, unit=1.0, start=1, code=_L2),
    ("digits", "linf"): Scale(Linf, most=96, step=1, unit=1 / 255, start=38, code=_LINF),
    ("digits", "l2"): Scale(L2, most=6, step=0.05, unit=1.0, start=2.5, code=_L2),
}


@dataclass(frozen=True)
class Source:
    """Where the picture comes from.

    Args:
        set: "signs" or "digits": whose models read it.
        kind: A test picture, a drawing, a file, or pixels that a link has kept.
        index: Which test picture.
        data: The others' `data:` URI.
    """

    set: str = "signs"
    kind: Kind = "test"
    index: int = 0
    data: str = ""


@dataclass(frozen=True)
class Settings:
    """One run, completely.

    Args:
        source: The picture.
        attack: Its name in the catalogue.
        threat: "linf" or "l2".
        eps: The budget, in the slider's unit: 1/255 for linf, pixel units for l2.
        steps: How many steps the attack may take.
        goal: The class to reach, or None for any other.
        seed: Of the run.
        victim: The model that is attacked, while the other one reads its picture; or "each".
    """

    source: Source
    attack: str = "pgd"
    threat: str = "linf"
    eps: float = 8
    steps: int = 40
    goal: int | None = None
    seed: int = 0
    victim: str = "each"

    @property
    def scale(self) -> Scale:
        """The slider of this threat for these pictures."""
        return SCALES[self.source.set, self.threat]


def controls(run: Settings) -> dict[str, Any]:
    """What the controls of a page hold for a run of a test picture.

    Args:
        run: The settings.

    Returns:
        One value per control, in their order.
    """
    picture = {"set": run.source.set, "kind": run.source.kind, "index": run.source.index}
    return {
        "picture": picture,
        "victim": run.victim,
        "attack": run.attack,
        "threat": run.threat,
        "eps": run.eps,
        "steps": run.steps,
        "goal": "any" if run.goal is None else run.goal,
    }


def source(value: Any, pictures: Mapping[str, int]) -> Source:
    """Check where a picture is said to come from.

    Args:
        value: What the page sent.
        pictures: How many test pictures each set has.

    Returns:
        The source; its data is not decoded yet.

    Raises:
        VisitorError: It names nothing that is here.
    """
    sent = value if isinstance(value, dict) else {}
    name = choice("set", sent.get("set", SETS[0]), SETS)
    kind: Kind = choice("kind", sent.get("kind", "test"), ("test", "drawn", "file", "pixels"))
    if kind == "test":
        index = number("picture", sent.get("index", 0), (0, pictures[name] - 1))
        return Source(name, kind, whole("picture", index))
    data = sent.get("data")
    if not isinstance(data, str):
        raise VisitorError("unknown")
    return Source(name, kind, data=data)


def settings(
    picture: Source, values: Mapping[str, Any], attacks: Sequence[str], classes: int
) -> Settings:
    """Check all that a run needs; what Gradio let through is not trusted.

    Args:
        picture: Where the picture comes from.
        values: victim, attack, threat, eps, steps and goal, as the page sent them.
        attacks: Names of the attacks that may be run.
        classes: How many classes the models know.

    Returns:
        The settings.

    Raises:
        VisitorError: One of them is not what it must be.
    """
    threat = choice("threat", values["threat"], THREATS)
    goal = values["goal"]
    return Settings(
        picture,
        choice("attack", values["attack"], attacks),
        threat,
        number("eps", values["eps"], (0, SCALES[picture.set, threat].most)),
        whole("steps", number("steps", values["steps"], (1, MOST_STEPS))),
        None if goal == "any" else whole("goal", number("goal", goal, (0, classes - 1))),
        victim=choice("victim", values["victim"], VICTIMS),
    )


def choice(name: str, value: Any, choices: Sequence[str]) -> Any:
    """Take a value that is one of a few words.

    Args:
        name: Of the setting.
        value: What came.
        choices: What may come.

    Returns:
        The value.

    Raises:
        VisitorError: It is none of them.
    """
    if not isinstance(value, str) or value not in choices:
        raise VisitorError("choice", name=name, choices=", ".join(choices), value=_short(value))
    return value


def number(name: str, value: Any, between: tuple[float, float]) -> float:
    """Take a finite number within bounds; a bool is none.

    Args:
        name: Of the setting.
        value: What came.
        between: Lowest and highest.

    Returns:
        The number.

    Raises:
        VisitorError: It is no such number.

    Examples:
        >>> number("eps", 8, (0, 32))
        8
    """
    low, high = between
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or not low <= value <= high:  # which NaN is not either
        raise VisitorError("number", name=name, low=low, high=high, value=_short(value))
    return value


def whole(name: str, value: float) -> int:
    """Take a number without a fraction.

    Args:
        name: Of the setting.
        value: The number.

    Returns:
        It, as an int.

    Raises:
        VisitorError: It has one.
    """
    if value != int(value):
        raise VisitorError("number", name=name, low=int(value), high=int(value) + 1, value=value)
    return int(value)


def _short(value: object) -> str:
    return repr(value)[:40]
