"""Ordinary training against the definition, written out."""

import math

import pytest
import torch
from torch import nn

from robustlib.training._base import Batch
from robustlib.training.standard import standard

LOGITS = torch.tensor([[2.0, 0.0, -1.0], [0.0, 0.5, 0.25], [1.0, 3.0, 2.0], [0.0, 0.0, 0.0]])
LABELS = torch.tensor([0, 2, 1, 2])


def slow(logits, labels, smoothing):
    total = 0.0
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        normaliser = math.log(sum(math.exp(value) for value in row))
        for index, value in enumerate(row):
            weight = smoothing / len(row) + (1 - smoothing) * (index == label)
            total -= weight * (value - normaliser)
    return total / len(labels)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_loss_is_the_definition(smoothing):
    batch = Batch(LOGITS.view(4, 3, 1, 1), LABELS, range(4), seed=0)
    outcome = standard(nn.Flatten(), batch, label_smoothing=smoothing)
    assert outcome.loss.item() == pytest.approx(slow(LOGITS, LABELS, smoothing), abs=1e-6)
    assert outcome.right.tolist() == [True, False, True, False]
