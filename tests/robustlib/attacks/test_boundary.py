import pytest
import torch

from robustlib.attacks import boundary as module
from robustlib.attacks.boundary import Length, boundary
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import L2
from tests.robustlib.attacks._labels import Labels


def test_it_comes_near_the_plane(open_plane) -> None:
    """In 16 dimensions, after some 1,400 labels: within 3 % of the exact distance."""
    model, images = Labels(open_plane.model), open_plane.images[:8]
    goal = Misclassify(open_plane.labels[:8])
    result = attack(model, images, goal, L2(torch.inf), boundary, steps=1000)
    assert result.success.all()
    ratio = result.distance / open_plane.l2[:8]
    assert ratio.max() <= 1.03
    assert ratio.min() >= 1 - 1e-5
    assert int(result.queries.sum()) + result.probes == model.asked


@pytest.mark.parametrize("length", [0.01, 1.0])
def test_a_move_stays_on_its_sphere_and_has_its_length(length) -> None:
    """By Pythagoras a step s along the tangent comes back to the sphere at the angle arctan s."""
    generator = torch.Generator().manual_seed(0)
    images = 0.4 + 0.2 * torch.rand(50, 3, 4, 4, generator=generator, dtype=torch.float64)
    shift = 0.05 * torch.randn(50, 3, 4, 4, generator=generator, dtype=torch.float64)
    noise = torch.randn(50, 3, 4, 4, generator=generator, dtype=torch.float64)
    lengths = torch.full((50,), length, dtype=torch.float64)
    moved = module._on_sphere(images + shift, images, noise, lengths) - images
    radius = shift.flatten(1).norm(dim=1)
    assert torch.allclose(moved.flatten(1).norm(dim=1), radius, atol=1e-12)
    cosine = torch.cosine_similarity(moved.flatten(1), shift.flatten(1))
    assert torch.allclose(cosine, lengths.atan().cos(), atol=1e-12)


def test_a_row_at_its_image_gives_numbers() -> None:
    images = torch.full((1, 4), 0.5)
    moved = module._on_sphere(images, images, torch.zeros(1, 4), torch.ones(1))
    assert torch.equal(moved, images)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_row_that_has_no_way_along_its_sphere_stays(dtype) -> None:
    """Noise of zeros, or straight outwards, however far away: 55 over the least number is none."""
    images, points = torch.zeros(3, 3, 32, 32, dtype=dtype), torch.ones(3, 3, 32, 32, dtype=dtype)
    noise = torch.stack([0 * points[0], 2 * points[0], points[0].tril()])
    moved = module._on_sphere(points, images, noise, torch.ones(3, dtype=dtype))
    assert torch.allclose(moved[:2], points[:2])
    assert (moved[2] < 1).any()
    assert not moved.isnan().any()


def test_a_length_follows_its_rows_own_luck() -> None:
    length = Length.of(torch.zeros(4, 2), 0.1, most=0.2, rates=(0.2, 0.5))
    luck = torch.tensor([0.0, 0.3, 0.9, 0.9])
    tried = torch.tensor([True, True, True, False])
    for move in range(module._WINDOW):
        assert length.now.tolist() == pytest.approx([0.1] * 4)
        factor = length.learn(luck > move / module._WINDOW, tried)
    assert factor.tolist() == pytest.approx([1 / 1.5, 1, 1.5, 1])
    assert length.now.tolist() == pytest.approx([0.1 / 1.5, 0.1, 0.15, 0.1])
    for move in range(module._WINDOW):
        length.learn(luck > move / module._WINDOW, tried)
    assert length.now[2].item() == pytest.approx(0.2)  # its most
    assert length.tried.tolist() == [0, 0, 0, 0]


def test_a_move_costs_one_query_or_two() -> None:
    """Nothing across the border but the start: each move on the sphere fails, and costs one."""
    corner = torch.ones(1, 6)
    model = lambda points: (points > 0.9999).all(1).long()  # noqa: E731
    images, goal = torch.zeros(1, 6), Misclassify(torch.tensor([0]))
    options = {"starts": corner, "steps": 20}
    result = attack(model, images, goal, L2(torch.inf), boundary, **options)
    assert result.queries.item() == 2 + 1 + 10 + 20  # looks, start, bisection, moves
    assert torch.equal(result.adversarial, corner)


def test_the_walk_never_goes_back(open_plane) -> None:
    """Each point that is kept is nearer than the one before, and across the border."""
    asked = []

    class Watched(Labels):
        def forward(self, images):
            answer = super().forward(images)
            asked.append((images[-1], int(answer[-1])))
            return answer

    images, goal = open_plane.images[:1], Misclassify(open_plane.labels[:1])
    result = attack(Watched(open_plane.model), images, goal, L2(torch.inf), boundary, steps=60)
    across = [float((point - images[0]).norm()) for point, label in asked if label == 1]
    assert min(across) == pytest.approx(float(result.distance), rel=1e-6)
    assert max(across[-20:]) <= across[0]


def test_a_finite_ball_is_kept(open_plane) -> None:
    eps = open_plane.l2[:4] * torch.tensor([1.2, 0.9] * 2)
    goal, model = Misclassify(open_plane.labels[:4]), Labels(open_plane.model)
    result = attack(model, open_plane.images[:4], goal, L2(eps), boundary, steps=600)
    assert result.success.tolist() == [True, False] * 2
    assert (result.queries[::2] < result.queries[1::2]).all()
