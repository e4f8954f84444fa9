"""Where lines, labels and ticks of a curve stand."""

from itertools import pairwise

import pytest

from rostra.laboratory.plotting import (
    BANDS,
    HEIGHT,
    WIDTH,
    Line,
    Mark,
    Series,
    Text,
    figure,
    spread,
    ticks,
)

RADII = [0.0, 2 / 255, 4 / 255, 8 / 255]
SERIES = [
    Series("all together", [1.0, 0.5, 0.25, 0.0], [0.9, 0.4, 0.2, 0.0], [1.0, 0.6, 0.3, 0.1]),
    Series("pgd", [1.0, 0.5, 0.25, 0.0], [0.9, 0.4, 0.2, 0.0], [1.0, 0.6, 0.3, 0.1]),
]


@pytest.fixture
def shapes() -> list:
    return figure(RADII, SERIES, title="mine", about="5 pictures", norm="Linf")


def test_points_stand_where_their_numbers_say(shapes) -> None:
    lines = [each for each in shapes if isinstance(each, Line) and each.width == 2]
    assert len(lines) == 2
    (left, top), half, quarter, (right, bottom) = lines[0].points
    assert half == (left + (right - left) / 4, (top + bottom) / 2)
    assert quarter == (left + (right - left) / 2, top + (bottom - top) * 0.75)
    areas = [each for each in shapes if isinstance(each, Line) and each.area]
    assert [len(each.points) for each in areas] == [8, 8]
    assert areas[0].points[-1] == pytest.approx((left, top + (bottom - top) * 0.1))


def test_no_two_lines_are_told_apart_by_colour_alone(shapes) -> None:
    lines = [each for each in shapes if isinstance(each, Line) and each.width == 2]
    assert len({(each.dash) for each in lines}) == len({each.colour for each in lines}) == 2
    assert len({each.corners for each in shapes if isinstance(each, Mark)}) == 2


def test_every_word_is_on_the_paper_and_axes_have_units(shapes) -> None:
    words = {each.text: each for each in shapes if isinstance(each, Text)}
    assert {"mine", "5 pictures", "robust accuracy", "0%", "100%", "all together 0.0%"} <= set(
        words
    )
    assert "eps, Linf, in pixel units of [0, 1]" in words
    assert all(0 <= each.at[0] <= WIDTH and 0 <= each.at[1] <= HEIGHT for each in words.values())


def test_of_many_lines_only_the_first_has_a_band() -> None:
    many = [Series(str(number), *[SERIES[0].shares] * 3) for number in range(BANDS + 1)]
    for series, bands in ((many, 1), (many[1:], BANDS)):
        shapes = figure(RADII, series, title="", about="", norm="Linf")
        assert sum(isinstance(each, Line) and each.area for each in shapes) == bands


def test_equal_ends_have_labels_apart() -> None:
    placed = spread([396.0] * 5, 84, 396)
    assert placed[-1] == 396
    assert all(high - low >= 18 for low, high in pairwise(placed))


@pytest.mark.parametrize(
    ("radii", "norm", "wanted"),
    [
        ([0.0, 0.3, 1.0], "L2", [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ([3 / 255, 16 / 255], "Linf", [0, 5 / 255, 10 / 255, 15 / 255]),
        ([1.0, 2.0, 7.0], "L0", [0, 2, 4, 6]),
        ([0.0], "Linf", [0]),
        ([k / 12 for k in range(13)], "L1", [k / 6 for k in range(7)]),
    ],
)
def test_ticks_are_round(radii, norm, wanted) -> None:
    assert ticks(radii, norm) == pytest.approx(wanted)
