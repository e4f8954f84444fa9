"""Figures: the lines are where the numbers say, and nothing lies on anything else."""

import math
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from rostra.live.figures import BOTTOM, TOP, curves


def drawn(figure: str) -> dict[str, list[tuple[float, float]]]:
    return {
        line.attrib["class"]: [
            (float(x), float(y)) for x, y in (p.split(",") for p in line.attrib["points"].split())
        ]
        for line in ET.fromstring(figure).iter("polyline")
    }


def test_points_are_in_per_cent_of_steps_and_of_the_range() -> None:
    lines = drawn(curves({"standard": [0, 1, 4], "robust": [0, 0.5]}, steps=4))
    assert lines["standard"] == [(0, 100), (25, 75), (50, 0)]
    assert lines["robust"] == [(0, 100), (25, 87.5)]


def test_a_flat_line_is_in_the_middle() -> None:
    assert drawn(curves({"robust": [3.0, 3.0]}, steps=1))["robust"] == [(0, 50), (100, 50)]


def test_values_that_are_no_numbers_are_left_out() -> None:
    lines = drawn(curves({"standard": [math.nan, 1, math.inf, 2], "robust": []}, steps=4))
    assert lines == {"standard": [(25, 100), (75, 0)]}


def test_a_long_line_keeps_its_ends_and_not_every_point() -> None:
    points = drawn(curves({"standard": range(5000)}, steps=4999))["standard"]
    assert (points[0], points[-1]) == ((0, 100), (100, 0))
    assert len(points) < 200


def test_labels_do_not_lie_on_each_other() -> None:
    figure = curves({"standard": [0, 1.0], "robust": [0, 0.98], "third": [0, 0.96]}, steps=1)
    heights = [
        float(y)
        for y in re.findall(r"end' x='100%' y='([\d.]+)%' data-word='(?!step)[srt]\w+'", figure)
    ]
    assert len(heights) == 3
    assert all(b - a > 12.9 for a, b in pairwise(heights))


def test_it_is_well_formed_and_says_what_it_is_without_a_word_of_its_own() -> None:
    root = ET.fromstring(curves({"<standard>": [1.0, 2.0]}, steps=7))
    assert root.attrib["role"] == "img"
    assert "".join(root.itertext()) == ""
    words = {node.attrib["data-word"] for node in root.iter() if "data-word" in node.attrib}
    assert words == {"curve", "<standard>", "loss", "step"}
    assert "style" not in "".join(root.attrib)
    assert 0 < TOP < BOTTOM < 100
