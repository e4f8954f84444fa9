import dataclasses

import pytest

from robustlib.conformance.slope_cut import slope_cut
from tests.robustlib.conformance._subjects import ours


@pytest.mark.parametrize("attack", ["pgd Linf", "apgd L2", "fmn L2"])
def test_ours_says_so_and_what_it_advises_recovers_all(attack) -> None:
    finding = slope_cut(ours(attack))
    assert finding.kept
    assert "0 of" in finding.told
    assert "NoSlope: then" in finding.told


def test_what_sees_labels_only_does_not_notice() -> None:
    finding = slope_cut(ours("rays Linf"))
    assert finding.kept
    assert "NoSlope" not in finding.told


def test_too_few_without_a_word_are_noticed() -> None:
    silent = dataclasses.replace(ours("pgd Linf"), advised=None)
    assert not slope_cut(silent).kept
