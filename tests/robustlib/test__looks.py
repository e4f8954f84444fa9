"""What is found out about a victim before an attack begins."""

import warnings

import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks.pgd import pgd
from robustlib.attacks.rays import rays
from robustlib.attacks.square import square
from robustlib.doubts import RandomAnswers
from robustlib.engine import attack
from robustlib.errors import ModelError
from robustlib.goals import Misclassify
from robustlib.threats import Linf
from tests.robustlib._slope import BALL, Slope, low


@pytest.mark.parametrize(
    ("count", "terms"), [(1, {}), (3, {"batch_size": 1}), (1, {"exact": True})]
)
def test_a_random_model_is_told_of_without_company_too(count, terms, net, pictures) -> None:
    class Noisy(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            return net()(images + torch.rand_like(images))

    images, goal = pictures(count), Misclassify(torch.zeros(count, dtype=torch.int64))
    with pytest.warns(RandomAnswers):
        result = attack(Noisy().eval(), images, goal, Linf(0.1), pgd, steps=3, **terms)
    assert result.queries.tolist() == [5] * count  # none is retired
    assert result.probes == 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        steady = attack(net(), images, goal, Linf(0.1), pgd, steps=3, **terms)
    assert steady.probes == 2


@pytest.mark.parametrize("method", [pgd, square])
@pytest.mark.parametrize("number", [0.1, 0.9])
def test_labels_are_no_scores(method, number) -> None:
    """Even where nothing is asked: what serves one batch and not the next hides a mistake."""
    with pytest.raises(ModelError, match=rf"int64.*, and {method.__name__} needs scores"):
        attack(lambda images: Slope()(images).argmax(1), *low(number), BALL, method)
    assert attack(lambda images: Slope()(images).argmax(1), *low(0.1), BALL, rays).success.all()
