import torch
from torch import nn

from robustlib.conformance._defences import Defended, MostSay, hidden
from tests.robustlib.conformance._subjects import ours


def test_layers_stand_before_and_behind_the_net() -> None:
    model = Defended(nn.Flatten().eval(), lambda images: 2 * images, lambda logits: logits + 1)
    assert model(torch.full((1, 1, 1, 2), 0.5)).tolist() == [[2.0, 2.0]]
    assert not model.training


def test_the_mean_of_many_answers() -> None:
    noisy = Defended(nn.Flatten().eval(), lambda images: images + torch.randn_like(images))
    mean = MostSay(noisy)(torch.full((200, 1, 1, 1), 3.0))
    assert mean.std() < 2 / 64**0.5
    assert abs(float(mean.mean()) - 3) < 0.1


def test_a_layer_that_does_nothing_changes_nothing() -> None:
    finding = hidden(ours("pgd Linf"))
    found, _, can = finding.told.partition(" of ")
    assert finding.kept
    assert found == can
