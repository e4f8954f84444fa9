import pytest
import torch
from torch import nn

from robustlib.ensemble import Ensemble
from robustlib.errors import InputError


def test_its_logits_are_the_weighted_mean() -> None:
    one, other = nn.Linear(3, 2), nn.Linear(3, 2)
    images = torch.rand(4, 3)
    for weights, shares in ((None, (0.5, 0.5)), ([1, 3], (0.25, 0.75))):
        wanted = shares[0] * one(images) + shares[1] * other(images)
        assert torch.allclose(Ensemble([one, other], weights)(images), wanted)


def test_it_is_in_train_mode_while_a_member_is_and_changes_none() -> None:
    one, other = nn.Dropout().eval(), nn.Dropout()
    both = Ensemble([one, other])
    assert (both.training, one.training, other.training) == (True, False, True)
    assert not Ensemble([one, torch.relu]).training
    both.eval()
    assert not other.training


def test_its_members_move_with_it() -> None:
    assert len(list(Ensemble([nn.Linear(3, 2), torch.relu]).parameters())) == 2


@pytest.mark.parametrize(
    ("models", "weights", "told"),
    [
        ([], None, "one model at least"),
        ([torch.relu], [1, 2], "a number > 0 for each of 1"),
        ([torch.relu], [0], "a number > 0"),
    ],
)
def test_what_is_no_ensemble_is_told(models, weights, told) -> None:
    with pytest.raises(InputError, match=told):
        Ensemble(models, weights)
