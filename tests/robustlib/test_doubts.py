"""What hides a victim's weakness is told by its name, once, and only then."""

import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks.deepfool import deepfool
from robustlib.attacks.minimal import minimal
from robustlib.attacks.pgd import pgd
from robustlib.attacks.rays import rays
from robustlib.attacks.square import square
from robustlib.doubts import Doubt, MixedRows, NoSlope, Probabilities, RandomAnswers, alike, flat
from robustlib.engine import attack, craft
from robustlib.goals import Misclassify
from robustlib.serving import Server
from robustlib.threats import Linf

PICTURES = torch.linspace(0.1, 0.9, 30).view(2, 1, 3, 5)


class Three(nn.Module):
    """Three classes by the means of parts of a picture, behind what a test plants."""

    def __init__(self, before=lambda images: images, after=lambda logits: logits) -> None:
        super().__init__()
        self.before, self.after = before, after
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        flat = self.before(images).flatten(1)
        return self.after(torch.stack([flat[:, part::3].mean(1) for part in range(3)], dim=1))


def told(model: nn.Module, method, eps: float = 0.01) -> list[type[Warning]]:
    goal = Misclassify(torch.zeros(2, dtype=torch.int64))
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        attack(model, PICTURES, goal, Linf(eps), method)
    return [each.category for each in heard]


def cut(images: Tensor) -> Tensor:
    return images.detach() + 0 * images


FALLS = {"before": lambda images: 1 - images}
"""Class 0 has the highest mean, so that something is left to break."""


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        ({"before": lambda images: cut(1 - images)}, NoSlope),
        ({"before": lambda images: ((1 - images) * 64).round() / 64}, NoSlope),
        (FALLS | {"after": lambda logits: (9 * logits).softmax(1)}, Probabilities),
        ({"before": lambda images: 1 - images + 0.1 * torch.randn_like(images)}, RandomAnswers),
        ({"before": lambda images: 1 - images + 0.1 * images.mean()}, MixedRows),
    ],
)
def test_each_planted_defence_has_its_name(planted, kind) -> None:
    assert told(Three(**planted), pgd) == [kind]
    assert issubclass(kind, Doubt)


@pytest.mark.parametrize("method", [pgd, deepfool, square, rays])
def test_a_plain_model_is_not_doubted(method) -> None:
    assert told(Three(**FALLS), method, torch.inf if method is deepfool else 0.01) == []


def test_who_sees_less_is_not_told_of_what_it_does_not_see() -> None:
    assert told(Three(before=lambda images: cut(1 - images)), square) == []
    assert told(Three(**FALLS, after=lambda logits: logits.softmax(1)), rays, torch.inf) == []


def test_gradients_that_are_asked_for_side_by_side_are_looked_at_too() -> None:
    assert told(Three(before=lambda images: cut(1 - images)), minimal, torch.inf) == [NoSlope]


def test_a_softmax_so_sure_that_nothing_is_left_has_no_slope_either() -> None:
    sure = Three(**FALLS, after=lambda logits: (1e5 * logits).softmax(1))
    assert told(sure, pgd) == [Probabilities, NoSlope]


def test_training_is_not_warned() -> None:
    goal = Misclassify(torch.zeros(2, dtype=torch.int64))
    points = craft(Three(before=cut), PICTURES, goal, Linf(0.01), pgd)
    assert points.shape == PICTURES.shape


def jobs(model: nn.Module) -> None:
    with Server() as server:
        for user in range(3):
            goal = Misclassify(torch.zeros(2, dtype=torch.int64))
            server.submit(model, PICTURES, goal, Linf(0.01), pgd, user=user, steps=1).result(60)


def threads(model: nn.Module) -> None:
    goal = Misclassify(torch.zeros(2, dtype=torch.int64))
    with ThreadPoolExecutor(1) as pool:
        for _ in range(3):
            pool.submit(attack, model, PICTURES, goal, Linf(0.01), pgd, steps=1).result(60)


def calls(model: nn.Module) -> None:
    goal = Misclassify(torch.zeros(2, dtype=torch.int64))
    for _ in range(3):
        attack(model, PICTURES, goal, Linf(0.01), pgd, steps=1)


@pytest.mark.parametrize(("way", "count"), [(jobs, 3), (threads, 3), (calls, 1)])
def test_by_default_each_job_of_a_thread_is_told_and_each_place_of_a_script(way, count) -> None:
    """A second user's model is another, but the stack of a server's thread is the same."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("default")
        way(Three(before=lambda images: 1 - images + 0.1 * torch.randn_like(images)))
    assert [each.category for each in heard] == [RandomAnswers] * count


def test_flat_and_alike() -> None:
    assert flat(torch.zeros(1, 2, 2))
    assert not flat(torch.tensor([[0.0, 1e-30]]))
    assert not flat(torch.eye(10, 9))  # one of ten
    assert alike(torch.tensor([1.0]), torch.tensor([1.0 + 1e-6]))
    assert not alike(torch.tensor([1.0]), torch.tensor([1.1]))
    assert not alike(torch.tensor([1]), torch.tensor([2]))
