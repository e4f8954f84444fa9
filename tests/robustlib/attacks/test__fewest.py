"""The step that leaves the fewest pixels changed, held against all sets of pixels."""

import itertools

import pytest
import torch

from robustlib.attacks._fewest import fewer
from robustlib.conformance._planes import fewest
from robustlib.threats import L0
from tests.robustlib.attacks.test__trust import problems


def left(ends, images):
    """How many pixels are not the image's, to the last bit."""
    return L0(torch.inf).distance(ends, images).long()


def shortest_onto(point, slope, lacks):
    """The length of the shortest step within the box that rises so much, by bisection."""
    sign = 1 if lacks >= 0 else -1

    def step(price):
        return (point + price * sign * slope).clamp(0, 1) - point

    low, high = 0.0, 1e9
    if sign * float(slope @ step(high)) < abs(lacks) - 1e-9:
        return torch.inf
    for _ in range(90):
        middle = (low + high) / 2
        short = sign * float(slope @ step(middle)) < abs(lacks) - 1e-12
        low, high = (middle, high) if short else (low, middle)
    return float(step(high).norm())


def searched(point, image, slope, rise, radius):
    """The fewest pixels of one row that need be left, of all sets of them."""
    home, width = image - point, len(point)
    for count in range(width):
        for chosen in itertools.combinations(range(width), count):
            free = torch.zeros(width, dtype=torch.bool)
            free[list(chosen)] = True
            lacks = float(rise - slope[~free] @ home[~free])
            length = shortest_onto(point[free], slope[free], lacks) if count else 0.0
            if (count or abs(lacks) < 1e-9) and home[~free].norm() ** 2 + length**2 <= radius**2:
                return count
    return width


@pytest.mark.parametrize("levels", [None, 4])
def test_no_set_of_pixels_is_smaller_but_by_one_in_few_cases(levels) -> None:
    points, images, terms = problems(60, 6, levels=levels)
    terms["radius"] = terms["radius"] * 2
    rows = zip(points, images, *terms.values(), strict=True)
    best = torch.tensor([searched(*row) for row in rows])
    more = left(fewer(points, images, **terms), images) - best
    assert (more >= 0).all()
    assert (more <= 1).all()
    assert (more == 0).float().mean() >= 0.95
    assert len(best.unique()) >= 5  # from nearly all at home to nearly none


def test_in_a_wide_region_it_is_exact() -> None:
    """The least number whose best gains reach the plane: counted by the oracle of planes."""
    points, images, terms = problems(80, 9)
    ends = fewer(points, images, **terms | {"radius": torch.full((80,), 9.0)})
    height = terms["rise"] - (terms["slope"] * (images - points)).sum(1)
    for end, image, slope, rise in zip(ends, images, terms["slope"], height, strict=True):
        falls = -slope * rise.sign()
        assert int(left(end[None], image[None])) == fewest(image, falls, abs(float(rise)))


def test_pixels_count_once_whatever_their_channels() -> None:
    points, images, terms = problems(40, 12)
    shaped = {"slope": terms["slope"].view(40, 3, 2, 2)}
    there, here = points.view(40, 3, 2, 2), images.view(40, 3, 2, 2)
    ends = fewer(there, here, **terms | shaped | {"radius": torch.full((40,), 9.0)})
    height = terms["rise"] - (terms["slope"] * (images - points)).sum(1)
    for row in range(40):
        slope = terms["slope"][row] * height[row].sign()
        room = torch.where(slope > 0, 1 - images[row], images[row])
        gains = (slope.abs() * room).view(3, 4).sum(0).sort(descending=True).values.cumsum(0)
        assert (
            int(left(ends, here)[row]) == int((gains < abs(float(height[row])) - 1e-12).sum()) + 1
        )


@pytest.mark.parametrize("width", [6, 300])
def test_steps_keep_what_they_must(width) -> None:
    points, images, terms = problems(200, width)
    ends = fewer(points, images, **terms)
    step = ends - points
    assert ((ends >= 0) & (ends <= 1)).all()
    assert torch.allclose((terms["slope"] * step).sum(1), terms["rise"], rtol=0, atol=1e-7)
    assert (step.norm(dim=1) <= terms["radius"] * (1 + 1e-7)).all()


def test_what_can_not_come_home_comes_nearer() -> None:
    """A region of 0.1, and all pixels half the box away: the L1 step of the slope's own plane."""
    points, images = torch.full((1, 4), 0.9).double(), torch.full((1, 4), 0.4).double()
    slope = torch.tensor([[1.0, 0.0, 0.0, 0.0]]).double()
    terms = {"slope": slope, "rise": torch.zeros(1), "radius": torch.full((1,), 0.1)}
    end = fewer(points, images, **terms)
    assert end[0].tolist() == pytest.approx([0.9, *[0.9 - 0.1 / 3**0.5] * 3], abs=1e-6)


def test_a_plane_out_of_reach_is_gone_towards_and_a_flat_one_moves_nothing() -> None:
    points, images = torch.tensor([[0.2, 0.5]] * 2), torch.tensor([[0.3, 0.1]] * 2)
    slope = torch.tensor([[3.0, 4.0], [0, 0]])
    terms = {"slope": slope, "rise": torch.tensor([50.0, 1]), "radius": torch.full((2,), 0.1)}
    ends = fewer(points, images, **terms)
    assert ends[0].tolist() == pytest.approx([0.26, 0.58])
    assert torch.equal(ends[1], points[1])


def test_a_row_s_step_is_its_own() -> None:
    points, images, terms = problems(50, 6)
    whole = fewer(points, images, **terms)
    for row in range(0, 50, 7):
        place = slice(row, row + 1)
        only = {name: each[place] for name, each in terms.items()}
        alone = fewer(points[place], images[place], **only)
        assert torch.allclose(alone, whole[place], rtol=0, atol=1e-12)
