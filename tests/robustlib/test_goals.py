import pytest
import torch

from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target, decided, firm
from robustlib.losses import cross_entropy, margin

LOGITS = torch.tensor([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [1.0, 2.0, 5.0]])
ROWS = torch.tensor([0, 1, 2])
CLASSES = torch.tensor([0, 2, 1])


def test_any_other_class_will_do() -> None:
    goal = Misclassify(CLASSES)
    assert goal.reached(LOGITS, ROWS).tolist() == [False, True, True]
    assert torch.equal(goal.loss(LOGITS, ROWS), cross_entropy(LOGITS, CLASSES))


def test_only_the_target_will_do() -> None:
    goal = Target(CLASSES)
    assert goal.reached(LOGITS, ROWS).tolist() == [True, False, False]
    assert torch.equal(goal.loss(LOGITS, ROWS), -cross_entropy(LOGITS, CLASSES))


@pytest.mark.parametrize("kind", [Misclassify, Target])
def test_rows_say_whose_wish_it_is(kind) -> None:
    goal, rows = kind(CLASSES), torch.tensor([1, 1, 2])
    assert torch.equal(goal.loss(LOGITS, rows), kind(CLASSES[rows]).loss(LOGITS, ROWS))
    assert torch.equal(goal.take(rows).reached(LOGITS, ROWS), goal.reached(LOGITS, rows))


@pytest.mark.parametrize("kind", [Misclassify, Target])
def test_another_measure_is_the_same_wish(kind) -> None:
    plain, other = kind(CLASSES), kind(CLASSES).measured(margin)
    assert torch.equal(other.loss(LOGITS, ROWS).abs(), margin(LOGITS, CLASSES).abs())
    assert torch.equal(other.reached(LOGITS, ROWS), plain.reached(LOGITS, ROWS))
    assert other.take(ROWS).measure is margin


@pytest.mark.parametrize("kind", [Misclassify, Target])
@pytest.mark.parametrize(
    ("classes", "outputs", "message"),
    [
        (torch.tensor([0, 1]), LOGITS, "each of the 3 images"),
        (torch.tensor([0.0, 1.0, 2.0]), LOGITS, r"integers, not torch.float32: use .long\(\)"),
        (torch.tensor([True, False, True]), LOGITS, "integers, not torch.bool"),
        (CLASSES.numpy(), LOGITS, "not ndarray: torch.as_tensor"),
        ([0, 1, 2], LOGITS, "not list: torch.as_tensor"),
        (torch.tensor([0, 1, 3]), LOGITS, "0 … 2"),
        (torch.tensor([0, 1, -1]), LOGITS, "0 … 2"),
        (CLASSES, LOGITS[:, :1], "k ≥ 2"),
        (CLASSES, LOGITS[:, 0], "k ≥ 2"),
    ],
)
def test_a_goal_that_does_not_fit_is_refused(kind, classes, outputs, message) -> None:
    with pytest.raises(InputError, match=message):
        kind(classes).check(outputs, 3)
    kind(CLASSES).check(LOGITS, 3)


@pytest.mark.parametrize("kind", [Misclassify, Target])
@pytest.mark.parametrize("dtype", [torch.uint8, torch.int32])
def test_small_integers_are_classes_too(kind, dtype) -> None:
    """What numpy and images of labels hold; a loss takes int64 alone."""
    small = kind(CLASSES.to(dtype)).to(LOGITS.device)
    assert torch.equal(small.loss(LOGITS, ROWS), kind(CLASSES).loss(LOGITS, ROWS))


@pytest.mark.parametrize("kind", [Misclassify, Target])
def test_a_measure_is_a_function(kind) -> None:
    with pytest.raises(InputError, match="losses, not 'margin'"):
        kind(CLASSES, "margin")


def test_a_label_only_model_decides_itself() -> None:
    assert decided(torch.tensor([2, 0])).tolist() == [2, 0]
    assert decided(LOGITS).tolist() == [0, 1, 2]


@pytest.mark.parametrize("kind", [Misclassify, Target])
@pytest.mark.parametrize(
    ("dtype", "unit", "rounding"),
    [
        (torch.float32, 2**-23, 4),
        (torch.float64, 2**-52, 4),
        (torch.float16, 2**-10, 4),
        (torch.bfloat16, 2**-7, 0.5),
    ],
)
def test_a_lead_is_firm_beyond_what_rounding_makes(kind, dtype, unit, rounding) -> None:
    wanted = torch.tensor([1 if kind is Target else 0])
    leads = [max(1, rounding / 2) * unit, max(1, rounding + 1) * unit, -0.5]
    logits = [torch.tensor([[1.0, 1.0 + lead, -torch.inf]], dtype=torch.float64) for lead in leads]
    told = [firm(kind(wanted), each.to(dtype), torch.tensor([0])).item() for each in logits]
    assert told == [rounding < 1, True, False]


def test_labels_and_other_wishes_are_firm_as_they_are() -> None:
    rows = torch.arange(2)
    assert firm(Misclassify(rows), torch.tensor([1, 0]), rows).all()
