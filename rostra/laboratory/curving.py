"""`rostra evaluate` over many radii: what is asked, read and checked, and the curves of it."""

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rostra.laboratory.pictures import Pictures, of_model, pictures_of
from rostra.laboratory.printing import Tell

if TYPE_CHECKING:
    from robustlib.curves import Curve, Shards, Sweeping
    from robustlib.types import Classifier

POINTS = 9
TOGETHER = "all together"


@dataclass(frozen=True)
class Asked:
    """What stands at the command line, in so far as the curve depends on it.

    Args:
        model: A name of the zoo, or `file.py:function`.
        norm: The threat model's name.
        radii: Rising.
        attacks: Their names.
        together: Whether each attacks only what those before it have left.
        seed: Of the runs.
    """

    model: str
    norm: str
    radii: tuple[float, ...]
    attacks: tuple[str, ...]
    together: bool = False
    seed: int = 0

    @property
    def name(self) -> str:
        """The model's, without the folders that its file lies in."""
        return re.split(r"[/\\]", self.model)[-1]


def is_grid(eps: str | None) -> bool:
    """Whether several radii are asked for."""
    return eps is not None and (":" in eps or "," in eps)


def radii_of(text: str, points: int | None, norm: str) -> tuple[float, ...]:
    """The radii that are written as `8/255`, `0:16/255` or `0,2/255,4/255`.

    Args:
        text: One radius, which is looked at beside 0; two with a colon, both ends of an even grid;
            or several with commas.
        points: Of an even grid; by default 9.
        norm: In L0 radii are whole numbers of pixels.

    Raises:
        typer.BadParameter: It is none of these.

    Examples:
        >>> [round(255 * eps, 6) for eps in radii_of("0:16/255", 5, "Linf")]
        [0.0, 4.0, 8.0, 12.0, 16.0]
        >>> radii_of("0.5", None, "L2"), radii_of("0, 1/4, 1", None, "L2")
        ((0.0, 0.5), (0.0, 0.25, 1.0))
        >>> radii_of("0:4", 3, "L0"), radii_of("0:3", 9, "L0")
        ((0.0, 2.0, 4.0), (0.0, 1.0, 2.0, 3.0))
    """
    ends = text.split(":")
    if points is not None and len(ends) != 2:
        raise _refused(text, "--points are those of a range: --eps 0:16/255 --points 9")
    if len(ends) == 2:
        low, high = (_number(end, text) for end in ends)
        many = (POINTS if points is None else points) - 1
        found = [low + (high - low) * step / many for step in range(many + 1)]
    else:
        found = [_number(each, text) for each in text.split(",")]
        found = [Fraction(0), *found] if len(found) == 1 and found[0] else found
    if norm == "L0":
        found = sorted({Fraction(round(each)) for each in found})
    if any(low >= high for low, high in pairwise(found)):
        raise _refused(text, "radii rise from left to right")
    return tuple(map(float, found))


def _number(text: str, whole: str) -> Fraction:
    from robustlib.recipe import radius

    try:
        radius(text)
        number = Fraction(re.sub(r"\s", "", text))
    except ValueError:
        number = Fraction(-1)
    if number < 0:
        raise _refused(whole, f"{text!r} is no radius ≥ 0")
    return number


def _refused(text: str, why: str) -> typer.BadParameter:
    wanted = "a radius 8/255, a range 0:16/255 with both ends, or a list 0,2/255,4/255"
    return typer.BadParameter(f"{wanted}, not {text!r}: {why}", param_hint="--eps")


def norm_of(text: str, *, patches: bool = False) -> str:
    """The name of a norm, however its letters are written.

    Args:
        text: As it is written.
        patches: Whether it may be a patch instead.

    Raises:
        UnknownNameError: There is none of that name.
        InputError: A patch is named where only norms are meant.

    Examples:
        >>> norm_of("linf"), norm_of("L2"), norm_of("patch", patches=True)
        ('Linf', 'L2', 'Patch')
    """
    from robustlib.errors import InputError, UnknownNameError
    from robustlib.recipe import PATCH
    from robustlib.run import NORMS

    known = {name.lower(): name for name in NORMS}
    if patches:
        known[PATCH.lower()] = PATCH
    elif text.lower() == PATCH.lower():
        attacked = f"rostra attack MODEL --threat {PATCH} --size 7"
        raise InputError(f"a curve runs over the radii of a norm; for a patch there is {attacked}")
    if text.lower() not in known:
        raise UnknownNameError(text, known.values(), kind="norm")
    return known[text.lower()]


def attacks_of(text: str) -> tuple[str, ...]:
    """The names of attacks, with commas between; an unknown one is refused."""
    from robustlib.attacks import attacks
    from robustlib.errors import InputError

    found = {name: attacks[name] for name in filter(None, map(str.strip, text.split(",")))}
    if not found:
        raise InputError(f"--attacks names attacks with commas between, not {text!r}")
    return tuple(found)


def pictures_for(model: str, data: str | None, count: int | None) -> Pictures:
    """What a model is attacked on: the data that is named, or its card's."""
    from robustlib.errors import InputError

    if data is not None:
        return pictures_of(data, count)
    if ":" in model:
        raise InputError(
            f"{model} has no card that names its test pictures: --data takes a data set of the "
            "library, or a .npz or .pt file with images and labels"
        )
    return of_model(model, count)


def curves_of(
    asked: Asked,
    model: "Classifier",
    pictures: Pictures,
    *,
    folder: Path,
    resume: bool,
    tell: Tell,
) -> "dict[str, Curve]":
    """A curve for each attack, and first of several the one of all of them.

    Args:
        asked: What is asked.
        model: The victim.
        pictures: Where its labels are known.
        folder: Where finished shards are kept, a folder for each curve.
        resume: Whether those that are there are taken.
        tell: Says how far it is.

    Returns:
        By name, the lowest first.
    """
    from robustlib.attacks import attacks
    from robustlib.curves import Shards, curve, lowest
    from robustlib.goals import Misclassify
    from robustlib.run import NORMS

    groups = [asked.attacks] if asked.together else [(name,) for name in asked.attacks]
    found = {}
    for group in groups:
        name = group[0] if len(group) == 1 else TOGETHER
        shards = Shards(folder / "_".join(group), resume=resume)
        found[name] = curve(
            model,
            pictures.images,
            Misclassify(pictures.labels),
            NORMS[asked.norm],
            asked.radii,
            attacks={each: attacks[each] for each in group},
            seed=asked.seed,
            shards=shards,
            origin=_text_of(asked.model),
            report=_report(tell, name),
        )
        for line in _said(shards):
            typer.echo(f"{name}: {line}", err=True)
    return {TOGETHER: lowest(list(found.values())), **found} if len(found) > 1 else found


def _report(tell: Tell, name: str) -> "Sweeping":
    def report(done: int, of: int, words: str) -> None:
        tell(name, f"{name}: {words}" if words != name else name, done, of)

    return report


def _said(shards: "Shards") -> list[str]:
    """What became of the shards that were there."""
    said = {
        f"{len(shards.taken)} finished shards taken from {shards.folder}": shards.taken,
        f"{len(shards.damaged)} damaged shards done again": shards.damaged,
        f"{shards.others} shards of other settings left alone": shards.others,
    }
    return [words for words, some in said.items() if some]


def _text_of(model: str) -> str:
    """What a user's model depends on besides its weights: the text of its file."""
    file = Path(model.rpartition(":")[0])
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
