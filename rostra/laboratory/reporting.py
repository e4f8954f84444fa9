"""What `rostra evaluate` leaves behind: figures, tables and a report that says what was asked."""

import csv
import io
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rostra.laboratory.curving import TOGETHER, Asked
from rostra.laboratory.drawing import DARK, LIGHT, png, svg
from rostra.laboratory.pictures import Pictures
from rostra.laboratory.plotting import BANDS, Series, Shape, figure, written

if TYPE_CHECKING:
    from robustlib.curves import Curve

Curves = Mapping[str, "Curve"]
RULE = (
    "A picture counts as fooled within eps once the model was shown a point of [0, 1] within eps "
    "of it and named another class than its label there; one that is named wrongly as it is counts "
    "as fooled from 0 on. Of several attacks any one counts. The pictures were chosen before any "
    "attack, and none is left out. An attack that looks for the nearest success by itself has run "
    "once; every other one at each radius, on the pictures that were still unfooled there."
)


def write(
    folder: Path, asked: Asked, pictures: Pictures, curves: Curves, command: str
) -> list[str]:
    """Write every form of the result.

    Args:
        folder: Where to; it is there.
        asked: What was asked.
        pictures: What was attacked.
        curves: By name, the lowest first.
        command: What was typed.

    Returns:
        The files' names.
    """
    from robustlib.card import write_aside

    shapes = _figure(asked, pictures, curves)
    told = f"Robust accuracy of {asked.name} over eps, {asked.norm}: {', '.join(curves)}"
    files = {
        "curve.png": png(shapes, LIGHT),
        "curve-dark.png": png(shapes, DARK),
        "curve.svg": svg(shapes, told).encode(),
        "curve.csv": table(points(curves)).encode(),
        "curve.json": _json(asked, pictures, curves, command).encode(),
        "report.md": report(asked, pictures, curves, command).encode(),
    }
    for name, content in files.items():
        write_aside(folder / name, content)
    return list(files)


def _figure(asked: Asked, pictures: Pictures, curves: Curves) -> list[Shape]:
    series = [_series(name, one) for name, one in curves.items()]
    about = f"{len(pictures):,} pictures; " + (
        "bands: 95 % confidence"
        if len(series) <= BANDS
        else f"band: {series[0].name}, 95 % confidence"
    )
    title = f"{asked.name} under attack"
    return figure(asked.radii, series, title=title, about=about, norm=asked.norm)


def _series(name: str, curve: "Curve") -> Series:
    low, high = zip(*(curve.interval(eps) for eps in curve.radii), strict=True)
    shares = [curve.robust_accuracy(eps) for eps in curve.radii]
    return Series(name, shares, list(low), list(high))


def points(curves: Curves) -> list[dict[str, Any]]:
    """A flat dict for each curve and radius."""
    return [{"curve": name, **point} for name, one in curves.items() for point in one.points()]


def table(records: Sequence[Mapping[str, Any]]) -> str:
    """Records as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def _json(asked: Asked, pictures: Pictures, curves: Curves, command: str) -> str:
    """All that is known, each picture included; what nothing has fooled is null there."""
    whole = {
        "asked": dict(questions(asked, pictures, curves, command)),
        "radii": list(asked.radii),
        "curves": {
            name: {
                "record": one.record(),
                "points": one.points(),
                "pictures": [finite(row) for row in one.rows()],
            }
            for name, one in curves.items()
        },
    }
    return json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def finite(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same for JSON, which has no word for what is infinite or NaN: it becomes null."""
    odd = {name for name, each in row.items() if isinstance(each, float) and not isfinite(each)}
    return {name: None if name in odd else each for name, each in row.items()}


