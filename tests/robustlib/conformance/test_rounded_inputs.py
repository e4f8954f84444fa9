import dataclasses

from robustlib.conformance.rounded_inputs import rounded_inputs
from tests.robustlib.conformance._subjects import ours


def test_ours_says_so_and_what_it_advises_recovers_all() -> None:
    finding = rounded_inputs(ours("pgd L2"))
    assert finding.kept
    assert "NoSlope: then" in finding.told


def test_an_attack_that_is_blind_is_noticed() -> None:
    assert not rounded_inputs(dataclasses.replace(ours("pgd L2"), advised=None)).kept
