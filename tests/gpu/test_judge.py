"""The judge on the device, of a model whose every image's distance to the boundary is known."""

import pytest
import torch
from torch import nn

from robustlib.data._base import Dataset
from robustlib.judge import judge
from robustlib.threats import L2, Linf


@pytest.mark.parametrize(("threat", "dual"), [(Linf(0.03), 1), (L2(0.1), 2)], ids=["Linf", "L2"])
def test_it_finds_exactly_the_images_within_reach(threat, dual, device, random_states) -> None:
    """Two classes, no wall near: |w·x| against eps times the dual norm of w."""
    generator = torch.Generator().manual_seed(5)
    layer = nn.Linear(12, 2)
    with torch.no_grad():
        layer.weight.normal_(generator=generator)
        layer.bias.zero_()
    images = torch.rand(40, 1, 3, 4, generator=generator) * 0.4 + 0.3
    difference = (layer.weight[1] - layer.weight[0]).detach()
    layer.bias.data[1] = -(images.flatten(1) @ difference).median()
    lead = images.flatten(1) @ difference + layer.bias.data[1]
    pictures = Dataset(images, (lead > 0).long(), ("a", "b"), ("甲", "乙"))
    model, before = nn.Sequential(nn.Flatten(), layer).eval().to(device), random_states()
    verdict = judge(model, pictures, threat)
    assert random_states() == before
    assert verdict.robust.device.type == "cpu"  # where the pictures are
    reach = threat.eps * difference.norm(p=dual)
    clear = (lead.abs() / reach - 1).abs() > 0.02
    assert clear.sum() > 30
    assert 0 < verdict.robust_accuracy < 1
    assert torch.equal(verdict.robust[clear], (lead.abs() > reach)[clear])
