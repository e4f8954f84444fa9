"""Robustness curves as the shapes of a figure; `drawing` puts them on paper.

Lines of 2 px, labels at their ends instead of a legend, hairline axes, hues that colour-blind
readers tell apart; a dash and a marker say the same without colour.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

WIDTH, HEIGHT = 760, 468
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 560, 100, 404
_APART = 18.0
"""Between two labels, lest one lie on the other."""
BANDS = 3
"""Lines with a band each, at most: of more the first one's alone, or nothing could be seen."""

DASHES: tuple[tuple[float, ...], ...] = ((), (7, 4), (2, 3), (10, 3, 2, 3), (4, 2), (1, 4))

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Series:
    """One line: shares in [0, 1] at rising positions, and the ends of their intervals."""

    name: str
    shares: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


@dataclass(frozen=True)
class Line:
    """Straight pieces; closed and filled faintly where they are an area."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    area: bool = False


@dataclass(frozen=True)
class Mark:
    """A dot with so many corners; none: round."""

    at: Point
    colour: str
    corners: int = 0


@dataclass(frozen=True)
class Text:
    """A line of text whose start, middle or end stands at a point of its base line."""

    at: Point
    text: str
    colour: str = "ink"
    size: int = 14
    anchor: str = "start"


Shape: TypeAlias = Line | Mark | Text
_MARKS = 0, 4, 3, 5, 6, 0


def figure(
    radii: Sequence[float], series: Sequence[Series], *, title: str, about: str, norm: str
) -> list[Shape]:
    """The shapes of a plot of robust accuracy over the radius.

    Args:
        radii: Rising, at least one.
        series: One line each, with a share for each radius.
        title: What was attacked.
        about: A second line: how often, and what the bands are.
        norm: Of the radii, for the axis.
    """
    scale = max(radii) or 1.0
    places = [_LEFT + (_RIGHT - _LEFT) * radius / scale for radius in radii]
    shapes: list[Shape] = [
        Text((_LEFT, 28), title, size=18),
        Text((_LEFT, 50), about, "soft", 13),
        Text((_LEFT, _TOP - 12), "robust accuracy", "soft", 13),
        Text((_RIGHT, _BOTTOM + 44), axis_title(norm), "soft", 13, "end"),
    ]
    shapes += _grid(radii, scale, norm)
    for number, one in enumerate(series if len(series) <= BANDS else series[:1]):
        shapes += _band(number, one, places)
    for number, one in reversed(list(enumerate(series))):  # the first lies on top
        shapes += _drawn(number, one, places)
    return shapes + _labels(series)


def axis_title(norm: str) -> str:
    """What the radius is measured in."""
    units = "pixels changed" if norm == "L0" else "in pixel units of [0, 1]"
    return f"eps, {norm}, {units}"


def written(eps: float, norm: str) -> str:
    """A radius as its field writes it.

    Examples:
        >>> written(8 / 255, "Linf"), written(0.5, "L2"), written(0, "Linf")
        ('8/255', '0.5', '0')
    """
    levels = round(255 * eps)
    if norm == "Linf" and levels and abs(levels / 255 - eps) < 1e-9:
        return f"{levels}/255"
    return f"{eps:.4g}"


def _height(share: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * share


def _grid(radii: Sequence[float], scale: float, norm: str) -> list[Shape]:
    shapes: list[Shape] = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        at = _height(share)
        shapes.append(Line(((_LEFT, at), (_RIGHT, at)), "soft" if share == 0 else "line"))
        shapes.append(Text((_LEFT - 8, at + 5), f"{share:.0%}", "soft", 13, "end"))
    for tick in ticks(radii, norm):
        x = _LEFT + (_RIGHT - _LEFT) * tick / scale
        shapes.append(Line(((x, _BOTTOM), (x, _BOTTOM + 5)), "soft"))
        shapes.append(Text((x, _BOTTOM + 21), written(tick, norm), "soft", 13, "middle"))
    return shapes


def ticks(radii: Sequence[float], norm: str) -> list[float]:
    """Where the axis has numbers: about five, of the grid's own where its steps are even.

    Examples:
        >>> ticks([0, 0.25, 0.5, 0.75, 1], "L2")
        [0, 0.25, 0.5, 0.75, 1]
    """
    whole = max(radii)
    if whole == 0:
        return [0]
    steps = [high - low for low, high in pairwise(radii)]
    if radii[0] == 0 and max(steps) - min(steps) < 1e-9 * whole:
        return list(radii[:: math.ceil(len(steps) / 6)])
    unit = 1 / 255 if norm == "Linf" and whole >= 1 / 255 else 1.0
    step = _round_step(whole / unit / 5, least=1.0 if unit < 1 or norm == "L0" else 0.0)
    return [float(number * step) * unit for number in range(math.floor(whole / unit / step) + 1)]


def _round_step(step: float, least: float) -> Fraction:
    """The next of 1, 2, 5, 10, … that is not below a step."""
    power = Fraction(10) ** math.floor(math.log10(step))
    found = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * (1 - 1e-9))
    return max(found, Fraction(least))


def _band(number: int, one: Series, places: Sequence[float]) -> list[Shape]:
    """Where the shares may lie."""
    if not one.low:
        return []
    rim = [*_points(places, one.high), *reversed(_points(places, one.low))]
    return [Line(tuple(rim), f"s{number % 6}", area=True)]


def _drawn(number: int, one: Series, places: Sequence[float]) -> list[Shape]:
    colour, points = f"s{number % 6}", _points(places, one.shares)
    marks = [Mark(point, colour, _MARKS[number % 6]) for point in points]
    return [Line(tuple(points), colour, 2, DASHES[number % 6]), *marks]


def _points(places: Sequence[float], shares: Sequence[float]) -> list[Point]:
    return [(x, _height(share)) for x, share in zip(places, shares, strict=True)]


def _labels(series: Sequence[Series]) -> list[Shape]:
    """Names and last values right of the lines, pushed apart where they would touch."""
    ends = sorted((_height(one.shares[-1]), number) for number, one in enumerate(series))
    tops = spread([height for height, _ in ends], _TOP, _BOTTOM)
    shapes: list[Shape] = []
    for (height, number), at in zip(ends, tops, strict=True):
        colour, one = f"s{number % 6}", series[number]
        shapes.append(Line(((_RIGHT + 7, height), (_RIGHT + 20, at)), colour))
        words = f"{one.name} {one.shares[-1]:.1%}"
        shapes.append(Text((_RIGHT + 24, at + 5), words, colour))
    return shapes


def spread(heights: Sequence[float], low: float, high: float) -> list[float]:
    """Rising heights, moved as little as need be to stand apart between two ends.

    Examples:
        >>> spread([10, 12, 90], 0, 91)
        [10, 28.0, 90]
    """
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + _APART) if placed else max(height, low))
    ceiling = high
    for place in reversed(range(len(placed))):
        placed[place] = min(placed[place], ceiling)
        ceiling = placed[place] - _APART
    return placed
