"""The commands that compute: train, attack, evaluate, models. Each needs torch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from rostra.laboratory.attacking import (
    SIDE,
    SIZE,
    Attacking,
    check_used,
    on_photo,
    on_pictures,
    sizes_of,
)
from rostra.laboratory.evaluating import Wishes, draw
from rostra.laboratory.loading import place_of, said
from rostra.laboratory.pictures import card_pictures
from rostra.laboratory.printing import Tell, beside, cards, percent, telling
from rostra.refusal import fail

if TYPE_CHECKING:
    from robustlib.card import Card
    from robustlib.judge import Judging
    from robustlib.training._loop import TrainingProgress

lab = typer.Typer(no_args_is_help=True)
LAB = "pip install 'rostra[lab]'"
PANEL = escape(f"The laboratory (needs torch: {LAB})")  # to Rich, [lab] is a style

Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps.")]
Model = Annotated[str, typer.Argument(help="A model of the zoo; `rostra models` lists them.")]
AnyModel = Annotated[str, typer.Argument(help="A model of the zoo, or file.py:function.")]
SIZES = f"What your model reads: {SIZE}; {SIDE}."
METHOD = "Its name; --list names them. By default pgd, of a patch lavan."
BUDGET = "Budget in pixel units of [0, 1]; by default 8/255, of a patch 1, which is any colour."
EPS = "8/255, a range 0:16/255, or a list 0,2/255,4/255; by default the card's."
Count = Annotated[int | None, typer.Option(min=1, help="How many of the test pictures.")]
MANY = 100
TestCount = Annotated[
    int | None, typer.Option(min=1, help=f"How many of the test pictures; by default {MANY}.")
]
SHOWN = "the model was shown"  # what the engine notes on what a model raises


@contextmanager
def laboratory() -> Iterator[None]:
    """Refuse where torch is missing; turn what users can mend into one message."""
    if find_spec("torch") is None:
        raise fail(f"This command computes and needs torch: {LAB}")
    from robustlib.errors import RobustlibError

    try:
        yield
    except RobustlibError as error:
        raise fail(error) from None
    except Exception as error:
        notes = [one for one in getattr(error, "__notes__", ()) if one.startswith(SHOWN)]
        if notes:  # a model of one's own failed
            place = place_of(error)
            raise fail(f"{place}{': ' * bool(place)}{said(error)}; {notes[0]}") from None
        if not isinstance(error, OSError) or error.filename is None:  # a broken pipe, say
            raise
        raise fail(f"{error.filename}: {error.strerror}") from None


def radius_of(text: str) -> float:
    """Read `8/255`, `8 / 255` or `0.03`, and refuse what is no radius."""
    from robustlib.recipe import radius

    try:
        number = radius(text)
    except ValueError:
        number = 0.0
    if number <= 0:
        wanted = f"a number above 0 such as 8/255 or 0.03, not {text!r}"
        raise typer.BadParameter(wanted, param_hint="--eps")
    return number


@lab.command(rich_help_panel=PANEL)
def train(
    recipe: Annotated[str, typer.Argument(help="Name of a recipe; --list names them.")] = "",
    device: Annotated[str, typer.Option(help="By default the recipe's.")] = "",
    out: Annotated[Path | None, typer.Option(help="Where to; by default runs/RECIPE.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the recipes.")] = False,
) -> None:
    """Train a model of the zoo again, judge it and write its weights and card.

    Interrupted, it continues where it stopped when it is started again; log and
    checkpoint lie in the same folder. Its figures are printed beside those of the
    zoo's card: further apart than the card's tolerance, it exits with 1.

    Examples:
        rostra train --list
            the recipes that ship with the library
        rostra train digits_standard
            runs/digits_standard/ with weights and card; its figures and the zoo's
    """
    with laboratory():
        from robustlib.recipe import RECIPES, read_recipe
        from robustlib.run import run, zoo

        if listed or not recipe:
            for each in map(read_recipe, sorted(RECIPES.glob("*.yaml"))):
                typer.echo(f"{each.name:18} {each.summary}")
            return
        with telling() as tell:
            report, judging = _training(tell), _judging(tell)
            card = run(recipe, device=device or None, out=out, report=report, judging=judging)
        figures = f"clean {percent(card.clean_accuracy)}, robust {percent(card.robust_accuracy)}"
        folder = out or Path("runs") / recipe
        typer.echo(f"{card.name}: {figures}, {card.seconds} s, in {folder}")
        if shipped := zoo().get(recipe):
            confirm(card, shipped)


def confirm(came: "Card", zoo: "Card") -> None:
    """Print a run's figures beside those of the zoo's card; exit with 1 beyond its tolerance."""
    beside(came.name, came, zoo, came.threat)
    points = f"{100 * zoo.tolerance:g} percentage points"
    if not repeats(came, zoo):
        raise fail(f"Not the card's figures: they are more than {points} apart, its tolerance.")
    typer.echo(f"The card's figures: they are at most {points} apart, its tolerance.")


def repeats(came: "Card", zoo: "Card") -> bool:
    """Whether both accuracies of a run lie within the tolerance of the zoo's card."""
    clean = came.clean_accuracy - zoo.clean_accuracy
    robust = came.robust_accuracy - zoo.robust_accuracy
    return round(max(abs(clean), abs(robust)), 4) <= zoo.tolerance  # cards have four digits


