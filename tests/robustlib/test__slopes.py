"""Slopes of models for which they are known, and what is made of them."""

import pytest
import torch
from torch import Tensor

from robustlib import _slopes
from robustlib._patient import Patient
from tests.robustlib._ward import patient

WEIGHT = torch.tensor([[1.0, -2.0, 0.5], [-0.5, 1.0, 2.0]], dtype=torch.float64)
INSIDE = 0.3 + 0.4 * torch.rand(20, 3, generator=torch.Generator().manual_seed(2)).double()


def linear(images: Tensor) -> Tensor:
    return (images - 0.5) @ WEIGHT.T


def test_slopes_of_a_linear_model_are_its_weights() -> None:
    first = linear(INSIDE).argmax(1)
    wanted = (WEIGHT[1] - WEIGHT[0]) * torch.where(first == 0, 1, -1)[:, None]
    assert torch.allclose(_slopes.slopes(patient(linear, INSIDE)), wanted)
    assert torch.allclose(_slopes._ratios(patient(linear, INSIDE)), torch.ones(20).double())


@pytest.mark.parametrize("factor", [0.25, 1.2, 3.0])
def test_a_gradient_that_is_so_many_times_too_large_is_measured(factor) -> None:
    def boasting(images: Tensor) -> Tensor:
        return linear(images.detach() + factor * (images - images.detach()))

    found = _slopes.differences(patient(boasting, INSIDE))
    assert f"rises by {1 / factor:.2f} ×" in found.seen
    assert found.healthy == (factor == 1.2)


def test_a_linear_model_is_well_and_a_sphere_is_not_beaten() -> None:
    """On both a step along the gradient's sign rises more than any other of its length."""

    def sphere(images: Tensor) -> Tensor:
        return torch.stack([((images - 0.5) ** 2).sum(1), 0 * images[:, 0] + 0.005], dim=1)

    for model in (linear, sphere):
        one = patient(model, INSIDE)
        for check in (_slopes.slope, _slopes.differences, _slopes.surface, _slopes.black_box):
            assert check(one).healthy, check(one)
    assert _slopes.unbounded(patient(linear, INSIDE)).healthy


def test_who_beats_whom_is_counted() -> None:
    """Square changes every answer of a stair, whose slope of zero leads PGD nowhere."""

    def stair(images: Tensor) -> Tensor:
        high = ((images - 0.5).sum(dim=1) / 0.01).round() * 0.01 + 0 * images.sum(dim=1)
        return torch.stack([high, -high], dim=1)

    near = 0.52 + torch.zeros(20, 3).double()
    found = _slopes.black_box(Patient(stair, near, stair(near), None, 0.1))
    assert not found.healthy
    told = [int(word) for word in found.seen.replace("%", "").split() if word.isdigit()]
    assert told[1] >= 10
    flat = _slopes.slope(Patient(stair, near, stair(near), None, 0.1))
    assert flat.seen == "20 of 20 pictures have a gradient of zero"


def test_a_gradient_that_is_no_number_is_doubted() -> None:
    found = _slopes.slope(patient(lambda images: linear((0 * images).sqrt() + images), INSIDE))
    assert not found.healthy
    assert "20 one that is no number" in found.seen


def test_the_first_line_of_an_error_is_told() -> None:
    assert _slopes.told(ValueError("one\ntwo")) == "one"
    assert _slopes.told(ValueError()) == "ValueError"
