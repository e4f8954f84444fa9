import dataclasses

import pytest

from robustlib.conformance.noise import noise
from tests.robustlib.conformance._subjects import idle, ours


@pytest.mark.parametrize("attack", ["pgd Linf", "pgd L1", "apgd L2"])
def test_ours_says_so_and_breaks_as_many(attack) -> None:
    finding = noise(ours(attack))
    assert finding.kept
    assert "RandomAnswers" in finding.told


def test_what_finds_nothing_behind_noise_is_noticed() -> None:
    sound, still = ours("pgd Linf"), idle("pgd Linf")

    def run(known, eps):
        return (still if hasattr(known.model, "before") else sound).run(known, eps)

    assert not noise(dataclasses.replace(sound, run=run, advised=None)).kept