def _training(tell: Tell) -> "Callable[[TrainingProgress], None]":
    def report(now: "TrainingProgress") -> None:
        words = f"epoch {now.epoch}/{now.epochs}, loss {now.loss:.3f}, right {now.accuracy:.1%}"
        tell("training", words, now.step, now.steps)

    return report


def _judging(tell: Tell) -> "Judging":
    def report(done: int, attacks: int, left: int) -> None:
        tell("judging", f"judging, {left} still right", done, attacks)

    return report


@lab.command(rich_help_panel=PANEL)
def attack(
    model: AnyModel = "",
    picture: Annotated[Path | None, typer.Argument(help="A PNG or JPEG; none: test ones.")] = None,
    *,
    method: Annotated[str | None, typer.Option("--attack", help=METHOD)] = None,
    threat: Annotated[str, typer.Option(help="Linf, L2, L1 or L0; or Patch: --size 7.")] = "Linf",
    eps: Annotated[str | None, typer.Option(help=BUDGET)] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Steps, where there are any.")] = None,
    count: TestCount = None,
    seed: Annotated[int, typer.Option(min=0, help="The same gives the same numbers.")] = 0,
    device: Device = "auto",
    data: Annotated[str | None, typer.Option(help="A data set, or a .npz or .pt file.")] = None,
    label: Annotated[str | None, typer.Option(help="What the picture shows.")] = None,
    target: Annotated[str | None, typer.Option(help="What the model is to say.")] = None,
    size: Annotated[list[str] | None, typer.Option(help=SIZES)] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; by default runs/attack.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the attacks.")] = False,
) -> None:
    """Attack a model on its test pictures, or on a picture of yours; print what it cost.

    White-box attacks see the model's gradients, score attacks what it answers,
    decision attacks only what it decides. `--threat Patch --size 7` changes one
    square, wherever it harms most. Of a picture, what fools the model is written
    as a PNG, read back and looked at again.

    Examples:
        rostra attack signs_standard --attack pgd --eps 4/255 --steps 40
            how many of 100 pictures were misread, how far each moved, the queries
        rostra attack signs_standard photo.png --label stop
            runs/attack/photo-adversarial.png, and photo-change.png, magnified
    """
    with laboratory():
        from robustlib.recipe import PATCH
        from rostra.laboratory.curving import norm_of

        if listed or not model:
            _catalogue()
            return
        options: dict[str, Any] = {} if steps is None else {"steps": steps}
        shape, side = sizes_of(size or [])
        kind = norm_of(threat, patches=True)
        usual, most = ("lavan", "1") if kind == PATCH else ("pgd", "8/255")
        radius = radius_of(most if eps is None else eps)
        asked = Attacking(model, method or usual, kind, radius, seed, device, options, side)
        single = {"--label": label, "--target": target, "--size": shape, "--out": out}
        check_used(picture, single, {"--data": data, "--count": count})
        if picture is None:
            on_pictures(asked, data, count or MANY)
        else:
            on_photo(asked, picture, label=label, target=target, size=shape, out=out)


