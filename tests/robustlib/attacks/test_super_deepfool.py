import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks.deepfool import deepfool
from robustlib.attacks.super_deepfool import super_deepfool
from robustlib.conformance._planes import many
from robustlib.doubts import NoSlope
from robustlib.engine import attack
from robustlib.goals import Misclassify, Target
from robustlib.threats import L2
from tests.robustlib.attacks.conftest import nearest


def test_it_finds_the_nearest_point_of_a_plane_also_at_walls(plane) -> None:
    goal = Misclassify(plane.labels)
    result = attack(plane.model, plane.images, goal, L2(torch.inf), super_deepfool)
    assert nearest(result, plane.l2, most=1.005).all()
    assert result.backwards.max() <= 25  # at walls more than three, as many as cut the way short


def test_of_a_plane_without_walls_it_sees_three_points(open_plane) -> None:
    goal = Misclassify(open_plane.labels)
    result = attack(open_plane.model, open_plane.images, goal, L2(torch.inf), super_deepfool)
    assert result.backwards.tolist() == [3] * 32  # over, back, and seen to be over still


@pytest.mark.parametrize("spread", [0.5, 1.8])
def test_it_finds_the_nearest_of_many_planes(spread) -> None:
    planes, free = many(L2, spread), L2(torch.inf)
    goal = Misclassify(planes.labels)
    result = attack(planes.model, planes.images, goal, free, super_deepfool)
    assert nearest(result, planes.exact(L2).amin(1), most=1.005).all()


WEIGHT = torch.tensor([[9.0, 2.0, 4.0], [-6.0, 7.0, 3.0]], dtype=torch.float64)


def curved(images: Tensor) -> Tensor:
    return (images @ WEIGHT).sin()


def walked(image: Tensor, steps: int) -> list[Tensor]:
    """Steps over as the paper's, ways back as our mean of them; one number after another."""
    label, seen, point, upright = int(curved(image).argmax()), [], image, False
    way, backs = 0 * image, 0
    while len(seen) < steps:
        outputs, slopes = linearised(point)
        seen.append(point)
        best = int(outputs.argmax())
        if best == label:
            leads = [(outputs[j] - outputs[label], slopes[j] - slopes[label]) for j in range(3)]
            lead, slope = min(
                (leads[j] for j in range(3) if j != label),
                key=lambda pair: float(-pair[0] / pair[1].norm()),
            )
            point = point + 1.02 * (-lead / slope.norm() + 1e-4) * slope / slope.norm()
        elif upright:
            break
        else:
            slope = slopes[best] - slopes[label]
            newest = 1.02 * slope * ((point - image) @ slope) / slope.norm() ** 2
            backs += 1
            share = 1 / min(backs, 5)
            way = (1 - share) * way + share * newest
            point = image + way
        upright = best != label
    return seen


def linearised(point: Tensor) -> tuple[Tensor, list[Tensor]]:
    point = point.clone().requires_grad_()
    outputs = curved(point)
    slopes = [torch.autograd.grad(each, point, retain_graph=True)[0] for each in outputs]
    return outputs.detach(), slopes


def test_steps_follow_a_slow_reading_where_no_wall_is_near() -> None:
    """Row by row, the points that the model is shown are those of a slow second implementation."""
    generator = torch.Generator().manual_seed(3)
    images = 0.4 + 0.2 * torch.rand(12, 2, generator=generator, dtype=torch.float64)
    lengths = set()
    for image in images:
        shown: list[Tensor] = []

        def model(points: Tensor, shown: list[Tensor] = shown) -> Tensor:
            shown.append(points[0].detach().clone())
            return curved(points)

        goal, free = Misclassify(curved(image)[None].argmax(1)), L2(torch.inf)
        attack(model, image[None], goal, free, super_deepfool, halvings=0)
        expected = walked(image, 100)
        if all(bool(((each > 0) & (each < 1)).all()) for each in expected):
            lengths.add(len(expected))
            for here, there in zip(shown[-len(expected) - 1 : -1], expected, strict=True):
                assert torch.allclose(here, there, rtol=0, atol=1e-9)
    assert max(lengths) > 4  # some go over and back more than once


