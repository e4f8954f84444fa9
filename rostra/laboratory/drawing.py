"""A figure's shapes on paper: SVG that follows the reader's light or dark, and PNG in either."""

import io
import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from rostra.laboratory.plotting import HEIGHT, WIDTH, Line, Mark, Point, Shape, Text

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

LIGHT = {
    "card": "#ffffff",
    "line": "#e4e0d8",
    "ink": "#1b2026",
    "soft": "#5a6470",
    "s0": "#0072b2",
    "s1": "#b34700",
    "s2": "#00805f",
    "s3": "#5a6470",
    "s4": "#a8477f",
    "s5": "#7d6300",
}
DARK = {
    "card": "#1b2128",
    "line": "#2c343d",
    "ink": "#e9e6df",
    "soft": "#a2abb5",
    "s0": "#56b4e9",
    "s1": "#f08a3c",
    "s2": "#3dc79a",
    "s3": "#a2abb5",
    "s4": "#e39ac3",
    "s5": "#e0c04c",
}

_AREA = 0.16
_RADIUS = 3.6
_SCALE, _FINE = 2, 3
"""Pixels of the PNG a unit, and how much finer it is drawn before it is made smaller."""
_FONT = "Inter, 'Helvetica Neue', Arial, sans-serif"


def svg(shapes: Sequence[Shape], told: str) -> str:
    """The figure as SVG text, in the colours that its reader prefers.

    Args:
        shapes: Of `plotting.figure`.
        told: What is seen, in words.
    """
    drawn = "\n".join(map(_element, shapes))
    dark = f"@media (prefers-color-scheme: dark){{{_rules(DARK)}}}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{escape(told)}">\n'
        f"<title>{escape(told)}</title>\n"
        f"<style>text{{font-family:{_FONT}}}{_rules(LIGHT)}{dark}</style>\n"
        f'<rect class="f-card" width="{WIDTH}" height="{HEIGHT}"/>\n{drawn}\n</svg>\n'
    )


def _rules(palette: Mapping[str, str]) -> str:
    return "".join(
        f".f-{name}{{fill:{colour}}}.l-{name}{{stroke:{colour}}}"
        for name, colour in palette.items()
    )


def _element(shape: Shape) -> str:
    if isinstance(shape, Text):
        x, y = shape.at
        words = escape(shape.text)
        return (
            f'<text class="f-{shape.colour}" x="{x:.2f}" y="{y:.2f}" font-size="{shape.size}" '
            f'text-anchor="{shape.anchor}">{words}</text>'
        )
    if isinstance(shape, Mark):
        x, y = shape.at
        if not shape.corners:
            return f'<circle class="f-{shape.colour}" cx="{x:.2f}" cy="{y:.2f}" r="{_RADIUS}"/>'
        return f'<polygon class="f-{shape.colour}" points="{_written(corners(shape))}"/>'
    points = _written(shape.points)
    if shape.area:
        return f'<polygon class="f-{shape.colour}" opacity="{_AREA}" points="{points}"/>'
    dash = f' stroke-dasharray="{" ".join(map(str, shape.dash))}"' if shape.dash else ""
    return (
        f'<polyline class="l-{shape.colour}" fill="none" stroke-width="{shape.width}" '
        f'stroke-linejoin="round"{dash} points="{points}"/>'
    )


def _written(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


def corners(mark: Mark) -> list[Point]:
    """Those of a marker, the first on top."""
    (x, y), radius = mark.at, _RADIUS * (1.3 if mark.corners == 3 else 1.15)
    turns = (2 * math.pi * corner / mark.corners for corner in range(mark.corners))
    return [(x + radius * math.sin(turn), y - radius * math.cos(turn)) for turn in turns]


def png(shapes: Sequence[Shape], palette: Mapping[str, str]) -> bytes:
    """The figure as a PNG of twice its size.

    Args:
        shapes: Of `plotting.figure`.
        palette: `LIGHT` or `DARK`.
    """
    from PIL import Image, ImageDraw

    fine = _SCALE * _FINE
    canvas = Image.new("RGB", (WIDTH * fine, HEIGHT * fine), palette["card"])
    brush = ImageDraw.Draw(canvas, "RGBA")
    for shape in shapes:
        _paint(brush, shape, palette[shape.colour], fine)
    small = canvas.resize((WIDTH * _SCALE, HEIGHT * _SCALE), Image.Resampling.LANCZOS)
    content = io.BytesIO()
    small.save(content, format="PNG", optimize=True)
    return content.getvalue()


def _paint(brush: "ImageDraw", shape: Shape, colour: str, fine: int) -> None:
    if isinstance(shape, Text):
        from PIL import ImageFont

        anchor = {"start": "ls", "middle": "ms", "end": "rs"}[shape.anchor]
        font = ImageFont.load_default(shape.size * fine)
        brush.text(_scaled([shape.at], fine)[0], shape.text, colour, font, anchor)
    elif isinstance(shape, Mark):
        _paint_mark(brush, shape, colour, fine)
    elif shape.area:
        clear = f"{colour}{round(255 * _AREA):02x}"
        brush.polygon(_scaled(shape.points, fine), fill=clear)
    else:
        for piece in dashed(shape):
            brush.line(_scaled(piece, fine), colour, round(shape.width * fine), joint="curve")


def _paint_mark(brush: "ImageDraw", mark: Mark, colour: str, fine: int) -> None:
    if mark.corners:
        brush.polygon(_scaled(corners(mark), fine), fill=colour)
    else:
        brush.circle(_scaled([mark.at], fine)[0], _RADIUS * fine, fill=colour)


def _scaled(points: Sequence[Point], fine: int) -> list[Point]:
    return [(x * fine, y * fine) for x, y in points]


def dashed(line: Line) -> list[list[Point]]:
    """The pieces of a line that are drawn: all of it, or its dashes.

    Examples:
        >>> dashed(Line(((0, 0), (5, 0)), "ink", dash=(2, 1)))
        [[(0.0, 0.0), (2.0, 0.0)], [(3.0, 0.0), (5.0, 0.0)]]
    """
    if not line.dash:
        return [list(line.points)]
    lengths = [math.dist(*pair) for pair in zip(line.points, line.points[1:], strict=False)]
    whole, at, number = sum(lengths), 0.0, 0
    pieces = []
    while at < whole:
        step = line.dash[number % len(line.dash)]
        if number % 2 == 0:
            pieces.append(_between(line.points, lengths, at, min(at + step, whole)))
        at, number = at + step, number + 1
    return pieces


def _between(
    points: Sequence[Point], lengths: Sequence[float], low: float, high: float
) -> list[Point]:
    """A part of a line, from one length along it to another; its bends stay."""
    found, passed = [_along(points, lengths, low)], 0.0
    for point, length in zip(points[1:], lengths, strict=True):
        passed += length
        if low < passed < high:
            found.append(point)
    return [*found, _along(points, lengths, high)]


def _along(points: Sequence[Point], lengths: Sequence[float], at: float) -> Point:
    for (x, y), (there_x, there_y), length in zip(points, points[1:], lengths, strict=False):
        if at <= length and length:
            share = at / length
            return x + share * (there_x - x), y + share * (there_y - y)
        at -= length
    return points[-1]
