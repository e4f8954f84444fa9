import pytest
import torch

from robustlib.conformance.failures import failures
from tests.robustlib.conformance._subjects import faulty, ours


@pytest.mark.parametrize("attack", ["pgd Linf", "fmn L2", "deepfool L2", "cw L2"])
def test_sound_attacks_fail_in_good_order(attack) -> None:
    assert failures(ours(attack)).kept


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (lambda found, known: torch.zeros_like(found), "black"),
        (lambda found, known: found * torch.nan, "not finite"),
        (lambda found, known: 1 - found, "outside the ball"),
    ],
)
def test_what_is_returned_instead_is_noticed(fault, told) -> None:
    finding = failures(faulty("pgd Linf", fault))
    assert not finding.kept
    assert told in finding.told
