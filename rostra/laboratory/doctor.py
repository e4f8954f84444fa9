"""`rostra doctor`: what an examination of a model has found, on one page."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from rostra.laboratory.commands import AnyModel, Device, laboratory, radius_of
from rostra.laboratory.loading import model_of
from rostra.laboratory.pictures import card_pictures, pictures_of
from rostra.laboratory.printing import telling
from rostra.laboratory.reporting import finite

if TYPE_CHECKING:
    from torch import Tensor

    from robustlib.diagnosis import Diagnosis
    from robustlib.types import Classifier

Shape = Annotated[str, typer.Option(help="Of one random picture, as 3,32,32.")]
Data = Annotated[
    str, typer.Option(help="Labelled pictures: cifar10, digits, …; or a .npz or .pt file.")
]
Count = Annotated[int | None, typer.Option(min=2, help="Pictures; by default what fits a minute.")]
WORDS = {True: "ok", False: "doubt", None: "–"}


def doctor(
    model: AnyModel,
    *,
    data: Data = "",
    shape: Shape = "",
    count: Count = None,
    eps: Annotated[str, typer.Option(help="At which attacks are compared.")] = "8/255",
    device: Device = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="The record, for programs.")] = False,
) -> None:
    """Examine a model: what would make it look stronger, or weaker, than it is.

    Is the normalisation inside? Are there probabilities, chance, train mode?
    Do rows depend on each other? Is the gradient masked? On test pictures of a
    zoo's model or of --data; else on random ones, which cannot tell whether the
    normalisation is inside. Exits with 1 where there is a doubt.

    Examples:
        rostra doctor signs_robust
            a page: each check, what it saw, and for doubts what to do
        rostra doctor model.py:build --data cifar10
            the same of what build() in model.py returns, on CIFAR-10
    """
    with laboratory():
        from robustlib.diagnosis import diagnose
        from robustlib.run import device_of

        radius, victim = radius_of(eps), model_of(model, device_of(device))
        images, labels, said = _pictures(model, victim, (data, shape), count)
        with telling() as tell:
            found = diagnose(
                victim,
                images,
                labels,
                eps=radius,
                report=lambda name, done, of: tell("doctor", f"examining {name}", done, of),
            )
    if as_json:
        record = {"model": model, "pictures": said, **finite(found.record())}
        typer.echo(json.dumps(record, indent=1, allow_nan=False))
    else:
        page(model, said, found)
    raise typer.Exit(0 if found.healthy else 1)


def _pictures(
    name: str, model: "Classifier", asked: tuple[str, str], count: int | None
) -> "tuple[Tensor, Tensor | None, str]":
    """Pictures, their labels where they are known, and both in words."""
    from robustlib._samples import affordable, drawn, shape_of
    from robustlib.run import zoo

    source, shape = asked
    if source:
        chosen = pictures_of(source, count or affordable(model, _shape_in(source)))
        return chosen.images, chosen.labels, f"{chosen.told}, with labels"
    if shape or name not in zoo():
        sides = _sides(shape) if shape else shape_of(model)
        many = count or affordable(model, sides)
        return drawn(sides, many), None, f"{many} random pictures of {sides}, without labels"
    source = zoo()[name].data
    some = card_pictures(name, count or affordable(model, zoo()[name].image_shape))
    return some.images, some.labels, f"{len(some)} test pictures of {source}, with labels"


def _shape_in(source: str) -> tuple[int, ...]:
    """Of the pictures in --data."""
    return tuple(pictures_of(source, 1).images.shape[1:])


def _sides(text: str) -> tuple[int, ...]:
    try:
        sides = tuple(int(side) for side in text.split(","))
    except ValueError:
        sides = ()
    if not sides or min(sides) < 1:
        raise typer.BadParameter(f"counts as 3,32,32, not {text!r}", param_hint="--shape")
    return sides


def page(model: str, pictures: str, found: "Diagnosis") -> None:
    """Print the verdict: a line a check, and for each doubt why it matters and what to do."""
    console, doubts = Console(), len(found.doubts)
    verdict = "healthy" if found.healthy else f"{doubts} doubt{'s' if doubts > 1 else ''}"
    console.print(f"{model}: {verdict}", style="bold", markup=False)
    console.print(f"{pictures}; {', '.join(_facts(found))}", markup=False, highlight=False)
    table = Table(Column("check", no_wrap=True), "", "seen", box=None, padding=(0, 2, 0, 0))
    for each in found.findings:
        style = "bold red" if each.healthy is False else None
        table.add_row(each.name, WORDS[each.healthy], each.seen, style=style)
    console.print(table)
    for each in found.doubts:
        console.print(f"\n{each.name}: {each.why}.", markup=False, highlight=False)
        console.print(f"  To do: {each.advice}.", markup=False, highlight=False)


def _facts(found: "Diagnosis") -> Iterator[str]:
    """Classes, and how long passes take."""
    if found.classes:
        yield f"{found.classes} classes"
    yield f"{1e3 * found.forward / found.images:.2g} ms a picture forward"
    if found.backward == found.backward:  # else there is no gradient
        yield f"{1e3 * found.backward / found.images:.2g} ms with its gradient"
