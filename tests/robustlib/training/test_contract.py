"""What every objective promises; a new file joins by existing."""

from inspect import signature

import pytest
import torch

from robustlib.models.small_cnn import small_cnn
from robustlib.threats import Linf
from robustlib.training import training
from robustlib.training._base import Batch


@pytest.fixture
def batch(device):
    images = torch.rand(8, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    return Batch(images.to(device), torch.arange(8, device=device), range(8), seed=1)


def called(name, model, batch):
    objective = training[name]
    needs = "threat" in signature(objective).parameters
    return objective(model, batch, **({"threat": Linf(0.1)} if needs else {}))


@pytest.mark.parametrize("name", training)
def test_contract(name, batch, device, random_states):
    """A mean loss that reaches every weight; nothing else is moved, and a repeat is the same."""
    model = small_cnn(in_channels=1, width=4).train().to(device)
    states, kept = random_states(), batch.images.clone()
    outcome = called(name, model, batch)
    assert outcome.loss.shape == ()
    assert outcome.right.shape == (8,)
    assert outcome.right.dtype == torch.bool
    outcome.loss.backward()
    assert all(weight.grad is not None for weight in model.parameters())
    assert torch.equal(batch.images, kept)
    assert random_states() == states
    assert model.training
    again = called(name, small_cnn(in_channels=1, width=4).train().to(device), batch)
    assert torch.equal(again.loss, outcome.loss)
