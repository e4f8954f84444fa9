"""What the judge says of a model whose every image's distance to the boundary is known."""

import pytest
import torch
from torch import nn

from robustlib.data._base import Dataset
from robustlib.judge import judge
from robustlib.threats import L2, Linf


@pytest.mark.parametrize("threat", [Linf(0.03), L2(0.1)], ids=["Linf", "L2"])
def test_the_judge_finds_exactly_the_images_within_reach(threat):
    """Of a two-class linear model: |w·x + b| against eps times the dual norm of w."""
    generator = torch.Generator().manual_seed(5)
    layer = nn.Linear(12, 2)
    with torch.no_grad():
        layer.weight.normal_(generator=generator)
        layer.bias.zero_()
    images = torch.rand(200, 1, 3, 4, generator=generator) * 0.4 + 0.3
    model = nn.Sequential(nn.Flatten(), layer).eval()
    difference = layer.weight[1] - layer.weight[0]
    with torch.no_grad():
        layer.bias[1] = 0.01 - (images.flatten(1) @ difference).median()  # both classes
    lead = (images.flatten(1) @ difference + layer.bias[1]).detach()
    labels = torch.where(torch.rand(200, generator=generator) < 0.8, lead > 0, lead < 0).long()
    told: list[tuple[int, int, int]] = []
    pictures = Dataset(images, labels, ("a", "b"), ("甲", "乙"))
    verdict = judge(model, pictures, threat, report=lambda *now: told.append(now))
    assert torch.equal(verdict.clean, (lead > 0) == (labels == 1))
    reach = threat.eps * difference.norm(p=1 if isinstance(threat, Linf) else 2)
    clear = (lead.abs() / reach - 1).abs() > 0.01
    assert clear.sum() > 180
    withstands = verdict.clean & (lead.abs() > reach)
    assert torch.equal(verdict.robust[clear], withstands[clear])
    assert 0 < verdict.robust_accuracy < verdict.clean_accuracy < 1
    attacks = 3  # on the margin, towards the one other class, Square
    assert [done for done, _, _ in told] == [1, 2, 3]
    assert {of for _, of, _ in told} == {attacks}
    assert told[-1][2] == int(verdict.robust.sum())
