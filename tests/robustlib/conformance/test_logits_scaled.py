import dataclasses

import torch
from torch.nn import functional

from robustlib.conformance.logits_scaled import logits_scaled
from tests.robustlib.conformance._subjects import ours


def test_sound_attacks_do_not_care() -> None:
    assert logits_scaled(ours("pgd Linf")).kept
    assert logits_scaled(ours("apgd L2")).kept


def test_a_plain_cross_entropy_is_noticed() -> None:
    """One step along the gradient of softmax's loss, which is zero where it has rounded to one."""

    def run(known, eps):
        point = known.images.clone().requires_grad_()
        loss = functional.cross_entropy(known.model(point), known.labels, reduction="sum")
        (gradient,) = torch.autograd.grad(loss, point)
        return (known.images + eps * gradient.sign()).clamp(0, 1)

    assert not logits_scaled(dataclasses.replace(ours("pgd Linf"), run=run)).kept
