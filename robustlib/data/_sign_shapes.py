"""The drawings of the traffic signs, as layers of discs, polygons and strokes.

A drawing lives in a plane where the sign has radius 1, `x` grows to the right and `y` downwards.
Each layer is a shape and a colour, painted in order. Everything is drawn from numbers written
here, never from a font of the machine, so that the same pixels come out everywhere.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

TEMPLATE_SIZE = 128
EXTENT = 1.5  # the template shows [-EXTENT, EXTENT] in both directions
_SAMPLES = 4  # per template pixel and direction

Point = tuple[float, float]
Mask = npt.NDArray[np.bool_]
Plane = npt.NDArray[np.floating]
Shape = Callable[[Plane, Plane], Mask]
Colour = tuple[int, int, int]
Layer = tuple[Shape, Colour]

WHITE, BLACK, GREY = (244, 244, 240), (24, 24, 26), (128, 131, 134)
RED, BLUE, YELLOW, ORANGE = (196, 18, 32), (12, 84, 166), (252, 198, 22), (238, 120, 20)


def disc(radius: float, centre: Point = (0.0, 0.0)) -> Shape:
    """A filled circle."""
    return lambda x, y: (x - centre[0]) ** 2 + (y - centre[1]) ** 2 <= radius**2


def polygon(*corners: Point) -> Shape:
    """A filled polygon, by the even-odd rule."""

    def inside(x: Plane, y: Plane) -> Mask:
        mask = np.zeros(np.broadcast(x, y).shape, dtype=bool)
        for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
            if y0 != y1:
                mask ^= ((y0 <= y) != (y1 <= y)) & (x < x0 + (y - y0) * ((x1 - x0) / (y1 - y0)))
        return mask

    return inside


def stroke(width: float, *points: Point) -> Shape:
    """A line through points, with round ends and joints."""

    def inside(x: Plane, y: Plane) -> Mask:
        mask = np.zeros(np.broadcast(x, y).shape, dtype=bool)
        for (x0, y0), (x1, y1) in pairwise(points):
            dx, dy = x1 - x0, y1 - y0
            along = np.clip(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0.0, 1.0)
            mask |= (x - x0 - along * dx) ** 2 + (y - y0 - along * dy) ** 2 <= (width / 2) ** 2
        return mask

    return inside


def union(*shapes: Shape) -> Shape:
    """All the points of any of the shapes."""
    return lambda x, y: np.logical_or.reduce([shape(x, y) for shape in shapes])


def rounded(radius: float, *corners: Point) -> Shape:
    """A polygon grown by a radius, hence with round corners."""
    return union(polygon(*corners), stroke(2 * radius, *corners, corners[0]))


def arc(centre: Point, radius: Point, start: float, stop: float) -> tuple[Point, ...]:
    """Points on an ellipse; angles in degrees, clockwise from the right as `y` grows downwards."""
    count = max(3, round(abs(stop - start) / 20))
    angles = [math.radians(start + (stop - start) * i / count) for i in range(count + 1)]
    return tuple(
        (centre[0] + radius[0] * math.cos(a), centre[1] + radius[1] * math.sin(a)) for a in angles
    )


def regular(sides: int, radius: float, start: float) -> tuple[Point, ...]:
    """The corners of a regular polygon; `start` is the angle of the first corner in degrees."""
    turns = [math.radians(start + 360 * i / sides) for i in range(sides)]
    return tuple((radius * math.cos(a), radius * math.sin(a)) for a in turns)


# Letters in a box of width 1 and height 2 around the origin: each a list of lines.
_GLYPHS: dict[str, tuple[tuple[Point, ...], ...]] = {
    "0": (arc((0, 0), (0.5, 1), -90, 270),),
    "1": (((-0.35, -0.62), (0.1, -1), (0.1, 1)),),
    "2": ((*arc((0, -0.5), (0.48, 0.5), -170, 40), (-0.5, 1), (0.52, 1)),),
    "3": ((*arc((0, -0.5), (0.44, 0.5), -150, 80), *arc((0, 0.47), (0.5, 0.53), -80, 150)),),
    "S": ((*arc((0, -0.5), (0.5, 0.5), -30, -260), *arc((0, 0.5), (0.5, 0.5), -80, 150)),),
    "T": (((-0.55, -1), (0.55, -1)), ((0, -1), (0, 1))),
    "O": (arc((0, 0), (0.55, 1), -90, 270),),
    "P": (((-0.45, 1), (-0.45, -1), *arc((0, -0.45), (0.5, 0.55), -90, 90), (-0.45, 0.1)),),
}


def text(word: str, centre: Point, size: Point, width: float) -> Shape:
    """A word; `size` is the half-height and the distance from letter to letter."""
    lines = []
    for index, letter in enumerate(word):
        left = centre[0] + size[1] * (index - (len(word) - 1) / 2)
        for line in _GLYPHS[letter]:
            points = [(left + x * size[1] * 0.62, centre[1] + y * size[0]) for x, y in line]
            lines.append(stroke(width, *points))
    return union(*lines)


def turned(shape: Shape, degrees: float) -> Shape:
    """The shape turned clockwise around the origin."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return lambda x, y: shape(c * x + s * y, c * y - s * x)


