import torch

from robustlib.attacks.noise import noise
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import Linf


def test_it_succeeds_as_often_as_the_ball_lies_beyond_the_plane() -> None:
    """x - 0.5 > 0 is class 0; from 0.55 a quarter of the ball of radius 0.1 lies below 0.5."""
    model = lambda images: torch.cat([images, 1 - images], dim=1)  # noqa: E731
    images = torch.full((4000, 1), 0.55)
    goal = Misclassify(torch.zeros(4000, dtype=torch.int64))
    result = attack(model, images, goal, Linf(0.1), noise)
    assert abs(result.success.float().mean() - 0.25) < 0.03
    again = attack(model, images, goal, Linf(0.1), noise, steps=3)
    assert abs(again.success.float().mean() - (1 - 0.75**3)) < 0.03


def test_each_draw_is_one_query() -> None:
    model = lambda images: torch.cat([images, 1 - images], dim=1)  # noqa: E731
    goal = Misclassify(torch.tensor([0]))
    result = attack(model, torch.tensor([[0.9]]), goal, Linf(0.1), noise, steps=7)
    assert result.queries.item() == 8  # the look at the clean image, and seven draws
    assert result.backwards.item() == 0
