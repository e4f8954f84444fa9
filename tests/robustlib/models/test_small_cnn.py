"""The small network: its size, its start, and the normalisation inside."""

import pytest
import torch
from torch import nn

from robustlib.models._base import Normalise
from robustlib.models.small_cnn import small_cnn


def cost(model, images):
    """Multiply-adds of convolutions and linear layers on one picture."""
    total = []

    def count(layer, inputs, output):
        each = layer.weight[0].numel()
        total.append(output.numel() * each)

    hooks = [
        layer.register_forward_hook(count)
        for layer in model.modules()
        if isinstance(layer, nn.Conv2d | nn.Linear)
    ]
    model(images)
    for hook in hooks:
        hook.remove()
    return sum(total)


def test_it_is_small():
    model = small_cnn(classes=16).eval()
    assert 200_000 < sum(parameter.numel() for parameter in model.parameters()) <= 480_000
    assert 4e6 < cost(model, torch.zeros(1, 3, 32, 32)) <= 8.5e6


def test_normalisation_is_inside():
    images = torch.rand(4, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    mean, std = (0.4, 0.5, 0.6), (0.2, 0.3, 0.4)
    inside = small_cnn(width=4, mean=mean, std=std).eval()
    outside = small_cnn(width=4, mean=(0.0,), std=(1.0,)).eval()
    scaled = (images - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1)
    assert torch.allclose(inside(images), outside(scaled), atol=1e-5)


def test_normalisation_is_not_saved_with_the_weights():
    assert not any(key.startswith("0.") for key in small_cnn(width=4).state_dict())
    assert isinstance(small_cnn(width=4)[0], Normalise)


def test_the_seed_alone_makes_the_weights():
    state = torch.get_rng_state()
    one, same, other = small_cnn(width=4, seed=1), small_cnn(width=4, seed=1), small_cnn(width=4)
    assert torch.equal(torch.get_rng_state(), state)
    weights = [torch.cat([p.flatten() for p in model.parameters()]) for model in (one, same, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_initial_weights_keep_the_variance():
    """He et al.: standard deviation sqrt(2 / inputs)."""
    for layer in small_cnn().modules():
        if isinstance(layer, nn.Conv2d):
            expected = (2 / layer.weight[0].numel()) ** 0.5
            assert layer.weight.std().item() == pytest.approx(expected, rel=0.05)


def test_it_has_batch_normalisation():
    assert sum(isinstance(layer, nn.BatchNorm2d) for layer in small_cnn().modules()) == 5
