import pytest

from robustlib.conformance.planes_open import planes_open
from tests.robustlib.conformance._subjects import idle, ours


@pytest.mark.parametrize("attack", ["pgd Linf", "pgd L1", "apgd L2", "fmn L2", "fab L1", "pgd L0"])
def test_sound_attacks_find_what_is_known(attack) -> None:
    assert planes_open(ours(attack)).kept


@pytest.mark.parametrize("attack", ["pgd Linf", "fmn L2"])
def test_doing_nothing_is_noticed(attack) -> None:
    assert not planes_open(idle(attack)).kept
