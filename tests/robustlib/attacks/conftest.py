"""Victims whose nearest adversarial examples are known exactly, as fixtures."""

import copy
import dataclasses
import functools

import pytest
from torch import Tensor

from robustlib.conformance._planes import Linear, linear
from robustlib.engine import AttackResult


@functools.cache
def _made(walls: bool) -> Linear:
    return linear(walls=walls)


def _fresh(walls: bool) -> Linear:
    """The same, with a model of its own: a test may change that to float64."""
    made = _made(walls)
    return dataclasses.replace(made, model=copy.deepcopy(made.model))


@pytest.fixture(params=[False, True], ids=["open", "walls"])
def plane(request: pytest.FixtureRequest) -> Linear:
    """The linear model, once with the box inactive and once active."""
    return _fresh(request.param)


@pytest.fixture
def open_plane() -> Linear:
    """The linear model with the box inactive."""
    return _fresh(False)


def nearest(result: AttackResult, exact: Tensor, most: float = 1.01) -> Tensor:
    """Whether each row's success is the nearest, or so little farther; none may be nearer."""
    ratio = result.distance / exact
    assert (ratio[result.success] >= 1 - 1e-5).all()
    return result.success & (ratio <= most)
