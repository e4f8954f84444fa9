"""A figure as SVG and as PNG: the same shapes, in light and in dark, readable in both."""

import io
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from rostra.laboratory.drawing import DARK, LIGHT, dashed, png, svg
from rostra.laboratory.plotting import HEIGHT, WIDTH, Line, Mark, Series, figure

SHAPES = figure(
    [0, 0.5, 1.0],
    [Series("a <b>", [1, 0.5, 0], [0.9, 0.4, 0], [1, 0.6, 0.1]), Series("c", [1, 0.8, 0.4])],
    title='"mine" & yours',
    about="3 pictures",
    norm="L2",
)


def test_the_svg_is_well_formed_and_knows_both_lights() -> None:
    text = svg(SHAPES, "a <told> figure")
    root = ElementTree.fromstring(text)
    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    words = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {'"mine" & yours', "a <b> 0.0%", "c 40.0%"} <= set(words)
    light, dark = text.split("prefers-color-scheme: dark")
    assert LIGHT["s0"] in light
    assert DARK["s0"] in dark
    lines = root.findall("{http://www.w3.org/2000/svg}polyline[@stroke-width='2']")
    assert len(lines) == 2
    assert sum("stroke-dasharray" in each.attrib for each in lines) == 1


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_png_has_the_palettes_colours_where_the_lines_are(palette) -> None:
    shown = Image.open(io.BytesIO(png(SHAPES, palette)))
    assert shown.size == (2 * WIDTH, 2 * HEIGHT)
    pixels = np.asarray(shown.convert("RGB"))
    assert tuple(pixels[2, 2]) == colour(palette["card"])
    marks = [each for each in SHAPES if isinstance(each, Mark)]
    assert len(marks) == 6
    for mark in marks:
        x, y = (round(2 * each) for each in mark.at)
        if mark.at != marks[0].at and mark.at != marks[3].at:  # the first ones lie on each other
            assert tuple(pixels[y, x]) == colour(palette[mark.colour])


def colour(code: str) -> tuple[int, int, int]:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def luminance(code: str) -> float:
    parts = (part / 255 for part in colour(code))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_word_can_be_read_on_the_card(palette) -> None:
    """The label of a line has the line's colour; contrast as WCAG computes it."""
    for name in set(palette) - {"card", "line"}:
        high, low = sorted([luminance(palette[name]), luminance(palette["card"])], reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, name


def test_dashes_go_round_corners() -> None:
    bent = Line(((0, 0), (3, 0), (3, 4)), "ink", dash=(5, 1))
    assert dashed(bent) == [[(0, 0), (3, 0), (3, 2)], [(3, 3), (3, 4)]]
