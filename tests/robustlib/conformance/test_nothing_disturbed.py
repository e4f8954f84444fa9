import dataclasses
import random

import numpy as np
import pytest
import torch

from robustlib.conformance.nothing_disturbed import nothing_disturbed
from tests.robustlib.conformance._subjects import ours


def test_ours_disturbs_nothing() -> None:
    assert nothing_disturbed(ours("pgd Linf")).kept
    assert nothing_disturbed(ours("square L2")).kept


def backward(known) -> None:
    known.model(known.images).sum().backward()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (backward, "the gradients"),
        (lambda known: known.model.train(), "the mode"),
        (lambda known: known.model.train()(known.images), "the averages"),
        (lambda known: known.model.requires_grad_(False), "requires_grad"),
        (lambda known: known.images.mul_(0.5), "the pictures"),
        (lambda known: torch.manual_seed(1), "torch's random numbers"),
        (lambda known: np.random.rand(), "NumPy's random numbers"),  # noqa: NPY002
        (lambda known: random.random(), "Python's random numbers"),
    ],
)
def test_each_trace_is_noticed(fault, told) -> None:
    def run(known, eps):
        fault(known)
        return known.images.clone()

    finding = nothing_disturbed(dataclasses.replace(ours("pgd Linf"), run=run))
    assert not finding.kept
    assert told in finding.told
