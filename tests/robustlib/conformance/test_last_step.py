import dataclasses

import pytest
import torch

from robustlib.conformance.last_step import last_step
from tests.robustlib.conformance._subjects import ours


@pytest.mark.parametrize("attack", ["pgd Linf", "pgd L0", "apgd L2", "fgsm Linf"])
def test_ours_looks_at_its_last_step(attack) -> None:
    assert last_step(ours(attack)).kept


def climb(known, eps, *, steps, last):
    """Sign steps; the best of the points at which a gradient was taken, or the last point too."""
    best, point = known.images.clone(), known.images.clone()
    for _ in range(steps):
        point.requires_grad_()
        logits = known.model(point)
        (gradient,) = torch.autograd.grad((logits[:, 1] - logits[:, 0]).sum(), point)
        wrong = (logits.argmax(1) != known.labels)[:, None, None, None]
        best = torch.where(wrong, point.detach(), best)
        point = point.detach() + eps / 2 * gradient.sign()
        point = point.clamp(known.images - eps, known.images + eps).clamp(0, 1)
    return point if last else best


@pytest.mark.parametrize("last", [True, False])
def test_a_step_that_is_taken_and_never_looked_at_is_noticed(last) -> None:
    """adversarial-library's and SecML's PGD."""

    def run(known, eps):
        return climb(known, eps, steps=5, last=last)

    finding = last_step(dataclasses.replace(ours("pgd Linf"), run=run))
    assert finding.kept is last
    assert finding.told == f"{32 if last else 0} of 32 after 5 gradients"


def test_who_looks_at_the_last_point_without_a_gradient_has_looked() -> None:
    """DeepFool's and FAB's way: a plain look, and back to the picture where it was none."""

    def run(known, eps):
        point = climb(known, eps, steps=5, last=True)
        with torch.no_grad():
            wrong = known.model(point).argmax(1) != known.labels
        return torch.where(wrong[:, None, None, None], point, known.images)

    assert last_step(dataclasses.replace(ours("pgd Linf"), run=run)).kept


def test_the_caller_s_random_numbers_go_on() -> None:
    before = torch.get_rng_state()
    last_step(ours("fgsm Linf"))
    assert torch.equal(torch.get_rng_state(), before)
