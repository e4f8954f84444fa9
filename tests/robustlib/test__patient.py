"""Who is examined: whether there are scores to examine."""

import pytest
import torch

from robustlib._patient import Patient, share

PICTURES = torch.rand(2, 3)


@pytest.mark.parametrize(
    ("outputs", "scores"),
    [
        (torch.zeros(2, 2), True),
        (torch.zeros(2, 1), False),
        (torch.zeros(2), False),
        (torch.zeros(2, 2).long(), False),
        (torch.tensor([[0.0, torch.inf], [0.0, 0.0]]), False),
        (torch.tensor([[0.0, torch.nan], [0.0, 0.0]]), False),
    ],
)
def test_scores_are_numbers_of_two_classes_or_more(outputs, scores) -> None:
    assert Patient(lambda images: outputs, PICTURES, outputs, None, 0.1).scores == scores


def test_shares_of_flags() -> None:
    assert share(torch.tensor([True, True, False, True])) == 0.75
    assert share(torch.zeros(0, dtype=torch.bool)) == 0
