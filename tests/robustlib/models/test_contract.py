"""What every model promises; a new file joins by existing."""

import pytest
import torch

from robustlib.models import models

SHAPES = [(3, 32), (1, 28)]


def drawn(count, channels, side):
    generator = torch.Generator().manual_seed(1)
    return torch.rand(count, channels, side, side, generator=generator)


@pytest.mark.parametrize("name", models)
@pytest.mark.parametrize(("channels", "side"), SHAPES)
def test_contract(name, channels, side, device):
    """Images in [0, 1] to logits, each row on its own; a batch of none and of one."""
    model = models[name](in_channels=channels, classes=7, width=8).eval().to(device, torch.float64)
    images = drawn(5, channels, side).to(device, torch.float64)
    logits = model(images)
    assert logits.shape == (5, 7)
    assert logits.isfinite().all()
    assert torch.allclose(model(images[2:3]), logits[2:3], rtol=0, atol=1e-9)
    assert torch.allclose(model(images.flip(0)), logits.flip(0), rtol=0, atol=1e-9)
    assert model(images[:0]).shape == (0, 7)


@pytest.mark.parametrize("name", models)
def test_every_weight_matters(name, device):
    model = models[name](in_channels=1, classes=3, width=8).train().to(device)
    model(drawn(6, 1, 28).to(device)).square().sum().backward()
    assert all(weight.grad.abs().sum() > 0 for weight in model.parameters())
