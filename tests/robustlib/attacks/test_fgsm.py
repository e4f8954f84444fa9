import itertools

import pytest
import torch

from robustlib.attacks.fgsm import fgsm
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import L0, L2, Linf


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


@pytest.mark.parametrize(("fewer", "share"), [(1, 0.0), (0, 1.0)])
def test_one_step_is_optimal_in_l0(plane, fewer, share) -> None:
    threat = L0(plane.l0 - fewer)
    result = attack(plane.model, plane.images, Misclassify(plane.labels), threat, fgsm)
    assert result.success.float().mean() == share


def test_in_l0_the_pixels_are_those_that_a_search_of_all_sets_finds() -> None:
    """A pixel's channels count together, and one that stands at its wall gains nothing."""
    chance = torch.Generator().manual_seed(4)
    drawn = torch.rand(12, 2, 2, 3, generator=chance, dtype=torch.float64)
    images = (1.6 * drawn - 0.3).clamp(0, 1)
    slope = torch.randn(2, 2, 3, generator=chance, dtype=torch.float64)
    model = lambda pictures: torch.stack(  # noqa: E731
        [(pictures * slope).flatten(1).sum(dim=1), pictures.new_full((len(pictures),), -9.0)], dim=1
    )
    goal = Misclassify(torch.zeros(12, dtype=torch.int64))
    found = attack(model, images, goal, L0(2.0), fgsm).adversarial
    walls = (slope < 0).double().expand_as(images)
    heights = []
    for pair in itertools.combinations(range(6), 2):
        chosen = torch.zeros(6, dtype=torch.bool)
        chosen[list(pair)] = True
        heights.append(model(torch.where(chosen.view(2, 3), walls, images))[:, 0])
    assert torch.allclose(model(found)[:, 0], torch.stack(heights).amin(dim=0))
    assert L0(2.0).distance(found, images).max() <= 2


def test_it_costs_one_gradient() -> None:
    model = lambda images: torch.cat([images, 1 - images], dim=1)  # noqa: E731
    images, goal = torch.tensor([[0.9]]), Misclassify(torch.tensor([0]))
    result = attack(model, images, goal, Linf(0.1), fgsm)
    assert (result.queries.item(), result.backwards.item()) == (3, 1)
    assert result.adversarial.item() == pytest.approx(0.8)