def _catalogue() -> None:
    from robustlib.attacks import attacks
    from robustlib.questions import access_of

    for name, each in attacks.items():
        does = (each.__doc__ or "").splitlines()[0]
        typer.echo(f"{name:12} {access_of(each)!s:10} {does}")


@lab.command(rich_help_panel=PANEL)
def evaluate(
    model: AnyModel,
    *,
    eps: Annotated[str | None, typer.Option(help=EPS)] = None,
    count: Count = None,
    seed: Annotated[int | None, typer.Option(min=0, help="By default the card's, or 0.")] = None,
    device: Device = "auto",
    threat: Annotated[str | None, typer.Option(help="Linf, L2, L1 or L0: draws a curve.")] = None,
    points: Annotated[int | None, typer.Option(min=2, help="Of a range; by default 9.")] = None,
    attacks: Annotated[str | None, typer.Option(help="Names, with commas: draws curves.")] = None,
    together: Annotated[
        bool, typer.Option("--together", help="One curve: each attack on what the others left.")
    ] = False,
    data: Annotated[str | None, typer.Option(help="A data set, or a .npz or .pt file.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the curves are written.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after a kill.")] = False,
) -> None:
    """Judge a model: clean accuracy, and robust accuracy under the strongest attack we have.

    PGD on the margin with restarts, then PGD towards each other class, then
    Square, each on what the one before has left. With the defaults it judges as
    the card's run did: the same pictures, eps, attacks and seed. Another
    processor rounds differently, which may turn a picture in five hundred.

    Over several radii it draws robustness curves, one for each attack: figures,
    tables and a report. What is known from a smaller radius is not asked again,
    and a run that was killed goes on with --resume. A model of your own is
    file.py:function; its pictures are named with --data.

    Examples:
        rostra evaluate digits_standard
            clean and robust accuracy beside those of its card
        rostra evaluate signs_robust --eps 0:16/255 --attacks worst_case,pgd --count 100
            runs/signs_robust-Linf/ with curve.png, .svg, .csv, .json and report.md
    """
    with laboratory():
        from rostra.laboratory.curving import is_grid

        wishes = threat, points, attacks, data, out
        if is_grid(eps) or any(wish is not None for wish in wishes) or together or resume:
            wished = Wishes(model, eps, threat, points, attacks, seed, together)
            draw(wished, data=data, count=count, device=device, out=out, resume=resume)
            return
        _judged(model, eps, count, seed, device)


def _judged(model: str, eps: str | None, count: int | None, seed: int | None, device: str) -> None:
    from robustlib.judge import judge
    from robustlib.run import device_of, load_model, threat_of, zoo

    if ":" in model:
        raise fail(f"{model} has no card to be judged by: say --data and --eps 0:16/255")
    victim, pictures = load_model(model, device_of(device)), card_pictures(model, count)
    card = zoo()[model]
    wished = {} if eps is None else {"eps": radius_of(eps)}
    said = card.threat.model_copy(update=wished)
    chosen = card.seed if seed is None else seed
    ball = threat_of(said)
    with telling() as tell:
        tell("judging", f"judging {model} on {len(pictures)} pictures", 0, None)
        verdict = judge(victim, pictures, ball, seed=chosen, report=_judging(tell))
    beside(f"{model} on {len(pictures)} test pictures", verdict, card, said)


@lab.command(rich_help_panel=PANEL)
def models() -> None:
    """List the trained models that ship with the library, from their cards.

    The site's models page shows the cards whole.

    Examples:
        rostra models
            a line a model: data, size, clean and robust accuracy; how judged
    """
    with laboratory():
        from robustlib.run import zoo

        cards(zoo())
