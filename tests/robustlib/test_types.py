from torch import nn

from robustlib.types import Classifier


def test_anything_callable_is_a_classifier() -> None:
    assert isinstance(nn.Linear(2, 2), Classifier)
    assert isinstance(lambda images: images, Classifier)
    assert not isinstance("resnet18", Classifier)
