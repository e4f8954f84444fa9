import pytest

from robustlib.conformance.ball_and_box import ball_and_box
from tests.robustlib.conformance._subjects import faulty, ours


@pytest.mark.parametrize("attack", ["pgd Linf", "pgd L2", "pgd L1", "cw L2"])
def test_sound_attacks_stay_inside(attack) -> None:
    assert ball_and_box(ours(attack)).kept


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (lambda found, known: found - 1e-6, "outside the box"),
        (lambda found, known: (1.01 * found - 0.01 * known.images).clamp(0, 1), "outside the ball"),
        (lambda found, known: found / 0, "finite pictures"),
        (lambda found, known: found.flatten(1), "of the shape"),
    ],
)
def test_what_lies_outside_is_noticed(fault, told) -> None:
    finding = ball_and_box(faulty("pgd Linf", fault))
    assert not finding.kept
    assert told in finding.told