def mirrored(shape: Shape) -> Shape:
    """The shape with left and right exchanged."""
    return lambda x, y: shape(-x, y)


_UP = tuple((1.05 * x, 1.05 * y + 0.24) for x, y in regular(3, 1, -90))
_DOWN = tuple((x, -y) for x, y in _UP)
_UP_INSIDE = tuple((0.68 * x, 0.68 * y + 0.24) for x, y in regular(3, 1, -90))
_DOWN_INSIDE = tuple((x, -y) for x, y in _UP_INSIDE)
_SQUARE = tuple((0.86 * x, 0.86 * y) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
_POLE: Layer = (polygon((-0.09, 0.2), (0.09, 0.2), (0.09, EXTENT), (-0.09, EXTENT)), GREY)


def _prohibition(*inside: Layer) -> tuple[Layer, ...]:
    return ((disc(1.0), WHITE), (disc(0.97), RED), (disc(0.7), WHITE), *inside)


def _mandatory(*inside: Layer) -> tuple[Layer, ...]:
    return ((disc(1.0), WHITE), (disc(0.93), BLUE), *inside)


def _warning(*inside: Layer) -> tuple[Layer, ...]:
    triangle = rounded(0.06, *_UP_INSIDE)
    return ((rounded(0.2, *_UP), WHITE), (rounded(0.16, *_UP), RED), (triangle, WHITE), *inside)


def _plate(*inside: Layer) -> tuple[Layer, ...]:
    return ((rounded(0.14, *_SQUARE), WHITE), (rounded(0.07, *_SQUARE), BLUE), *inside)


_ARROW_AHEAD = union(
    polygon((-0.15, 0.68), (0.15, 0.68), (0.15, -0.1), (-0.15, -0.1)),
    polygon((0, -0.78), (0.5, -0.08), (-0.5, -0.08)),
)
_ARROW_LEFT = union(
    stroke(0.28, (0.4, 0.6), (0.4, -0.02), (-0.1, -0.02)),
    polygon((-0.78, -0.02), (-0.1, -0.5), (-0.1, 0.46)),
)
_CIRCLING = union(
    stroke(0.17, *arc((0, 0), (0.52, 0.52), -50, 8)),
    polygon((0.2, 0.0), (0.84, 0.03), (0.43, 0.46)),
)
_WALKER = union(
    disc(0.13, (0.04, -0.52)),
    stroke(0.2, (0.02, -0.25), (0.0, 0.05)),
    stroke(0.13, (0.0, 0.05), (-0.27, 0.44)),
    stroke(0.13, (0.0, 0.05), (0.16, 0.24), (0.22, 0.47)),
    stroke(0.1, (0.02, -0.3), (-0.2, -0.1), (-0.26, 0.06)),
    stroke(0.1, (0.02, -0.3), (0.2, -0.08), (0.3, -0.06)),
)
_DIGGER = union(
    disc(0.13, (-0.03, -0.2)),
    stroke(0.19, (-0.1, 0.02), (-0.21, 0.24)),
    stroke(0.14, (-0.21, 0.24), (-0.4, 0.52)),
    stroke(0.14, (-0.21, 0.24), (-0.02, 0.36), (-0.05, 0.52)),
    stroke(0.1, (-0.08, 0.04), (0.14, 0.18)),
    stroke(0.08, (-0.06, 0.1), (0.3, 0.38)),
    polygon((0.08, 0.58), (0.33, 0.24), (0.58, 0.58)),
)

# name: (English, Chinese, layers). The order is the order of the labels.
SIGNS: dict[str, tuple[str, tuple[Layer, ...]]] = {
    "stop": (
        "停车让行",
        (
            (polygon(*regular(8, 1.04, 22.5)), WHITE),
            (polygon(*regular(8, 0.97, 22.5)), RED),
            (text("STOP", (0, 0), (0.34, 0.4), 0.14), WHITE),
        ),
    ),
    "yield": (
        "减速让行",
        (
            (rounded(0.2, *_DOWN), WHITE),
            (rounded(0.16, *_DOWN), RED),
            (rounded(0.02, *_DOWN_INSIDE), WHITE),
        ),
    ),
    "no entry": (
        "禁止驶入",
        (
            (disc(1.0), WHITE),
            (disc(0.94), RED),
            (polygon((-0.7, -0.2), (0.7, -0.2), (0.7, 0.2), (-0.7, 0.2)), WHITE),
        ),
    ),
    "priority road": (
        "干路先行",
        (
            (rounded(0.12, *regular(4, 0.98, 0)), WHITE),
            (rounded(0.08, *regular(4, 0.98, 0)), BLACK),
            (rounded(0.06, *regular(4, 0.96, 0)), WHITE),
            (polygon(*regular(4, 0.74, 0)), YELLOW),
        ),
    ),
    "speed limit 30": (
        "限速 30",
        _prohibition((text("30", (0, 0), (0.38, 0.56), 0.17), BLACK)),
    ),
    "speed limit 120": (
        "限速 120",
        _prohibition((text("120", (0, 0), (0.34, 0.42), 0.13), BLACK)),
    ),
    "no stopping": (
        "禁止停车",
        (
            (disc(1.0), WHITE),
            (disc(0.97), RED),
            (disc(0.74), BLUE),
            (stroke(0.22, (-0.56, -0.56), (0.56, 0.56)), RED),
            (stroke(0.22, (-0.56, 0.56), (0.56, -0.56)), RED),
        ),
    ),
    "end of limits": (
        "解除限制",
        (
            (disc(1.0), BLACK),
            (disc(0.94), WHITE),
            *(
                (stroke(0.12, (d - 0.5, d + 0.5), (d + 0.5, d - 0.5)), BLACK)
                for d in (-0.21, 0.0, 0.21)
            ),
        ),
    ),
    "turn left": ("向左转弯", _mandatory((_ARROW_LEFT, WHITE))),
    "turn right": ("向右转弯", _mandatory((mirrored(_ARROW_LEFT), WHITE))),
    "straight ahead": ("直行", _mandatory((_ARROW_AHEAD, WHITE))),
    "roundabout": (
        "环岛行驶",
        _mandatory(*((turned(_CIRCLING, turn), WHITE) for turn in (0, 120, 240))),
    ),
    "pedestrian crossing": (
        "人行横道",
        _plate(
            (polygon((0, -0.86), (0.88, 0.74), (-0.88, 0.74)), WHITE),
            (_WALKER, BLACK),
        ),
    ),
    "parking": ("停车场", _plate((text("P", (0.05, 0), (0.6, 0.95), 0.27), WHITE))),
    "roadworks": ("道路施工", _warning((_DIGGER, BLACK))),
    "danger": (
        "注意危险",
        _warning(
            (polygon((-0.14, -0.28), (0.14, -0.28), (0.08, 0.24), (-0.08, 0.24)), BLACK),
            (disc(0.13, (0, 0.43)), BLACK),
        ),
    ),
}


@lru_cache(maxsize=1)
def templates() -> npt.NDArray[np.uint8]:
    """Draw all signs, once: red, green, blue times coverage, and coverage, [class, y, x, 4]."""
    step = 2 * EXTENT / (TEMPLATE_SIZE * _SAMPLES)
    ticks = (np.arange(TEMPLATE_SIZE * _SAMPLES) + 0.5) * step - EXTENT
    x, y = ticks[None, :], ticks[:, None]
    drawn = np.zeros((len(SIGNS), TEMPLATE_SIZE, TEMPLATE_SIZE, 4), dtype=np.uint8)
    for index, (_, layers) in enumerate(SIGNS.values()):
        canvas = np.zeros((len(ticks), len(ticks), 4), dtype=np.uint16)
        for shape, colour in (_POLE, *layers):
            canvas[shape(x, y)] = (*colour, 255)
        cells = canvas.reshape(TEMPLATE_SIZE, _SAMPLES, TEMPLATE_SIZE, _SAMPLES, 4)
        drawn[index] = cells.sum(axis=(1, 3)) // _SAMPLES**2
    return drawn
