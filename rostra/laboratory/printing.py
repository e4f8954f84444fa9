"""What the computing commands print: how far they are, and tables of what came out."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import typer
from rich import progress
from rich.console import Console
from rich.table import Column, Table

from rostra.laboratory.plotting import written

if TYPE_CHECKING:
    from robustlib.card import Card
    from robustlib.curves import Curve
    from robustlib.judge import Verdict
    from robustlib.recipe import Threat

Tell: TypeAlias = Callable[[str, str, int, int | None], None]
"""tell(task, words, done, of): how far a task is; of is None where nobody knows its length."""

PAUSE = 5.0
"""Seconds between two lines where no terminal listens: a log of an hour can still be read."""


@contextmanager
def telling() -> Iterator[Tell]:
    """Tell on standard error how far the work is: by a bar at a terminal, else by plain lines."""
    console = Console(stderr=True)
    if not console.is_terminal:
        with in_lines(partial(typer.echo, err=True)) as tell_in_lines:
            yield tell_in_lines
        return
    with progress.Progress(
        "{task.description}",
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
        "left",
        progress.TimeRemainingColumn(),
        console=console,
    ) as shown:
        tasks: dict[str, progress.TaskID] = {}

        def tell(task: str, words: str, done: int, of: int | None) -> None:
            if task not in tasks:
                tasks[task] = shown.add_task(words)
            shown.update(tasks[task], description=words, completed=done, total=of)

        yield tell


@contextmanager
def in_lines(
    say: Callable[[str], None], clock: Callable[[], float] = time.monotonic
) -> Iterator[Tell]:
    """Tell by a line at first, at the end, and every few seconds in between.

    The end is the last of the steps; where nobody knows how many there are, that of the `with`.

    Args:
        say: Takes a line.
        clock: Tells the time, in seconds.
    """
    began = clock()
    due = began
    unsaid = ""
    first: dict[str, tuple[float, int]] = {}

    def tell(task: str, words: str, done: int, of: int | None) -> None:
        nonlocal due, unsaid
        now = clock()
        share = f", {done}/{of}" if of else ""
        then, before = first.setdefault(task, (now, done))
        rest = left(now - then, done - before, (of or done) - done)
        unsaid = f"{words}{share}, after {now - began:.0f} s{rest}"
        if now >= due or done == of:
            due = now + PAUSE
            say(unsaid)
            unsaid = ""

    try:
        yield tell
    finally:
        if unsaid:
            say(unsaid)


def left(seconds: float, done: int, rest: int) -> str:
    """How long the rest will take at the pace so far; nothing where there is no pace or no rest.

    Examples:
        >>> left(10.0, 2, 3), left(10.0, 0, 3), left(240.0, 1, 1)
        (', about 15 s left', '', ', about 4 min left')
    """
    if done <= 0 or rest <= 0:
        return ""
    wait = seconds / done * rest
    return f", about {wait:.0f} s left" if wait < 120 else f", about {wait / 60:.0f} min left"


def percent(share: float | None) -> str:
    """Write a share of one as a percentage."""
    return "–" if share is None else f"{share:.1%}"


def budget(threat: "Threat") -> str:
    """Write a threat model as its field does: grey levels over 255 where they are whole.

    Examples:
        >>> from robustlib.recipe import Threat
        >>> [budget(Threat(norm="Linf", eps=eps)) for eps in ("8/255", "0.15")]
        ['Linf 8/255', 'Linf 0.15']
        >>> budget(Threat(norm="Patch", size=7)), budget(Threat(norm="Patch", size=7, eps=0.5))
        ('Patch 7 x 7', 'Patch 7 x 7, eps 0.5')
    """
    if threat.size is not None:
        near = "" if threat.eps == 1 else f", eps {threat.eps:.4g}"
        return f"{threat.norm} {threat.size} x {threat.size}{near}"
    return f"{threat.norm} {written(threat.eps, threat.norm)}"


def beside(title: str, came: "Card | Verdict", card: "Card", threat: "Threat") -> None:
    """Print what came out beside what a card says, where that speaks of the same threat."""
    figures = [Column(name, justify="right") for name in ("this run", "card")]
    table = Table("", *figures, title=title)
    said = card.robust_accuracy if threat == card.threat else None
    table.add_row("clean", percent(came.clean_accuracy), percent(card.clean_accuracy))
    table.add_row(f"robust, {budget(threat)}", percent(came.robust_accuracy), percent(said))
    Console().print(table)


def shares(title: str, norm: str, curves: Mapping[str, "Curve"]) -> None:
    """Print a line a radius, and what share each curve leaves there."""
    table = Table(f"eps, {norm}", *(Column(name, justify="right") for name in curves), title=title)
    for eps in next(iter(curves.values())).radii:
        row = (percent(one.robust_accuracy(eps)) for one in curves.values())
        table.add_row(written(eps, norm), *row)
    Console().print(table)


def facts(title: str, record: Mapping[str, Any]) -> None:
    """Print names and values, a line each."""
    table = Table(title=title, show_header=False)
    for name, value in record.items():
        table.add_row(name, f"{value:.4g}" if isinstance(value, float) else str(value))
    Console().print(table)


def cards(zoo: Mapping[str, "Card"]) -> None:
    """Print a line a model, and below the table which pictures have judged them."""
    figures = [Column(name, justify="right") for name in ("parameters", "clean", "robust")]
    table = Table(Column("model", no_wrap=True), "data", *figures, "at", title="The zoo")
    judged: dict[str, list[str]] = {}
    for name, card in zoo.items():
        accuracies = percent(card.clean_accuracy), percent(card.robust_accuracy)
        table.add_row(name, card.data, f"{card.parameters:,}", *accuracies, budget(card.threat))
        judged.setdefault(card.judged_on, []).append(name)
    Console().print(table)
    for pictures, names in judged.items():
        typer.echo(f"{', '.join(names)}: judged on {pictures}.")
