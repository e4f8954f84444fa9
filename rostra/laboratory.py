"""The commands that compute: train, attack, evaluate, models, demo. Each needs torch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

if TYPE_CHECKING:
    from robustlib.data._base import Dataset
    from robustlib.judge import Judging
    from robustlib.training._loop import TrainingProgress

lab = typer.Typer(no_args_is_help=True)
PANEL = "The laboratory (needs torch: pip install 'rostra[lab]')"

Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same numbers.")]
Model = Annotated[str, typer.Argument(help="A model of the zoo; `rostra models` lists them.")]
Count = Annotated[int | None, typer.Option(min=1, help="How many of the test pictures.")]


def fail(message: object) -> typer.Exit:
    """Say on standard error what is wrong; the caller raises what this returns."""
    typer.secho(str(message), fg="red", err=True)
    return typer.Exit(1)


@contextmanager
def laboratory() -> Iterator[None]:
    """Refuse where torch is missing; turn what users can mend into one message."""
    if find_spec("torch") is None:
        raise fail("This command computes and needs torch: pip install 'rostra[lab]'")
    from robustlib.errors import RobustlibError

    try:
        yield
    except RobustlibError as error:
        raise fail(error) from None


def radius(text: str) -> float:
    """Read `8/255` or `0.03`.

    Examples:
        >>> radius("8/255") == 8 / 255
        True
    """
    try:
        number = float(Fraction(text))
    except (ValueError, ZeroDivisionError):
        number = 0.0
    if number <= 0:
        raise typer.BadParameter(f"a number above 0 such as 8/255 or 0.03, not {text!r}")
    return number


def pictures_for(model: str, count: int | None) -> "Dataset":
    """The test pictures that a model's recipe names: all of them, or the first so many."""
    import torch

    from robustlib.recipe import recipe
    from robustlib.run import pictures_of, zoo

    pictures = pictures_of(recipe(zoo()[model].recipe).test)
    return pictures if count is None else pictures.take(torch.arange(min(count, len(pictures))))


