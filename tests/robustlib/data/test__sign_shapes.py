"""The shapes that signs are made of, against areas known from geometry."""

import math

import numpy as np
import pytest

from robustlib.data._sign_shapes import (
    SIGNS,
    TEMPLATE_SIZE,
    arc,
    disc,
    mirrored,
    polygon,
    regular,
    rounded,
    stroke,
    templates,
    text,
    turned,
    union,
)

TICKS = (np.arange(1000) + 0.5) / 250 - 2  # of the square [-2, 2]²
X, Y = TICKS[None, :], TICKS[:, None]
BOX = polygon((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.0, 0.5))


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        (disc(1.0), math.pi),
        (disc(0.5, (0.3, -0.2)), math.pi / 4),
        (BOX, 0.5),
        (polygon((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)), 0.5),
        (polygon(*regular(6, 1.0, 0.0)), 1.5 * 3**0.5),
        (stroke(0.2, (-1.0, 0.0), (1.0, 0.0)), 0.4 + math.pi * 0.01),
        (union(BOX, BOX), 0.5),
        (rounded(0.1, (0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.0, 0.5)), 0.8 + math.pi * 0.01),
        (turned(BOX, 33), 0.5),
    ],
)
def test_areas(shape, area) -> None:
    assert shape(X, Y).sum() * 0.004**2 == pytest.approx(area, rel=5e-3)


def test_a_quarter_turn_is_clockwise_to_the_eye() -> None:
    """`y` grows downwards: what lies to the right comes to lie below."""
    assert np.array_equal(turned(disc(0.2, (1.0, 0.0)), 90)(X, Y), disc(0.2, (0.0, 1.0))(X, Y))


def test_a_mirror_exchanges_left_and_right_only() -> None:
    corner = disc(0.2, (1.0, 0.5))
    assert np.array_equal(mirrored(corner)(X, Y), disc(0.2, (-1.0, 0.5))(X, Y))


def test_an_arc_lies_on_its_ellipse_and_ends_where_told() -> None:
    points = np.array(arc((1.0, 2.0), (0.5, 3.0), -90, 45))
    assert np.hypot((points[:, 0] - 1) / 0.5, (points[:, 1] - 2) / 3) == pytest.approx(1)
    assert points[0] == pytest.approx((1, -1))
    assert points[-1] == pytest.approx((1 + 0.5 * 0.5**0.5, 2 + 3 * 0.5**0.5))


def test_a_word_is_its_letters_side_by_side() -> None:
    word = text("30", (0.0, 0.0), (0.5, 0.6), 0.1)(X, Y)
    three = text("3", (-0.3, 0.0), (0.5, 0.6), 0.1)(X, Y)
    nought = text("0", (0.3, 0.0), (0.5, 0.6), 0.1)(X, Y)
    assert np.array_equal(word, three | nought)
    assert three.any()
    assert nought.any()


def test_every_sign_is_drawn_and_no_two_alike() -> None:
    drawn = templates()
    assert drawn.shape == (len(SIGNS), TEMPLATE_SIZE, TEMPLATE_SIZE, 4)
    assert len({sign.tobytes() for sign in drawn}) == len(SIGNS) == 16
    middle, corner = drawn[:, 60:68, 60:68, 3], drawn[:, :4, :4, 3]
    assert (middle == 255).all()
    assert (corner == 0).all()
    assert (drawn[..., :3] <= drawn[..., 3:]).all()  # colours are times coverage
