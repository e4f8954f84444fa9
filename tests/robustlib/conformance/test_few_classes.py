import dataclasses

from robustlib.conformance.few_classes import few_classes
from tests.robustlib.conformance._subjects import ours


def test_sound_attacks_run_with_any_number() -> None:
    assert few_classes(ours("deepfool L2")).kept
    assert few_classes(ours("apgd Linf")).kept


def test_an_attack_that_wants_ten_classes_is_noticed() -> None:
    def run(known, eps):
        known.model(known.images).sort(dim=1).values[:, -4]
        return known.images

    finding = few_classes(dataclasses.replace(ours("pgd Linf"), run=run))
    assert not finding.kept
    assert finding.told == "2 classes: IndexError"
