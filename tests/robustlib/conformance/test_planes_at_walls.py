import pytest

from robustlib.conformance.planes_at_walls import planes_at_walls
from tests.robustlib.conformance._subjects import faulty, ours


@pytest.mark.parametrize("attack", ["pgd Linf", "pgd L1", "apgd L2", "fmn L2", "cw L2"])
def test_sound_attacks_find_what_is_known(attack) -> None:
    assert planes_at_walls(ours(attack)).kept


def test_what_leaves_the_box_counts_for_nothing() -> None:
    finding = planes_at_walls(faulty("fmn L2", lambda found, known: 2 * found - known.images))
    assert not finding.kept
    assert "not found" in finding.told


def test_a_change_twice_as_large_is_noticed() -> None:
    finding = planes_at_walls(faulty("fmn L2", lambda found, known: found * 0.9 + 0.05))
    assert not finding.kept
