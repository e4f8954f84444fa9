import pytest
import torch

from robustlib.errors import InputError
from robustlib.losses import against, cross_entropy, dlr, dlr_towards, margin

LOGITS = torch.tensor([[2.0, 1.0, -1.0], [0.0, 3.0, 3.0]], dtype=torch.float64)
LABELS = torch.tensor([0, 1])


def test_cross_entropy_by_its_definition() -> None:
    by_hand = -torch.log(LOGITS.exp().gather(1, LABELS[:, None])[:, 0] / LOGITS.exp().sum(1))
    assert torch.allclose(cross_entropy(LOGITS, LABELS), by_hand)


def test_cross_entropy_shows_the_way_where_softmax_has_rounded_to_one() -> None:
    """At logits of thousands, in float32, only the gradient of the log-odds is left."""
    logits = torch.tensor([[5e4, -2e3, 1e4], [5e4, 1e4, 1e4]], requires_grad=True)
    loss = cross_entropy(logits, torch.tensor([0, 0]))
    (gradient,) = torch.autograd.grad(loss.sum(), logits)
    way = torch.tensor([[-1, 0, 1], [-1, 0.5, 0.5]])
    assert torch.allclose(gradient / gradient.abs().amax(1, keepdim=True), way, atol=1e-3)
    assert (loss.abs() < 1e-20).all()
    assert loss[1] > loss[0]  # the nearer


def test_margin_by_its_definition() -> None:
    assert margin(LOGITS, LABELS).tolist() == [-1.0, 0.0]


@pytest.mark.parametrize("loss", [cross_entropy, margin, dlr, dlr_towards(1)])
def test_a_constant_added_to_the_logits_changes_nothing(loss) -> None:
    assert torch.allclose(loss(LOGITS - 1000, LABELS), loss(LOGITS, LABELS))


def test_others_keep_their_order() -> None:
    others, own = against(LOGITS, LABELS)
    assert others.tolist() == [[1.0, -1.0], [0.0, 3.0]]
    assert own.tolist() == [2.0, 3.0]


def test_one_class_has_no_other() -> None:
    with pytest.raises(InputError, match="two classes"):
        margin(torch.zeros(2, 1), torch.zeros(2, dtype=torch.int64))


DRAWN = torch.randn(200, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
NAMED = torch.arange(200) % 6


def test_dlr_by_its_definition() -> None:
    """Equation 6, one row at a time."""
    for row, label, found in zip(DRAWN.tolist(), NAMED.tolist(), dlr(DRAWN, NAMED), strict=True):
        falling = sorted(row, reverse=True)
        other = max(row[:label] + row[label + 1 :])
        by_hand = -(row[label] - other) / (falling[0] - falling[2])
        assert float(found) == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize("ahead", [1, 2, 5])
def test_the_targeted_dlr_by_its_definition(ahead) -> None:
    """Equation 7, one row at a time."""
    all_found = dlr_towards(ahead)(DRAWN, NAMED)
    for row, label, found in zip(DRAWN.tolist(), NAMED.tolist(), all_found, strict=True):
        falling = sorted(row, reverse=True)
        target = row[(label + ahead) % 6]
        by_hand = -(row[label] - target) / (falling[0] - (falling[2] + falling[3]) / 2)
        assert float(found) == pytest.approx(by_hand, rel=1e-9)


def test_of_three_classes_the_third_stands_for_the_fourth() -> None:
    assert dlr_towards(1)(LOGITS, LABELS).tolist() == pytest.approx([-1 / 3, 0])
    assert dlr_towards(2)(LOGITS, LABELS).tolist() == pytest.approx([-1, -1])


@pytest.mark.parametrize("loss", [dlr, dlr_towards(2)])
@pytest.mark.parametrize("factor", [1e-3, 1e4])
def test_a_positive_factor_changes_no_ratio(loss, factor) -> None:
    assert torch.allclose(loss(factor * DRAWN, NAMED), loss(DRAWN, NAMED), rtol=1e-7)


@pytest.mark.parametrize("loss", [dlr, dlr_towards(1)])
def test_logits_that_are_all_the_same_have_a_ratio_and_a_slope(loss) -> None:
    logits = torch.zeros(1, 4, requires_grad=True)
    value = loss(logits, torch.tensor([0]))
    value.sum().backward()
    assert value.item() == 0
    assert logits.grad is not None
    assert logits.grad.isfinite().all()


@pytest.mark.parametrize("loss", [dlr, dlr_towards(1)])
def test_two_classes_have_no_ratio(loss) -> None:
    """It would be -1 or 1 everywhere, and nothing to climb: said, not silently something else."""
    with pytest.raises(InputError, match="three classes or more, not 2: margin takes two"):
        loss(torch.zeros(2, 2), torch.tensor([0, 1]))


@pytest.mark.parametrize("ahead", [0, -1, True, 1.5])
def test_another_class_stands_some_classes_ahead(ahead) -> None:
    with pytest.raises(InputError, match="ahead is a count ≥ 1"):
        dlr_towards(ahead)
    with pytest.raises(InputError, match="of 3 classes, 6 ahead is the label itself"):
        dlr_towards(6)(LOGITS, LABELS)
