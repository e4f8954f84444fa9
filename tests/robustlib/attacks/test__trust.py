"""The best step within a trust region, held against SciPy's programmes."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from robustlib.attacks._trust import nearer
from robustlib.threats import L1, L2, Linf

NORMS = pytest.mark.parametrize("threat", [L2, Linf, L1])
ORDERS = {L2: 2, Linf: np.inf, L1: 1}


def problems(count, width, *, levels=None):
    """Points and images, many of their pixels at walls, and rises that steps can come to; of so
    many levels a unit, so that many numbers are the same."""
    generator = torch.Generator().manual_seed(width)

    def draw(low, high):
        drawn = low + (high - low) * torch.rand(count, width, generator=generator).double()
        return drawn if levels is None else (drawn * levels).round() / levels

    points, images = (draw(-0.3, 1.3).clamp(0, 1) for _ in range(2))
    slope = draw(-1, 1) * (draw(0, 1) < 0.9)
    radius = 0.05 + 0.8 * draw(0, 1)[:, 0]
    step = (points + draw(-1, 1)).clamp(0, 1) - points
    length = torch.minimum(step.norm(dim=1), radius * draw(0, 1)[:, 0])
    step = step / step.norm(dim=1, keepdim=True) * length[:, None]
    return points, images, {"slope": slope, "rise": (slope * step).sum(1), "radius": radius}


def programme(threat, point, image, slope, rise, radius):
    """The least distance of one row, found by sequential quadratic programmes; where the norm is
    not smooth, bounds of the changes are variables too. Infinite, where SciPy finds no step."""
    home, width = image - point, len(point)
    extra = {L2: 0, Linf: 1, L1: width}[threat]
    distance = {2: lambda v: 0.5 * ((v - home) ** 2).sum()}.get(
        ORDERS[threat], lambda v: v[width:].sum()
    )
    constraints = [
        {"type": "eq", "fun": lambda v: slope @ v[:width] - rise},
        {"type": "ineq", "fun": lambda v: radius**2 - v[:width] @ v[:width]},
    ]
    if extra:
        constraints += [
            {"type": "ineq", "fun": lambda v: v[width:] - (v[:width] - home)},
            {"type": "ineq", "fun": lambda v: v[width:] + (v[:width] - home)},
        ]
    solved = minimize(
        distance,
        np.r_[np.zeros(width), np.ones(extra)],
        bounds=[*zip(-point, 1 - point, strict=True), *[(0, None)] * extra],
        constraints=constraints,
        method="SLSQP",
        options={"maxiter": 300, "ftol": 1e-12},
    )
    step = solved.x[:width]
    feasible = abs(slope @ step - rise) < 1e-7 and np.linalg.norm(step) < radius + 1e-7
    return np.linalg.norm(step - home, ORDERS[threat]) if feasible else np.inf


@NORMS
@pytest.mark.parametrize("levels", [None, 4])
def test_no_programme_of_scipy_comes_nearer(threat, levels) -> None:
    points, images, terms = problems(60, 6, levels=levels)
    ends = nearer(points, images, threat(torch.inf), **terms)
    rows = zip(points, images, *terms.values(), strict=True)
    theirs = np.array([programme(threat, *(each.numpy() for each in row)) for row in rows])
    mine = threat(torch.inf).distance(ends, images).numpy()
    assert (mine <= theirs + 1e-6).all()
    assert (mine >= theirs - 1e-6).mean() > 0.9  # the others are those that SciPy gave up


@NORMS
@pytest.mark.parametrize("width", [6, 300])
def test_steps_keep_what_they_must(threat, width) -> None:
    points, images, terms = problems(200, width)
    ends = nearer(points, images, threat(torch.inf), **terms)
    step = ends - points
    assert ((ends >= 0) & (ends <= 1)).all()
    assert torch.allclose((terms["slope"] * step).sum(1), terms["rise"], rtol=0, atol=1e-10)
    assert (step.norm(dim=1) <= terms["radius"] * (1 + 1e-10)).all()
    on_the_sphere = step.norm(dim=1) >= terms["radius"] * (1 - 1e-10)
    assert on_the_sphere.sum() >= 40


@NORMS
def test_where_the_plane_is_too_far_the_step_rises_most(threat) -> None:
    points, images, terms = problems(40, 6)
    terms["rise"] = terms["rise"].sign() * 20
    ends = nearer(points, images, threat(torch.inf), **terms)
    for point, end, slope, rise, radius in zip(points, ends, *terms.values(), strict=True):
        upwards = rise.sign() * slope
        most = highest(point.numpy(), upwards.numpy(), radius.item())
        assert upwards @ (end - point) >= most - 1e-6
        assert (end - point).norm() <= radius * (1 + 1e-9)
        assert ((end >= 0) & (end <= 1)).all()


def highest(point, slope, radius):
    """How far a linear function can rise in one step, says SciPy."""
    solved = minimize(
        lambda step: -slope @ step,
        np.zeros(len(point)),
        bounds=list(zip(-point, 1 - point, strict=True)),
        constraints={"type": "ineq", "fun": lambda step: radius**2 - step @ step},
        method="SLSQP",
        options={"maxiter": 300, "ftol": 1e-12},
    )
    return -solved.fun


@NORMS
def test_a_wide_region_leads_to_the_nearest_point_of_the_plane(plane, threat) -> None:
    images, weight = plane.images.double(), plane.model.weight.double()
    points = (images - 0.3 * weight.view(4, 4)).clamp(0, 1)
    height = points.flatten(1) @ weight + plane.model.offset.double()
    terms = {"slope": weight.expand(32, 16).view(32, 1, 4, 4), "rise": -height}
    ends = nearer(points, images, threat(torch.inf), **terms, radius=torch.full((32,), 9.0))
    distance = threat(torch.inf).distance(ends, images)
    assert torch.allclose(distance, plane.exact(threat).double(), rtol=1e-5, atol=1e-6)


@NORMS
@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_the_unit_of_the_slope_changes_nothing(threat, scale) -> None:
    points, images, terms = problems(50, 6)
    plain = nearer(points, images, threat(torch.inf), **terms)
    terms = terms | {"slope": terms["slope"] * scale, "rise": terms["rise"] * scale}
    assert torch.allclose(nearer(points, images, threat(torch.inf), **terms), plain, atol=1e-9)


@NORMS
def test_a_row_s_step_is_its_own(threat) -> None:
    points, images, terms = problems(50, 6)
    whole = nearer(points, images, threat(torch.inf), **terms)
    for row in range(0, 50, 7):
        only = {name: each[row : row + 1] for name, each in terms.items()}
        place = slice(row, row + 1)
        alone = nearer(points[place], images[place], threat(torch.inf), **only)
        assert torch.allclose(alone, whole[place], rtol=0, atol=1e-12)


@NORMS
def test_slopes_that_are_all_the_same_or_none_lead_to_numbers(threat) -> None:
    points, images = torch.tensor([[0.5, 0.5, 0.5]] * 3), torch.tensor([[0.9, 0.1, 0.9]] * 3)
    slope = torch.tensor([[1.0, -1, 1], [0, 0, 0], [0, 0, 0]])
    terms = {"slope": slope, "rise": torch.tensor([0.1, 0.1, 0]), "radius": torch.full((3,), 0.2)}
    ends = nearer(points, images, threat(torch.inf), **terms)
    assert (ends[0] - points[0]) @ slope[0] == pytest.approx(0.1, abs=1e-6)
    assert torch.equal(ends[1:], points[1:])
