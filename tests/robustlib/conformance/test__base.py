import dataclasses

import torch
from torch import nn

from robustlib.conformance._base import Known, confirmed, held_against, succeeded, wrong
from robustlib.questions import Access
from tests.robustlib.conformance._subjects import idle, ours

POINTS = torch.tensor([[0.6], [0.7], [0.9]])
LINE = nn.Linear(1, 2)
LINE.weight.data, LINE.bias.data = torch.tensor([[1.0], [-1.0]]), torch.tensor([-0.5, 0.5])
KNOWN = Known(LINE.eval(), POINTS, torch.zeros(3, dtype=torch.int64), POINTS[:, 0] - 0.5)


def moved(by: float):
    return dataclasses.replace(ours("fmn Linf"), run=lambda known, eps: known.images - by)


def test_the_exact_distances_are_held_against_what_was_found() -> None:
    exact = dataclasses.replace(
        ours("fmn Linf"), run=lambda known, eps: known.images - 1.005 * known.exact[:, None]
    )
    assert held_against(KNOWN, exact).told == "3 of 3 within 1.01×, worst 1.01×"
    finding = held_against(KNOWN, moved(0.25))
    assert not finding.kept
    assert finding.told == "0 of 3 within 1.01×, worst 2.5×, 1 not found"


def test_less_is_asked_of_those_that_see_less_and_of_those_that_are_alone() -> None:
    far = dataclasses.replace(
        ours("fmn Linf"), run=lambda known, eps: known.images - 1.2 * known.exact[:, None]
    )
    assert not held_against(KNOWN, far).kept
    assert held_against(KNOWN, dataclasses.replace(far, access=Access.DECISION)).kept
    assert held_against(KNOWN, far, alone=0.0).kept
    assert not held_against(KNOWN, dataclasses.replace(far, whole=True), alone=0.0).kept


def test_nothing_found_is_told() -> None:
    assert held_against(KNOWN, idle("fmn Linf")).told == "nothing found"


def test_a_success_lies_in_the_box_and_in_the_ball() -> None:
    assert wrong(KNOWN, KNOWN.images - 0.45).tolist() == [True, True, True]
    assert wrong(KNOWN, KNOWN.images - 0.65).tolist() == [False, True, True]
    assert wrong(KNOWN, KNOWN.images * torch.nan).tolist() == [False] * 3
    assert succeeded(KNOWN, moved(0.25), 0.25).tolist() == [True, True, False]
    assert succeeded(KNOWN, moved(0.25), 0.24).tolist() == [False] * 3


def test_what_only_the_model_s_rounding_calls_a_success_is_none_below() -> None:
    """In float32 both logits are 1, and the first of equals wins; in float64 the label's does."""
    model = nn.Linear(2, 2, bias=False)
    model.weight.data = torch.tensor([[1.0, 0.0], [1.0, 2.0**-30]])
    points, ones = torch.tensor([[1.0, 0.9], [1.0, 0.8]]), torch.ones(2, dtype=torch.int64)
    known = Known(model.eval(), points, ones, torch.tensor([0.9, 0.8]))
    tied = torch.tensor([[1.0, 0.5], [1.0, 0.0]])
    assert wrong(known, tied).tolist() == [True, True]
    assert confirmed(known, tied).tolist() == [False, True]
    assert model.weight.dtype is torch.float32
    subject = dataclasses.replace(ours("fmn Linf"), run=lambda known, eps: tied)
    assert "below" not in held_against(known, subject).told
    doubtless = dataclasses.replace(known, exact=torch.tensor([0.9, 0.9]))
    assert "1 below the exact distance" in held_against(doubtless, subject).told
