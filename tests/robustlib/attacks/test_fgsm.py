import pytest
import torch

from robustlib.attacks.fgsm import fgsm
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import L2, Linf


@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.02, 1.0)])
def test_one_step_is_optimal_on_a_linear_model(plane, factor, share) -> None:
    threat = Linf(factor * plane.linf)
    result = attack(plane.model, plane.images, Misclassify(plane.labels), threat, fgsm)
    assert result.success.float().mean() == share


@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.02, 1.0)])
def test_one_step_is_optimal_in_l2_where_no_wall_is_near(open_plane, factor, share) -> None:
    images, threat = open_plane.images, L2(factor * open_plane.l2)
    result = attack(open_plane.model, images, Misclassify(open_plane.labels), threat, fgsm)
    assert result.success.float().mean() == share


def test_it_costs_one_gradient() -> None:
    model = lambda images: torch.cat([images, 1 - images], dim=1)  # noqa: E731
    images, goal = torch.tensor([[0.9]]), Misclassify(torch.tensor([0]))
    result = attack(model, images, goal, Linf(0.1), fgsm)
    assert (result.queries.item(), result.backwards.item()) == (3, 1)
    assert result.adversarial.item() == pytest.approx(0.8)
