"""What a model answers: figures that are known beforehand."""

import pytest
import torch
from torch import Tensor

from robustlib import _answers, doubts
from robustlib._patient import Patient
from tests.robustlib._ward import behind, patient


def three(images: Tensor) -> Tensor:
    """The colours' means."""
    return images.flatten(2).mean(dim=2)


@pytest.mark.parametrize("name", _answers.ELSEWHERE)
def test_the_range_that_a_model_was_made_for_is_named(name, pictures, labels_of) -> None:
    channels = len(_answers.ELSEWHERE[name][0])
    weight = torch.randn(12, 5, generator=torch.Generator().manual_seed(1))

    def model(images: Tensor) -> Tensor:
        """Waves, which go on in any range."""
        return (5 * images.flatten(1)[:, :12]).sin() @ weight

    images = pictures(60, (channels, 6, 6), torch.float32)
    labels = labels_of(model, _answers._normalised(images, *_answers.ELSEWHERE[name]))
    found = _answers.inside(patient(model, images, labels))
    assert not found.healthy
    assert f"in {name} it is 100%" in found.seen
    assert _answers.inside(patient(model, images, labels_of(model, images))).healthy


def test_labels_of_other_classes_are_told(net, pictures) -> None:
    images = pictures(5, dtype=torch.float32)
    found = _answers.inside(patient(net().float(), images, torch.arange(5) + 4))
    assert not found.healthy
    assert "the labels go to 8, the model has 4 classes" in found.seen
    net().double()


def test_figures_are_those_of_the_answers(pictures) -> None:
    images = pictures(8, (3, 2, 2))
    shared = patient(lambda some: three(some) + len(some), images)
    assert "differ by 7 at most" in _answers.rows(shared).seen
    assert not _answers.rows(shared).healthy
    assert _answers.rows(patient(three, images)).healthy
    steady = Patient(lambda some: three(some) + 2, images, three(images), None, 0.1, random=True)
    assert "differs by 2 at most" in _answers.steady(steady).seen
    ahead = torch.tensor([[3.0, 1.0], [0.0, 4.0], [9.0, 0.0]])
    leading = Patient(three, images[:3], ahead, None, 0.1)
    assert "leads by 4 (median)" in _answers.scale(leading).seen
    level = Patient(three, images[:2], torch.tensor([[2.0, 2.0], [1.0, 1.0]]), None, 0.1)
    assert "leads by 0 (median)" in _answers.scale(level).seen
    assert "0 … 9, rows add up to 5.67" in _answers.logits(leading).seen


def test_two_probabilities_are_probabilities_too(net, pictures) -> None:
    """The engine does not warn of two classes, whose direction is the same; the doctor tells."""
    model, images = net(2), pictures(5)
    assert not _answers.logits(patient(behind(model, None, lambda z: z.softmax(1)), images)).healthy
    assert _answers.logits(patient(model, images)).healthy


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("classes", [3, 100])
def test_probabilities_that_half_precision_has_rounded_are_probabilities(dtype, classes) -> None:
    """To the doctor as to the engine, whatever they have become since."""
    scores = 3 * torch.randn(50, classes, generator=torch.Generator().manual_seed(0))
    for outputs in (scores.softmax(1).to(dtype), scores.softmax(1).to(dtype).float()):
        examined = Patient(three, torch.zeros(50, 3, 2, 2), outputs, None, 0.1)
        assert not _answers.logits(examined).healthy
        assert doubts.probable(outputs)
    assert not doubts.probable(scores.to(dtype))


def test_precision_is_that_of_weights_and_answers(net, pictures) -> None:
    images = pictures(2, dtype=torch.float32)
    hidden = patient(behind(net(dtype=torch.bfloat16), torch.Tensor.bfloat16, Tensor.float), images)
    assert _answers.precision(hidden).seen == "bfloat16, float32"
    assert not _answers.precision(hidden).healthy
    assert _answers.precision(patient(net(dtype=torch.float32), images)).healthy
