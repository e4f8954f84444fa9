import dataclasses

import torch
from torch.nn import functional

from robustlib.conformance.softmax_outputs import softmax_outputs
from tests.robustlib.conformance._subjects import ours


def test_ours_says_so_and_breaks_as_many() -> None:
    finding = softmax_outputs(ours("pgd Linf"))
    assert finding.kept
    assert "Probabilities" in finding.told


def blind(known, eps):
    """A step as long as the gradient of a plain cross-entropy, which has vanished."""
    point = known.images.clone().requires_grad_()
    loss = functional.cross_entropy(known.model(point), known.labels, reduction="sum")
    (gradient,) = torch.autograd.grad(loss, point)
    return (known.images + (1e3 * gradient).clamp(-eps, eps)).clamp(0, 1)


def test_a_softmax_that_has_rounded_is_noticed() -> None:
    finding = softmax_outputs(dataclasses.replace(ours("pgd Linf"), run=blind, advised=None))
    assert not finding.kept
    assert "without a word" in finding.told


def test_a_search_whose_scores_are_all_alike_is_told_of_their_logs() -> None:
    finding = softmax_outputs(ours("square Linf"))
    assert finding.kept
    assert "Probabilities: then" in finding.told
