"""Figures in one style: lines of 2 px, direct labels, hairline axes, colours by CSS variable.

A figure is an SVG without a fixed size: it fills its place, lines keep their width, text its size.
Words are marked by `data-word`; whoever shows the figure fills them in the reader's language.
"""

import math
from collections.abc import Mapping, Sequence
from html import escape

POINTS = 160  # more than a screen shows apart
# Per cent of the figure's height that the plot fills; the rest holds the words.
TOP, BOTTOM = 6.0, 82.0
# A label this close to another, in per cent of the height, would lie on it.
_APART = 13.0
_BELOW, _ABOVE = 13.0, 4.0  # from a line to the foot of its label


def curves(series: Mapping[str, Sequence[float]], steps: int) -> str:
    """Draw one line per series over the steps 0 to `steps`, each labelled at its end.

    Args:
        series: Values by name; the name is the line's CSS class and its `data-word`. A value
            that is not finite leaves the line out.
        steps: Where the axis ends, at least 1.

    Returns:
        SVG text, safe to insert.

    Examples:
        >>> figure = curves({"standard": [0.0, 2.0]}, steps=2)
        >>> "points='0,100 50,0'" in figure
        True
    """
    finite = {name: _finite(values) for name, values in series.items()}
    low, high = _range(finite)
    lines, ends = [], {}
    for name, values in finite.items():
        points = [(100 * i / max(steps, 1), _height(v, low, high)) for i, v in values]
        if points:
            lines.append(_line(name, points))
            ends[name] = points[-1]
    return (
        "<svg class='rostra-curves' role='img' data-word='curve'>"
        f"<svg y='{TOP}%' height='{BOTTOM - TOP}%' viewBox='0 0 100 100'"
        " preserveAspectRatio='none' overflow='visible'>"
        "<path class='axis' d='M0,0V100H100'/>"
        f"{''.join(lines)}<path class='now' d='M0,0V100' hidden=''/></svg>"
        f"{''.join(_labels(ends))}"
        "<text class='soft' x='6' y='12' data-word='loss'></text>"
        "<text class='soft' x='0' y='99%' data-word='step' data-step='0'></text>"
        f"<text class='soft end' x='100%' y='99%' data-word='step' data-step='{steps}'></text>"
        "</svg>"
    )


def _finite(values: Sequence[float]) -> list[tuple[int, float]]:
    found = [(i, value) for i, value in enumerate(values) if math.isfinite(value)]
    every = max(1, len(found) // POINTS)
    return found[:-1:every] + found[-1:]


def _range(series: Mapping[str, Sequence[tuple[int, float]]]) -> tuple[float, float]:
    """Lowest and highest value; never the same, so that a flat line has a place."""
    values = [value for points in series.values() for _, value in points] or [0.0]
    low, high = min(values), max(values)
    return (low, high) if high - low > 1e-9 else (low - 0.5, high + 0.5)


def _height(value: float, low: float, high: float) -> float:
    return 100 * (high - value) / (high - low)


def _line(name: str, points: Sequence[tuple[float, float]]) -> str:
    text = " ".join(f"{x:.4g},{y:.4g}" for x, y in points)
    return f"<polyline class='{escape(name)}' points='{text}'/>"


def _labels(ends: Mapping[str, tuple[float, float]]) -> list[str]:
    """Place each name beside its line's end: on the side with room, and never on another name."""
    labels = []
    taken: list[float] = []
    for name, (x, y) in sorted(ends.items(), key=lambda item: item[1][1]):
        line = TOP + y / 100 * (BOTTOM - TOP)
        at = line + _BELOW if line < (TOP + BOTTOM) / 2 else line - _ABOVE
        at = max(at, *(other + _APART for other in taken)) if taken else at
        taken.append(at)
        side = " end" if x > 50 else ""
        labels.append(
            f"<text class='{escape(name)}{side}' x='{x:.4g}%' y='{at:.4g}%'"
            f" data-word='{escape(name)}'></text>"
        )
    return labels
