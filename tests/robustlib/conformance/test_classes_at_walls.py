import dataclasses

from robustlib.conformance.classes_at_walls import classes_at_walls
from tests.robustlib.conformance._subjects import ours


def test_going_towards_each_class_finds_all_that_can_be_reached() -> None:
    finding = classes_at_walls(ours("worst_case Linf"))
    found, reachable = finding.told.split(" of ")
    assert finding.kept
    assert found == reachable


def test_all_is_asked_of_what_is_put_together_from_several() -> None:
    alone = ours("pgd Linf")
    assert classes_at_walls(alone).kept
    assert not classes_at_walls(dataclasses.replace(alone, whole=True)).kept
