"""Books of rows, and what a curve says of them."""

import json
import math

import pandas
import pytest
import torch
from scipy.stats import binomtest

from robustlib._curve import Curve, Found, wilson

FAR = math.inf


@pytest.fixture
def found() -> Found:
    """Six rows: one wrong from the start, three fooled at 0.1, 0.1 and 0.3, two never."""
    radius = torch.tensor([0.0, 0.1, 0.1, 0.3, FAR, FAR], dtype=torch.float64)
    distance = torch.tensor([0.0, 0.05, 0.1, 1 / 3, FAR, FAR], dtype=torch.float64)
    costs = torch.arange(6)
    by = ["clean", "pgd", "fmn", "pgd", "", ""]
    return Found(radius, distance, by, costs, costs + 1, costs + 2, costs + 3)


@pytest.fixture
def curve(found: Found) -> Curve:
    return Curve((0.0, 0.1, 0.3), found, "Linf", ("pgd", "fmn"), seed=4, seconds=1.5)


def test_shares_are_those_of_the_rows_left(curve: Curve) -> None:
    assert [curve.robust_accuracy(eps) for eps in curve.radii] == pytest.approx(
        [5 / 6, 1 / 2, 1 / 3]
    )
    assert curve.robust_accuracy(0.2) == 0.5  # between two radii nothing more is known
    assert curve.clean_accuracy == pytest.approx(5 / 6)
    assert curve.fooled_by() == {"clean": 1, "pgd": 2, "fmn": 1}
    assert curve.fooled_by(0.1) == {"clean": 1, "pgd": 1, "fmn": 1}


@pytest.mark.parametrize(("hits", "count"), [(0, 10), (3, 10), (10, 10), (497, 1000)])
def test_the_interval_is_scipys(hits: int, count: int) -> None:
    theirs = binomtest(hits, count).proportion_ci(method="wilson")
    assert wilson(hits, count) == pytest.approx((theirs.low, theirs.high), abs=1e-6)


def test_books_survive_json_to_the_bit(found: Found) -> None:
    again = Found.read(json.loads(json.dumps(found.written(), allow_nan=False)))
    assert again.by == found.by
    for name in ("radius", "distance", "queries", "forwards", "backwards", "runs"):
        assert torch.equal(getattr(again, name), getattr(found, name))
        assert getattr(again, name).dtype == getattr(found, name).dtype


def test_records_are_flat(curve: Curve) -> None:
    for record in [curve.record(), *curve.points(), *curve.rows()]:
        assert all(isinstance(each, str | int | float) for each in record.values())
    assert len({tuple(point) for point in curve.points()}) == 1
    assert curve.record()["robust_accuracy_0.3"] == pytest.approx(1 / 3)
    assert curve.record()["fooled_by_pgd"] == 2
    assert curve.record()["queries"] == 15
    assert [row["clean_right"] for row in curve.rows()] == [False] + 5 * [True]


def test_of_two_books_the_smaller_radius_counts_and_costs_add_up(found: Found) -> None:
    other = Found.empty(6)
    other.radius[:] = torch.tensor([0.1, 0.0, 0.1, FAR, 0.3, FAR], dtype=torch.float64)
    other.by[:] = ["x"] * 6
    both = Found.nearest([found, other])
    assert both.by == ["clean", "x", "fmn", "pgd", "x", ""]
    assert both.radius.tolist() == [0.0, 0.0, 0.1, 0.3, 0.3, FAR]
    assert torch.equal(both.queries, found.queries)


def test_records_points_and_rows_load_in_pandas_with_the_types_that_they_have(curve: Curve) -> None:
    rows = pandas.DataFrame(curve.rows())
    assert rows.dtypes["clean_right"].kind == "b"
    assert {rows.dtypes[name].kind for name in ("fooled_at", "distance")} == {"f"}
    assert {rows.dtypes[name].kind for name in ("row", "queries", "runs")} == {"i"}
    points = pandas.DataFrame(curve.points()).set_index("eps")
    for eps in curve.radii:
        assert points["robust_accuracy"][eps] == (rows["fooled_at"] > eps).mean()
    assert points["robust"].dtype.kind == "i"
    record = pandas.DataFrame([curve.record()])
    assert record["queries"].dtype.kind == "i"
    assert record["robust_accuracy_0.1"].dtype.kind == "f"
