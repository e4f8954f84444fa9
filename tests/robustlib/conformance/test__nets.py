import pytest
import torch

from robustlib.conformance._base import succeeded
from robustlib.conformance._nets import radius, small
from tests.robustlib.conformance._subjects import ours


@pytest.mark.parametrize("attack", ["pgd Linf", "pgd L2", "pgd L1", "pgd L0"])
def test_at_their_radius_some_pictures_fall_and_some_stand(attack) -> None:
    subject, known = ours(attack), small()
    assert 0 < int(succeeded(known, subject, radius(subject)).sum()) < 12


def test_the_smallest_change_has_no_radius() -> None:
    assert radius(ours("fmn L2")) == torch.inf


@pytest.mark.parametrize("classes", [2, 4, 100])
def test_labels_are_the_nets_own_answers(classes) -> None:
    known = small(classes)
    assert known.model(known.images).shape == (12, classes)
    assert torch.equal(known.model(known.images).argmax(1), known.labels)
