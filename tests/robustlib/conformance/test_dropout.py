import dataclasses

import pytest

from robustlib.conformance.dropout import dropout
from tests.robustlib.conformance._subjects import idle, ours


@pytest.mark.parametrize("attack", ["pgd Linf", "pgd L0"])
def test_ours_says_so_and_breaks_as_many(attack) -> None:
    finding = dropout(ours(attack))
    assert finding.kept
    assert "RandomAnswers" in finding.told


def test_one_that_is_asked_again_as_advised_is_believed() -> None:
    sound = ours("pgd Linf")

    def run(known, eps):
        found = sound.run(known, eps)
        return known.images.clone() if hasattr(known.model, "before") else found

    assert not dropout(dataclasses.replace(sound, run=run, advised=None)).kept
    told = dropout(dataclasses.replace(sound, run=lambda known, eps: _weak(sound, known, eps)))
    assert told.kept
    assert "RandomAnswers: then" in told.told


def _weak(sound, known, eps):
    """It asks, so that the warning is heard, and gives the pictures back where there is chance."""
    found = sound.run(known, eps)
    return idle("pgd Linf").run(known, eps) if hasattr(known.model, "before") else found
