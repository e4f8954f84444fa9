"""The mode of a model is lent to the attack and given back, layer by layer."""

import pytest
from torch import nn

from robustlib.training._base import evaluating


def mixed() -> nn.Module:
    """A model in train mode with one frozen layer."""
    model = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.BatchNorm1d(2), nn.Dropout()))
    model.train()
    model[1][0].eval()
    return model


def modes(model: nn.Module) -> list[bool]:
    return [layer.training for layer in model.modules()]


def test_every_layer_is_in_eval_mode_inside_and_as_it_was_outside() -> None:
    model = mixed()
    before = modes(model)
    assert set(before) == {True, False}
    with evaluating(model):
        assert not any(modes(model))
    assert modes(model) == before


def test_modes_come_back_after_an_error() -> None:
    model = mixed()
    before = modes(model)
    with pytest.raises(ArithmeticError), evaluating(model):
        raise ArithmeticError("planted")
    assert modes(model) == before
