"""Adversarial training against the closed form of a linear model's worst case."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from robustlib.errors import InputError
from robustlib.threats import L2, Linf
from robustlib.training._base import Batch
from robustlib.training.pgd_training import pgd_training


@pytest.fixture
def linear():
    """Two classes; the logits differ by w·x + b."""
    layer = nn.Linear(6, 2)
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        layer.weight.normal_(generator=generator)
        layer.bias.zero_()
    return nn.Sequential(nn.Flatten(), layer)


@pytest.fixture
def batch():
    generator = torch.Generator().manual_seed(4)
    images = torch.rand(20, 1, 2, 3, generator=generator) * 0.4 + 0.3  # no wall within reach
    return Batch(images, torch.randint(0, 2, (20,), generator=generator), range(20), seed=5)


@pytest.mark.parametrize(("threat", "dual"), [(Linf(0.1), 1), (L2(0.2), 2)], ids=["Linf", "L2"])
def test_loss_is_that_of_the_worst_point(linear, batch, threat, dual):
    """The worst point lowers a linear model's lead by eps times the dual norm of its weight."""
    weight = linear[1].weight[1] - linear[1].weight[0]
    lead = (linear(batch.images) @ torch.tensor([-1.0, 1.0])) * (2 * batch.labels - 1)
    worst = functional.softplus(-(lead - threat.eps * weight.norm(p=dual))).mean()
    outcome = pgd_training(linear, batch, threat=threat, steps=20, step_size=2 * threat.eps)
    assert outcome.loss.item() == pytest.approx(worst.item(), abs=1e-4)
    assert outcome.right.tolist() == (lead > threat.eps * weight.norm(p=dual)).tolist()


def test_gradients_reach_the_weights_from_the_worst_point_only(linear, batch):
    threat = Linf(0.1)
    pgd_training(linear, batch, threat=threat, steps=20).loss.backward()
    got = linear[1].weight.grad.clone()
    linear.zero_grad()
    weight = linear[1].weight.detach()
    away = (weight[1] - weight[0]).sign() * (1 - 2 * batch.labels)[:, None]
    worst = batch.images + 0.1 * away.view_as(batch.images)
    functional.cross_entropy(linear(worst), batch.labels).backward()
    assert torch.allclose(got, linear[1].weight.grad, atol=1e-5)


def test_normalisation_is_stirred_by_the_learning_pass_alone(batch):
    """Public code that attacks in train mode updates the averages at every step of the attack."""
    model = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(12, 2))
    model[1].eval()  # a layer that somebody froze stays frozen
    frozen = model[1].running_mean.clone()
    pgd_training(model, batch, threat=Linf(0.1), steps=4)
    assert torch.equal(model[1].running_mean, frozen)
    assert model.training
    model.train()
    pgd_training(model, batch, threat=Linf(0.1), steps=4)
    assert model[1].num_batches_tracked == 1
    assert all(layer.training for layer in model.modules())


def test_modes_are_restored_after_an_error(linear, batch):
    with pytest.raises(InputError, match="steps is a count"):
        pgd_training(linear, batch, threat=Linf(0.1), steps="many")
    assert linear.training