def test_into_an_ellipse_it_goes_the_shortest_way() -> None:
    """Its nearest point by a fine search along it; DeepFool comes in at another."""
    images = torch.tensor([[0.1, 0.3], [0.8, 0.9], [0.95, 0.45], [0.25, 0.9]], dtype=torch.float64)

    def model(points: Tensor) -> Tensor:
        x, y = (points - 0.5).unbind(1)
        rise = (x / 0.3) ** 2 + (y / 0.1) ** 2 - 1
        return torch.stack([rise, -rise], dim=1)

    angle = torch.linspace(0, 2 * torch.pi, 100_001, dtype=torch.float64)
    ring = 0.5 + torch.stack([0.3 * angle.cos(), 0.1 * angle.sin()], dim=1)
    exact = torch.cdist(images, ring).amin(1)
    goal, free = Misclassify(torch.zeros(4, dtype=torch.int64)), L2(torch.inf)
    result = attack(model, images, goal, free, super_deepfool, overshoot=1e-3)
    plain = attack(model, images, goal, free, deepfool, overshoot=1e-4)
    assert (result.distance / exact).max() <= 1.02
    assert (plain.distance / exact).max() >= 1.09
    assert (result.distance < plain.distance).all()


def test_on_the_exact_net_it_is_far_better_than_deepfool(exact_net) -> None:
    goal, exact, free = Misclassify(exact_net.labels), exact_net.exact(L2), L2(torch.inf)
    found, plain = (
        attack(exact_net.model, exact_net.images, goal, free, each, overshoot=0.005)
        for each in (super_deepfool, deepfool)
    )
    ours, theirs = nearest(found, exact), nearest(plain, exact)
    assert ours[found.success].float().mean() >= 0.9
    assert ours.float().mean() >= theirs.float().mean() + 0.2
    assert torch.equal(found.success, plain.success)


@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.02, 1.0)])
def test_under_a_finite_eps_it_finds_what_is_there(plane, factor, share) -> None:
    eps = L2(factor * plane.l2)
    result = attack(plane.model, plane.images, Misclassify(plane.labels), eps, super_deepfool)
    assert result.success.float().mean() == share


def test_a_target_is_reached_at_its_own_distance() -> None:
    planes = many(L2, 0.5)
    target = (planes.labels + 1) % 4
    found = attack(planes.model, planes.images, Target(target), L2(torch.inf), super_deepfool)
    alone = planes.exact(L2).gather(1, target[:, None]).squeeze(1)
    assert torch.equal(found.success, alone.isfinite())
    assert (found.distance[found.success] >= alone[found.success] * (1 - 1e-5)).all()


def test_a_point_on_the_boundary_leaves_it() -> None:
    """Both classes are equal there, and the label is named: a step of no length would stay."""
    model = nn.Linear(3, 2).eval()
    model.weight.data = torch.tensor([[1.0, 2.0, 0.0], [0.0, 0.0, 0.0]])
    model.bias.data = torch.tensor([-1.5, 0.0])
    images, goal = torch.full((1, 3), 0.5), Misclassify(torch.tensor([0]))
    result = attack(model, images, goal, L2(torch.inf), super_deepfool)
    assert result.success.all()
    assert result.distance.item() <= 1e-5


def test_a_flat_model_moves_nothing_and_gives_no_nan() -> None:
    model = nn.Linear(3, 4).eval()
    nn.init.zeros_(model.weight)
    model.bias.data = torch.tensor([2.0, 0.0, 0.0, 0.0])
    images, goal = torch.full((2, 3), 0.5), Misclassify(torch.tensor([0, 0]))
    with pytest.warns(NoSlope):
        result = attack(model, images, goal, L2(torch.inf), super_deepfool, steps=3)
    assert torch.equal(result.adversarial, images)
    assert not result.success.any()
