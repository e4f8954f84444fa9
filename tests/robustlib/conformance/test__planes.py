"""The closed forms beside linear programmes, a quadratic one, and exhaustive choice."""

import itertools

import numpy as np
import pytest
import torch
from scipy.optimize import linprog, minimize

from robustlib.conformance._planes import DISTANCES, linear, many
from robustlib.threats import L0, L1, L2, Linf

GENERATOR = np.random.default_rng(0)
CASES = [
    (np.clip(GENERATOR.uniform(-0.4, 1.4, 6), 0, 1), GENERATOR.normal(size=6), height)
    for height in (0.05, 0.3, 0.6, 3.0)
    for _ in range(5)
]


def programme(row, weight, height, *, norm) -> float:
    """min t or Σ u over steps within the box that lower the height by so much."""
    eye, count = np.eye(len(row)), len(row)
    wide = np.ones((count, 1)) if norm is Linf else eye
    rows = np.block([[eye, -wide], [-eye, -wide]])
    rows = np.r_[rows, np.r_[weight, np.zeros(wide.shape[1])][None]]
    costs = np.r_[np.zeros(count), np.ones(wide.shape[1])]
    bounds = [(-low, 1 - low) for low in row] + [(0, None)] * wide.shape[1]
    solved = linprog(costs, A_ub=rows, b_ub=np.r_[np.zeros(2 * count), -height], bounds=bounds)
    return solved.fun if solved.success else np.inf


def quadratic(row, weight, height) -> float:
    way = np.where(weight > 0, -row, 1 - row)
    if way @ weight > -height:
        return np.inf
    solved = minimize(
        lambda step: step @ step,
        way,
        jac=lambda step: 2 * step,
        bounds=[(-low, 1 - low) for low in row],
        constraints={"type": "ineq", "fun": lambda step: -height - step @ weight},
        options={"ftol": 1e-14},
    )
    return float(np.sqrt(solved.fun))


def counted(row, weight, height) -> float:
    gains = np.abs(weight) * np.where(weight > 0, row, 1 - row)
    for count in range(1, len(row) + 1):
        if any(sum(some) >= height for some in itertools.combinations(gains, count)):
            return float(count)
    return np.inf


ORACLES = {
    Linf: lambda *case: programme(*case, norm=Linf),
    L1: lambda *case: programme(*case, norm=L1),
    L2: quadratic,
    L0: counted,
}


@pytest.mark.parametrize("norm", ORACLES)
def test_distances_within_the_box(norm) -> None:
    for row, weight, height in CASES:
        found = DISTANCES[norm](torch.from_numpy(row), torch.from_numpy(weight), height)
        assert found == pytest.approx(ORACLES[norm](row, weight, height), rel=1e-5)


@pytest.mark.parametrize("walls", [False, True])
def test_pictures_are_right_and_as_open_as_they_are_said_to_be(walls) -> None:
    planes = linear(walls=walls)
    assert (planes.model(planes.images).argmax(1) == planes.labels).all()
    flat = planes.images.flatten(1)
    at_wall = ((flat == 0) | (flat == 1)).double().mean()
    assert at_wall > 0.3 if walls else at_wall == 0
    assert torch.equal(planes.exact(L2), planes.l2)


def test_the_nearest_of_other_classes() -> None:
    planes = many(Linf, 0.2)
    assert (planes.model(planes.images).argmax(1) == planes.labels).all()
    assert planes.exact(Linf).gather(1, planes.labels[:, None]).isinf().all()