def questions(
    asked: Asked, pictures: Pictures, curves: Curves, command: str
) -> list[tuple[str, str]]:
    """What was asked, and of what: a name and a value each."""
    import torch

    order = "in this order, each on what is left" if asked.together else "each on its own"
    right = round(next(iter(curves.values())).clean_accuracy * len(pictures))
    return [
        ("command", command),
        ("model", asked.model),
        ("data", pictures.told),
        ("pictures", f"{len(pictures)}, of which {right} are named rightly as they are"),
        ("threat", f"{asked.norm} within [0, 1]"),
        ("radii", ", ".join(written(eps, asked.norm) for eps in asked.radii)),
        ("attacks", f"{', '.join(asked.attacks)}; {order}, with their default options"),
        ("seed", str(asked.seed)),
        ("versions", f"rostra {metadata.version('rostra')}, torch {torch.__version__}"),
        ("machine", f"{platform.machine()}, python {platform.python_version()}"),
    ]


def report(asked: Asked, pictures: Pictures, curves: Curves, command: str) -> str:
    """The report, in Markdown."""
    settings = [
        [name, f"`{value}`" if name == "command" else value]
        for name, value in questions(asked, pictures, curves, command)
    ]
    parts = [
        f"# Robust accuracy of {asked.name}",
        _markdown(["Asked", ""], settings),
        RULE,
        f"![Robust accuracy of {asked.name} over eps](curve.svg)",
        "## Robust accuracy",
        "With the ends of the interval in which it lies, with 95 % confidence, of all pictures "
        "like these.",
        _markdown(["eps", *curves], _shares(asked, curves), right=True),
        "## Who fooled whom",
        _fooled(asked, curves),
        "## What it cost",
        _markdown(_COSTS, [_cost(asked, name, one) for name, one in curves.items()], right=True),
        "A run is one attack on one picture within one radius; without what is known from smaller "
        "radii it would have been as many as stand behind the stroke. A run that was resumed took "
        "longer in all than is said here.",
    ]
    return "\n\n".join(parts) + "\n"


def _shares(asked: Asked, curves: Curves) -> list[list[str]]:
    return [
        [written(eps, asked.norm), *(_share(one, eps) for one in curves.values())]
        for eps in asked.radii
    ]


def _share(curve: "Curve", eps: float) -> str:
    low, high = curve.interval(eps)
    return f"{curve.robust_accuracy(eps):.1%} ({low:.1%} … {high:.1%})"


_COSTS = ["curve", "queries", "forward passes", "backward passes", "runs", "seconds"]


def _cost(asked: Asked, name: str, curve: "Curve") -> list[str]:
    record = curve.record()
    whole = len(curve.clean) * len(curve.attacks) * sum(eps > 0 for eps in asked.radii)
    spent = [f"{record[each]:,}" for each in ("queries", "forwards", "backwards")]
    return [name, *spent, f"{record['runs']:,} / {whole:,}", f"{curve.seconds:.1f}"]


def _fooled(asked: Asked, curves: Curves) -> str:
    """For each attack how many it fooled, alone, and within the smallest radius of all."""
    lowest = next(iter(curves.values()))
    wrong = lowest.fooled_by().get("clean", 0)
    far = written(asked.radii[-1], asked.norm)
    apart = {name: one for name, one in curves.items() if name != TOGETHER}
    words = f"{wrong} pictures are named wrongly as they are. Of the others, within {far}:"
    if len(curves) == 1:
        rows = [[name, str(lowest.fooled_by().get(name, 0))] for name in lowest.attacks]
        return f"{words}\n\n" + _markdown(["attack", "fooled"], rows, right=True)
    heads = ["attack", "fooled", "which no other did", "within the smallest radius, the first"]
    rows = [
        [name, str(_own(one)), str(_alone(name, apart)), str(lowest.fooled_by().get(name, 0))]
        for name, one in apart.items()
    ]
    return f"{words}\n\n" + _markdown(heads, rows, right=True)


def _own(curve: "Curve") -> int:
    return sum(count for name, count in curve.fooled_by().items() if name != "clean")


def _alone(name: str, apart: Curves) -> int:
    """Pictures that one attack has fooled and no other."""
    others = [~one.fooled_at.isfinite() for each, one in apart.items() if each != name]
    alone = apart[name].fooled_at.isfinite()
    for unfooled in others:
        alone = alone & unfooled
    return int(alone.sum())


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: bool = False) -> str:
    rule = ["---", *(["--:"] if right else ["---"]) * (len(heads) - 1)]
    lines = [heads, rule, *([each.replace("|", r"\|") for each in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
