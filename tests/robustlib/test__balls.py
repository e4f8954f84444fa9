"""Balls met with the box at their corners; those of the threat models have slow oracles."""

import pytest
import torch

from robustlib._balls import filled, inwards, largest, share, shrunk
from robustlib.threats import L2


def row(*numbers: float) -> torch.Tensor:
    return torch.tensor([numbers], dtype=torch.float64)


@pytest.mark.parametrize(
    ("sizes", "room", "radius", "wanted"),
    [
        ((3.0, 1.0), (9.0, 9.0), 9.0, (3.0, 1.0)),  # all of it fits
        ((3.0, 1.0), (9.0, 9.0), 2.0, (2.0, 0.0)),  # shortened by 1, and the lesser is gone
        ((3.0, 2.0), (1.0, 9.0), 2.0, (1.0, 1.0)),  # the greater has little room, and keeps it
        ((3.0, 2.0), (0.0, 9.0), 1.0, (0.0, 1.0)),  # none at all
        ((2.0, 2.0), (9.0, 9.0), 2.0, (1.0, 1.0)),  # equals share
        ((2.0, 2.0), (9.0, 9.0), 0.0, (0.0, 0.0)),
        ((0.0, 0.0), (9.0, 9.0), 0.0, (0.0, 0.0)),
        ((2.0, 1.0), (9.0, 9.0), torch.inf, (2.0, 1.0)),
    ],
)
def test_lengths_are_shortened_by_the_same(sizes, room, radius, wanted) -> None:
    assert torch.allclose(shrunk(row(*sizes), row(*room), row(radius)), row(*wanted))


@pytest.mark.parametrize(
    ("gains", "room", "length", "wanted"),
    [
        ((1.0, 3.0, 2.0), (1.0, 1.0, 1.0), 1.5, (0.0, 1.0, 0.5)),
        ((1.0, 3.0, 2.0), (1.0, 0.0, 1.0), 1.5, (0.5, 0.0, 1.0)),  # nothing is lost at a wall
        ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), 1.5, (0.0, 0.0, 0.0)),
        ((1.0, 3.0, 2.0), (1.0, 1.0, 1.0), 9.0, (1.0, 1.0, 1.0)),
    ],
)
def test_the_steepest_are_used_up_first(gains, room, length, wanted) -> None:
    assert torch.equal(filled(row(*gains), row(*room), row(length)), row(*wanted))


@pytest.mark.parametrize(("count", "wanted"), [(0, []), (1, [1]), (2, [1, 2]), (9, [0, 1, 2, 3])])
def test_so_many_of_the_largest_the_first_among_equals(count, wanted) -> None:
    assert largest(row(1, 3, 2, 2), row(count)).nonzero()[:, 1].tolist() == wanted


def test_a_way_stops_where_the_ball_ends() -> None:
    # t² (9 + 16) = 1, where both have room; and where the first has none: t² 16 = 1
    assert share(row(9, 16), row(99, 99), row(1)).item() == pytest.approx(0.2)
    assert share(row(9, 16), row(0, 99), row(1)).item() == pytest.approx(0.25)
    assert share(row(9, 16), row(99, 99), row(999)).item() == 1


def test_rounding_never_leads_away_from_the_image() -> None:
    images = torch.rand(4, 50, generator=torch.Generator().manual_seed(0))
    exact = (images.double() + 0.1 * torch.randn(images.shape, dtype=torch.float64)).clamp(0, 1)
    found = inwards(exact.float(), exact, images)
    assert ((found.double() - images.double()).abs() <= (exact - images.double()).abs()).all()
    assert (found - exact).abs().max() <= 2e-7


@pytest.mark.parametrize(("dtype", "least"), [(torch.float32, 0.999), (torch.float64, 0.96)])
def test_ties_of_rounding_do_not_leave_the_ball(dtype: torch.dtype, least: float) -> None:
    """Half of an odd way lies between two numbers: where each is rounded up, all are too far."""
    image, unit = torch.full((1, 3072), 0.5, dtype=dtype), torch.finfo(dtype).eps / 2
    ways = 2**12 + 2 * torch.arange(3072) + 1
    shift = ways[None] * unit
    eps = float(shift.double().norm()) * 0.5 * (1 + 8 * unit)
    found = L2(eps).project(image + shift, image)
    length = float((found.double() - image.double()).norm())
    assert eps * least <= length <= eps
