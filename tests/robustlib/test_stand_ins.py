"""What stands in for a victim answers as it does, with a slope that is known."""

import torch
from torch import nn

from robustlib.stand_ins import Logits, Straight


def test_forward_is_the_layers_and_backward_the_other_ones() -> None:
    point = torch.tensor([0.2, 0.61], requires_grad=True)
    answer = Straight(torch.round, slope=lambda images: 3 * images)(point)
    assert answer.tolist() == [0.0, 1.0]
    answer.sum().backward()
    assert point.grad.tolist() == [3.0, 3.0]


def test_logs_of_probabilities_differ_as_logits_do_and_so_do_their_slopes() -> None:
    logits = torch.tensor([[40.0, 0.0, -30.0]], requires_grad=True)
    again = Logits(lambda images: images.softmax(1))(logits)
    assert torch.allclose(again.diff(dim=1), logits.diff(dim=1), rtol=1e-5)
    (slope,) = torch.autograd.grad(again[0, 1] - again[0, 0], logits)
    assert torch.allclose(slope, torch.tensor([[-1.0, 1.0, 0.0]]), atol=1e-5)


def test_what_was_too_small_has_no_log_and_yet_a_number() -> None:
    again = Logits(lambda images: images.softmax(1))(torch.tensor([[1e4, 0.0]]))
    assert again.isfinite().all()


def test_they_are_in_the_mode_of_what_they_hold() -> None:
    assert not Straight(torch.round).training
    assert not Logits(nn.Linear(1, 2).eval()).training
    assert Logits(nn.Linear(1, 2)).training
