import pytest
import torch

from robustlib.attacks._momentum import climb, even, length, over_length, plain
from robustlib.errors import InputError, ThreatError
from robustlib.goals import Misclassify
from robustlib.threats import L1, L2, Linf
from tests.robustlib.attacks._rowwise import last


def test_each_row_is_evened_by_itself_and_a_flat_one_stays_flat() -> None:
    gradient = torch.tensor([[2.0, -4.0], [0.0, 0.0], [0.0, 3e-30]])
    assert even(gradient)[0].tolist() == pytest.approx([2 / 3, -4 / 3])
    assert even(gradient)[1].tolist() == [0, 0]
    assert even(gradient)[2].tolist() == [0, 2]
    assert over_length(torch.tensor([[3.0, 4.0], [0.0, 0.0]])).flatten().tolist() == pytest.approx(
        [0.6, 0.8, 0, 0]
    )


def test_the_velocity_sums_what_was_sensed() -> None:
    """On a slope of (2, 1) all steps are alike; in L2 the point moves along it, a step each."""
    weight = torch.tensor([2.0, 1.0])
    model = lambda images: torch.stack([images @ -weight, images @ weight], dim=1)  # noqa: E731
    images, goal = torch.full((1, 2), 0.5), Misclassify(torch.tensor([0]))
    talk = climb(images, L2(0.4), plain, steps=3, step_size=0.1, momentum=1.0)
    found = last(talk, model, goal)
    assert found[0].tolist() == pytest.approx((0.5 + 0.3 * weight / 5**0.5).tolist())


def test_the_steps_make_up_the_radius() -> None:
    told = {"steps": 4, "step_size": None}
    assert length("mine", Linf(0.2), **told) == 0.05
    assert length("mine", Linf(0.2), steps=4, step_size=0.3) == 0.3
    with pytest.raises(ThreatError, match="mine knows Linf and L2, not L1"):
        length("mine", L1(0.2), **told)
    with pytest.raises(ThreatError, match="mine knows Linf, not L2"):
        length("mine", L2(0.2), Linf, **told)
    with pytest.raises(ThreatError, match="finite eps"):
        length("mine", Linf(torch.inf), **told)
    with pytest.raises(InputError, match="momentum is a number"):
        length("mine", Linf(0.2), **told, momentum=-1)
