"""From the wishes at the command line to an attack, on test pictures or on a picture file."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import typer

from rostra.laboratory import photo
from rostra.laboratory.curving import pictures_for
from rostra.laboratory.loading import model_of
from rostra.laboratory.printing import facts, telling

if TYPE_CHECKING:
    from torch import Tensor

    from robustlib.card import Card
    from robustlib.goals import Goal
    from robustlib.threats import ThreatModel

Shape: TypeAlias = tuple[int, int, int]
"""Channels, height and width."""

SIZE = "HEIGHTxWIDTH, as 224x224"
SIDE = "of a patch, its side in pixels, as 7"


@dataclass(frozen=True)
class Attacking:
    """What stands at the command line.

    Args:
        model: A name of the zoo, or `file.py:function`.
        method: The attack's name.
        threat: The norm's name, or `Patch`.
        eps: The radius.
        seed: Of the run.
        device: Where to work.
        options: The attack's own.
        side: Of a patch, in pixels.
    """

    model: str
    method: str
    threat: str
    eps: float
    seed: int
    device: str
    options: dict[str, Any] = field(default_factory=dict)
    side: int | None = None

    def ball(self) -> "ThreatModel":
        """The threat model.

        Raises:
            InputError: A patch has no side, or a norm has one.
        """
        from robustlib.errors import InputError
        from robustlib.recipe import PATCH, Threat
        from robustlib.run import threat_of

        if self.threat == PATCH and self.side is None:
            raise InputError(f"--threat {PATCH} needs the side of its square in pixels: --size 7")
        if self.threat != PATCH and self.side is not None:
            told = f"--size {self.side} is the side of a patch: say --threat {PATCH} too"
            raise InputError(f"{told}; what your model reads is {SIZE}")
        said = Threat.model_construct(norm=self.threat, eps=self.eps, size=self.side)
        return threat_of(said)


def check_used(picture: Path | None, single: dict[str, Any], several: dict[str, Any]) -> None:
    """Refuse what would be left out without a word, such as the label of a forgotten photo.

    Args:
        picture: The file that is attacked, if one is.
        single: Options that speak of one picture, None where nothing stands.
        several: Options that speak of test pictures.

    Raises:
        InputError: Some stand there that nobody would read.
    """
    from robustlib.errors import InputError

    others, why = several, f"of test pictures, but {picture} is attacked alone"
    if picture is None:
        others, why = single, "of a picture, and none is named: rostra attack MODEL photo.png"
    if unread := ", ".join(name for name, each in others.items() if each is not None):
        raise InputError(f"{unread}: {why}")


def on_pictures(asked: Attacking, data: str | None, count: int) -> None:
    """Attack test pictures; print what it cost and how often it worked."""
    from robustlib.attacks import attacks
    from robustlib.engine import stream
    from robustlib.goals import Misclassify
    from robustlib.run import device_of

    method, threat = attacks[asked.method], asked.ball()
    victim = model_of(asked.model, device_of(asked.device))
    pictures = pictures_for(asked.model, data, count)
    goal = Misclassify(pictures.labels)
    talk = stream(victim, pictures.images, goal, threat, method, seed=asked.seed, **asked.options)
    with telling() as tell:
        for now in talk:
            share = f"fooled {int(now.success.sum())}/{len(pictures)}"
            tell(asked.method, f"{asked.method} on {asked.model}, {share}", now.step, None)
    if now.result is not None:
        facts(f"{asked.method} on {asked.model}", now.result.record())


def on_photo(
    asked: Attacking,
    file: Path,
    *,
    label: str | None,
    target: str | None,
    size: Shape | None,
    out: Path | None,
) -> None:
    """Attack a picture file; write what fools the model and what has changed; say all of it."""
    from robustlib.attacks import attacks
    from robustlib.card import write_aside
    from robustlib.run import device_of, zoo

    method, threat, device = attacks[asked.method], asked.ball(), device_of(asked.device)
    files = places(file, out or Path("runs") / "attack")
    card, model = zoo().get(asked.model), model_of(asked.model, device)
    seen = photo.photo_of(file, shape_of(card, size))
    image, classes = seen.image.to(device), card.classes if card else ()
    before = photo.answer(model, image)
    goal, wish = goal_of(before, classes, label, target)
    typer.echo(f"{file}: {seen.told}; {wish}")
    if photo.reached(model, image, goal):
        typer.echo(f"It is named {photo.named(before, classes)} as it is: there is nothing to do.")
        return
    done = photo.attacked(model, image, goal, threat, method, seed=asked.seed, **asked.options)
    read = photo.saved(done.levels, files[0])
    magnified, factor = photo.changes(read, image)
    write_aside(files[1], magnified)
    holds = photo.reached(model, read, goal) and photo.within_threat(read, image, threat)
    record = done.result.record()
    facts(
        f"{asked.method} on {file.name}",
        {
            "before": photo.named(before, classes),
            "found": photo.named(done.result.outputs, classes),
            "in the file": photo.named(photo.answer(model, read), classes),
            "distance in the file": float(threat.distance(read.double(), image.double())),
            "rounded": done.how,
            **{name: record[name] for name in ("queries", "forwards", "backwards", "seconds")},
        },
    )
    typer.echo(verdict(bool(done.result.success), holds))
    typer.echo(f"Wrote {files[0]}, and {files[1]}: the change, magnified {factor} times.")


def shape_of(card: "Card | None", size: Shape | None) -> Shape | None:
    """What a model reads: as its card says, else as the user does, who must not say both.

    Raises:
        InputError: A size is named, and there is a card.
    """
    from robustlib.errors import InputError

    if card is None or size is None:
        return card.image_shape if card else size
    _, high, wide = card.image_shape
    raise InputError(f"{card.name} reads {high}x{wide}: --size is of a model of your own")


def verdict(success: bool, holds: bool) -> str:
    """What became of it, in a sentence."""
    if holds:
        return "Read back from the file, it fools the model within eps."
    if success:
        return (
            "The attack succeeds, but a file has whole grey levels, and no rounding that was "
            "tried still fools the model: a larger --eps or more --steps may."
        )
    return "The attack does not succeed: a larger --eps, more --steps or --attack worst_case may."


def places(file: Path, folder: Path) -> tuple[Path, Path]:
    """Where the adversarial picture and its changes go; never onto the picture itself.

    Raises:
        InputError: One of them is the picture that is attacked.
    """
    from robustlib.errors import InputError

    pair = folder / f"{file.stem}-adversarial.png", folder / f"{file.stem}-change.png"
    if any(each.resolve() == file.resolve() for each in pair):
        raise InputError(f"{file} would be overwritten: name another folder with --out")
    return pair


def sizes_of(sizes: list[str]) -> tuple[Shape | None, int | None]:
    """What a model reads, written as `224x224`, of colours; and a patch's side, written as `7`.

    Raises:
        InputError: One is neither, or both are the same.

    Examples:
        >>> sizes_of(["32x48", "7"]), sizes_of([])
        (((3, 32, 48), 7), (None, None))
    """
    from robustlib.errors import InputError

    shape, side = None, None
    for size in sizes:
        high, cross, wide = size.lower().partition("x")
        whole = high.isdecimal() and int(high) > 0
        if whole and not cross and side is None:
            side = int(high)
        elif whole and wide.isdecimal() and int(wide) > 0 and shape is None:
            shape = 3, int(high), int(wide)
        else:
            raise InputError(f"--size is {SIZE}, or {SIDE}, and each once: not {size!r}")
    return shape, side


def goal_of(
    before: "Tensor", classes: tuple[str, ...], label: str | None, target: str | None
) -> "tuple[Goal, str]":
    """What is wanted of the model's answer, and the same in words."""
    import torch

    from robustlib.errors import InputError
    from robustlib.goals import Misclassify, Target

    if label is not None and target is not None:
        raise InputError("--label names the class to lead away from, --target the one to lead to")
    count = before.shape[1]
    if target is not None:
        wanted = photo.class_of(target, classes, count)
        return Target(torch.tensor([wanted])), f"wanted: {photo.class_name(wanted, classes)}"
    own = int(before.argmax()) if label is None else photo.class_of(label, classes, count)
    said = photo.class_name(own, classes)
    known = "as the model says; --label says what it is" if label is None else "as you say"
    return Misclassify(torch.tensor([own])), f"wanted: anything but {said}, {known}"
