"""What every model promises; a new file joins by existing."""

import pytest
import torch

from robustlib.models import models

SHAPES = [(3, 32), (1, 28)]


@pytest.mark.parametrize("name", models)
@pytest.mark.parametrize(("channels", "side"), SHAPES)
def test_contract(name, channels, side):
    """Images in [0, 1] to logits, each row on its own; a batch of none and of one."""
    model = models[name](in_channels=channels, classes=7).eval()
    images = torch.rand(5, channels, side, side, generator=torch.Generator().manual_seed(1))
    logits = model(images)
    assert logits.shape == (5, 7)
    assert logits.isfinite().all()
    assert torch.allclose(model(images[2:3]), logits[2:3], atol=1e-5)
    assert torch.allclose(model(images.flip(0)), logits.flip(0), atol=1e-5)
    assert model(images[:0]).shape == (0, 7)


@pytest.mark.parametrize("name", models)
def test_every_weight_matters(name):
    model = models[name](in_channels=1, classes=3).train()
    images = torch.rand(6, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    model(images).square().sum().backward()
    assert all(weight.grad.abs().sum() > 0 for weight in model.parameters())