def bar() -> Progress:
    """A progress bar with the time left, on standard error."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def percent(share: float | None) -> str:
    """Write a share of one as a percentage."""
    return "–" if share is None else f"{share:.1%}"


@lab.command(rich_help_panel=PANEL)
def train(
    recipe: Annotated[str, typer.Argument(help="Name of a recipe; --list names them.")] = "",
    device: Annotated[str, typer.Option(help="By default the recipe's.")] = "",
    out: Annotated[Path | None, typer.Option(help="Where to; by default runs/RECIPE.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the recipes.")] = False,
) -> None:
    """Train a model of the zoo again, judge it and write its weights and card.

    Interrupted, it continues where it stopped when it is started again. Its log (CSV and JSON) and
    its checkpoint lie in the same folder. The zoo's card states time, figures and tolerance.
    """
    with laboratory():
        from robustlib.recipe import RECIPES, read_recipe
        from robustlib.run import run

        if listed or not recipe:
            for each in map(read_recipe, sorted(RECIPES.glob("*.yaml"))):
                typer.echo(f"{each.name:18} {each.summary}")
            return
        with bar() as shown:
            report, judging = _training(shown), _judging(shown)
            card = run(recipe, device=device or None, out=out, report=report, judging=judging)
        at = f"{card.threat.norm} eps {card.threat.eps:.4g}"
        figures = f"clean {percent(card.clean_accuracy)}, robust {percent(card.robust_accuracy)}"
        folder = out or Path("runs") / recipe
        typer.echo(f"{card.name}: {figures} at {at}, {card.seconds} s, in {folder}")


def _training(shown: Progress) -> "Callable[[TrainingProgress], None]":
    task = shown.add_task("training", total=None)

    def report(now: "TrainingProgress") -> None:
        words = f"epoch {now.epoch}/{now.epochs}, loss {now.loss:.3f}, right {now.accuracy:.1%}"
        shown.update(task, completed=now.step, total=now.steps, description=words)

    return report


def _judging(shown: Progress) -> "Judging":
    task = shown.add_task("judging", total=None)

    def report(done: int, attacks: int, left: int) -> None:
        words = f"judging, {left} still right"
        shown.update(task, completed=done, total=attacks, description=words)

    return report


@lab.command(rich_help_panel=PANEL)
def attack(
    model: Model,
    *,
    method: Annotated[str, typer.Option("--attack", help="noise, fgsm, pgd, deepfool, …")] = "pgd",
    threat: Annotated[str, typer.Option(help="Linf or L2.")] = "Linf",
    eps: Annotated[str, typer.Option(help="Budget in pixel units of [0, 1].")] = "8/255",
    steps: Annotated[int | None, typer.Option(min=1, help="Steps, where there are any.")] = None,
    count: Count = 100,
    seed: Seed = 0,
    device: Device = "auto",
) -> None:
    """Attack a model on its test pictures and print what it cost and how often it worked.

    Example: rostra attack signs_standard --attack pgd --eps 4/255 --steps 40
    """
    with laboratory():
        from robustlib.attacks import attacks
        from robustlib.engine import stream
        from robustlib.goals import Misclassify
        from robustlib.recipe import Threat
        from robustlib.run import device_of, load_model, threat_of

        victim, pictures = load_model(model, device_of(device)), pictures_for(model, count)
        options: dict[str, Any] = {} if steps is None else {"steps": steps}
        ball = threat_of(Threat(norm=threat, eps=radius(eps)))
        goal = Misclassify(pictures.labels)
        with bar() as shown:
            task = shown.add_task(f"{method} on {model}", total=None)
            for now in stream(
                victim, pictures.images, goal, ball, attacks[method], seed=seed, **options
            ):
                fooled = f"{method} on {model}, fooled {int(now.success.sum())}/{len(pictures)}"
                shown.update(task, completed=now.step, description=fooled)
        if now.result is not None:
            _table(f"{method} on {model}", now.result.record())


def _table(title: str, record: dict[str, Any]) -> None:
    table = Table(title=title, show_header=False)
    for name, value in record.items():
        table.add_row(name, f"{value:.4g}" if isinstance(value, float) else str(value))
    Console().print(table)


@lab.command(rich_help_panel=PANEL)
def evaluate(
    model: Model,
    eps: Annotated[str | None, typer.Option(help="Budget; by default the card's.")] = None,
    count: Count = None,
    seed: Seed = 0,
    device: Device = "auto",
) -> None:
    """Judge a model: clean accuracy, and robust accuracy under the strongest attack we have.

    PGD on the margin with restarts, then PGD towards each other class, then Square, each on what
    the one before has left. With the defaults it repeats the card's figures.
    """
    with laboratory():
        from robustlib.judge import judge
        from robustlib.run import device_of, load_model, threat_of, zoo

        victim, pictures = load_model(model, device_of(device)), pictures_for(model, count)
        card = zoo()[model]
        said = card.threat if eps is None else card.threat.model_copy(update={"eps": radius(eps)})
        with bar() as shown:
            ball, report = threat_of(said), _judging(shown)
            verdict = judge(victim, pictures, ball, seed=seed, report=report)
        table = Table(title=f"{model} on {len(pictures)} test pictures")
        for column in ("", "measured", "card"):
            table.add_column(column, justify="right" if column else "left")
        table.add_row("clean", percent(verdict.clean_accuracy), percent(card.clean_accuracy))
        on_card = card.robust_accuracy if said == card.threat else None
        name = f"robust, {said.norm} {said.eps:.4g}"
        table.add_row(name, percent(verdict.robust_accuracy), percent(on_card))
        Console().print(table)


@lab.command(rich_help_panel=PANEL)
def models() -> None:
    """List the trained models that ship with the library, from their cards."""
    with laboratory():
        from robustlib.run import zoo

        table = Table(title="The zoo")
        for column in ("model", "data", "parameters", "clean", "robust", "at", "judged on"):
            table.add_column(column)
        for name, card in zoo().items():
            clean, robust = percent(card.clean_accuracy), percent(card.robust_accuracy)
            at = f"{card.threat.norm} {card.threat.eps:.4g}"
            size = f"{card.parameters:,}"
            table.add_row(name, card.data, size, clean, robust, at, card.judged_on)
        Console().print(table)


@lab.command(rich_help_panel=PANEL)
def demo(
    name: Annotated[str, typer.Argument(help="A demo; none lists them.")] = "",
    record: Annotated[bool, typer.Option("--record", help="Record the run for its page.")] = False,
    device: Device = "auto",
    project: Annotated[Path, typer.Option("--project", "-C", help="Folder of demos/.")] = Path(),
) -> None:
    """List the demos, or record the real run of one that its page shows where no server answers.

    To use a demo, `rostra serve` and open /gallery/NAME/.
    """
    from rostra.sitegen import inventory

    known = {each.id: each.title for each in inventory.read(project).demos}
    if not name:
        for each, title in known.items():
            typer.echo(f"{each:20} {title}  /gallery/{each}/")
        return
    if name not in known:
        raise fail(f"no demo is called {name!r}; there is: {', '.join(known)}")
    if not record:
        raise fail(f"to use it: rostra serve, then open /gallery/{name}/; to record it: --record")
    with laboratory():
        from robustlib.run import device_of
        from rostra.live.recording import record as record_run

        path = project / "docs/assets/recordings" / f"{name}.json"
        record_run(path, device=device_of(device))
        typer.echo(f"Wrote {path}")
