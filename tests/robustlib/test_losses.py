import pytest
import torch

from robustlib.errors import InputError
from robustlib.losses import against, cross_entropy, margin

LOGITS = torch.tensor([[2.0, 1.0, -1.0], [0.0, 3.0, 3.0]], dtype=torch.float64)
LABELS = torch.tensor([0, 1])


def test_cross_entropy_by_its_definition() -> None:
    by_hand = -torch.log(LOGITS.exp().gather(1, LABELS[:, None])[:, 0] / LOGITS.exp().sum(1))
    assert torch.allclose(cross_entropy(LOGITS, LABELS), by_hand)


def test_margin_by_its_definition() -> None:
    assert margin(LOGITS, LABELS).tolist() == [-1.0, 0.0]


@pytest.mark.parametrize("loss", [cross_entropy, margin])
def test_a_constant_added_to_the_logits_changes_nothing(loss) -> None:
    assert torch.allclose(loss(LOGITS - 1000, LABELS), loss(LOGITS, LABELS))


def test_others_keep_their_order() -> None:
    others, own = against(LOGITS, LABELS)
    assert others.tolist() == [[1.0, -1.0], [0.0, 3.0]]
    assert own.tolist() == [2.0, 3.0]


def test_one_class_has_no_other() -> None:
    with pytest.raises(InputError, match="two classes"):
        margin(torch.zeros(2, 1), torch.zeros(2, dtype=torch.int64))
