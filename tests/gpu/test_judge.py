"""The judge on the device, of a model whose every image's distance to the boundary is known."""

import pytest
import torch

from robustlib.data._base import Dataset
from robustlib.judge import judge
from robustlib.threats import L2, Linf
from tests.robustlib._line import line


@pytest.mark.parametrize("threat", [Linf(0.03), L2(0.1)], ids=["Linf", "L2"])
def test_it_finds_exactly_the_images_within_reach(threat, device, random_states) -> None:
    """Two classes, no wall near: |w·x| against eps times the dual norm of w."""
    known = line(40, torch.Generator().manual_seed(5))
    pictures = Dataset(known.images, (known.height > 0).long(), ("a", "b"), ("甲", "乙"))
    model, before = known.model.to(device), random_states()
    verdict = judge(model, pictures, threat)
    assert random_states() == before
    assert verdict.robust.device.type == "cpu"  # where the pictures are
    margin = known.height.abs() / known.reach(threat)
    clear = (margin - 1).abs() > 0.02
    assert clear.sum() > 30
    assert 0 < verdict.robust_accuracy < 1
    assert torch.equal(verdict.robust[clear], (margin > 1)[clear])
