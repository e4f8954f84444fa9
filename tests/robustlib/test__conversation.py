"""One attack and one victim: its terms, its company, and its last word."""

import inspect
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from robustlib._conversation import Terms
from robustlib.attacks.pgd import pgd
from robustlib.engine import attack, stream
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.questions import Decision, DecisionBased
from robustlib.threats import Linf
from tests.robustlib._slope import BALL, Slope, low


class Coupled(nn.Module):
    """Normalises by the batch's own statistics, even in eval mode."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model, self.norm, self.sizes = model, nn.BatchNorm2d(2, track_running_stats=False), []
        self.double().eval()

    def forward(self, images: Tensor) -> Tensor:
        self.sizes.append(len(images))
        return self.model(self.norm(images))


def test_a_model_whose_rows_are_coupled_loses_company_and_retirement(net, pictures) -> None:
    model, images = Coupled(net()), pictures(3)
    labels = torch.cat([model(image[None]) for image in images]).argmax(1)
    with pytest.warns(UserWarning, match="depends on what else is in the batch"):
        result = attack(model, images, Misclassify(labels), Linf(0.3), pgd, steps=4)
    assert set(model.sizes[6:]) == {1}
    assert result.queries.tolist() == [6, 6, 6]
    alone = attack(
        model,
        images[1:2],
        Misclassify(labels[1:2]),
        Linf(0.3),
        pgd,
        steps=4,
        keys=[1],
        retire="never",
    )
    assert torch.allclose(result.adversarial[1], alone.adversarial[0], rtol=0, atol=1e-9)


def test_a_random_model_loses_retirement_and_keeps_its_numbers(net, pictures) -> None:
    class Noisy(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = net()
            self.eval()

        def forward(self, images: Tensor) -> Tensor:
            return self.model(images + torch.rand_like(images))

    images, model = pictures(3), Noisy()
    goal = Misclassify(torch.zeros(3, dtype=torch.int64))
    results = []
    for _ in range(2):
        torch.rand(5)  # the caller's numbers do not matter
        with pytest.warns(UserWarning, match="differently each time"):
            results.append(attack(model, images, goal, Linf(0.1), pgd, steps=3, seed=4))
    assert torch.equal(results[0].adversarial, results[1].adversarial)
    assert results[0].queries.tolist() == [5, 5, 5]
    answers = [progress.outputs for progress in _quiet(model, images, goal)]
    assert not torch.equal(answers[1], answers[2])


def _quiet(model: nn.Module, images: Tensor, goal: Misclassify) -> list[Any]:
    with pytest.warns(UserWarning, match="differently"):
        return list(stream(model, images, goal, Linf(1e-9), pgd, steps=3))


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"retire": "sometimes"}, "retire is"),
        ({"budget": 0}, "budget is a count"),
        ({"batch_size": 0}, "batch_size is a count"),
        ({"keys": [1, 2, 3]}, "1 images came with 3 keys"),
        ({"surrogates": {"own": "resnet"}}, "must be callable"),
    ],
)
def test_terms_are_checked(terms, message) -> None:
    with pytest.raises(InputError, match=message):
        attack(Slope(), *low(0.1), BALL, pgd, **terms)


def test_labels_are_checked_against_the_model() -> None:
    images, _ = low(0.1)
    with pytest.raises(InputError, match="0 … 1 for this model"):
        attack(Slope(), images, Misclassify(torch.tensor([2])), BALL, pgd)
    with pytest.raises(InputError, match="each of the 1 images"):
        attack(Slope(), images, Misclassify(torch.tensor([0, 0])), BALL, pgd)


def test_an_option_that_the_attack_lacks_is_told_with_those_it_has() -> None:
    with pytest.raises(InputError, match="pgd has no option step; it has: steps, step_size"):
        attack(Slope(), *low(0.1, 0.2), BALL, pgd, step=3)


def test_an_attack_returns_its_candidates() -> None:
    def forgetful(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        yield from Decision(images)

    def plain(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        return images

    with pytest.raises(InputError, match="forgetful returned None"):
        attack(Slope(), *low(0.1), BALL, forgetful)
    with pytest.raises(InputError, match="generator function"):
        attack(Slope(), *low(0.1), BALL, plain)


def test_a_returned_tensor_is_looked_at_again_if_it_was_written_to() -> None:
    def in_place(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        points = images.clone()
        yield from Decision(points)
        return points.add_(0.3)

    result = attack(Slope(), *low(0.4), BALL, in_place)
    assert result.success.item()
    assert result.queries.item() == 3


def test_the_terms_are_what_attack_takes_by_name() -> None:
    """Else `stream` would hand a term to the attack as an option of its own."""
    known = inspect.signature(attack).parameters.values()
    by_name = {each.name for each in known if each.kind is each.KEYWORD_ONLY}
    assert Terms.names() == by_name
