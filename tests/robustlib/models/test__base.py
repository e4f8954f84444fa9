"""Normalisation as a layer: pixels go in, and nothing of it is saved or learnt."""

import torch

from robustlib.models._base import Normalise


def test_each_channel_is_centred_and_scaled_by_its_own_numbers() -> None:
    layer = Normalise([0.5, 0.25], [0.5, 0.125])
    images = torch.tensor([[0.0, 1.0], [0.25, 1.0]]).view(1, 2, 1, 2)
    expected = torch.tensor([[-1.0, 1.0], [0.0, 6.0]]).view(1, 2, 1, 2)
    assert torch.equal(layer(images), expected)


def test_one_number_serves_all_channels() -> None:
    images = torch.rand(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(Normalise([0.5], [0.25])(images), 4 * images - 2)


def test_its_numbers_are_neither_saved_nor_learnt_but_move_with_the_model() -> None:
    layer = Normalise([0.5], [0.25])
    assert layer.state_dict() == {}
    assert list(layer.parameters()) == []
    assert layer.double().mean.dtype == torch.float64
