import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks.zoo import zoo
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target
from robustlib.threats import L2
from tests.robustlib.attacks._talk import held

FREE = L2(torch.inf)


def test_with_all_coordinates_it_is_white_box_adam(open_plane) -> None:
    """On a plane differences are exact: every iterate equals that of autograd and torch's Adam."""
    far = open_plane.model.offset + 10  # out of reach
    model, images = type(open_plane.model)(open_plane.model.weight, far), open_plane.images[:6]
    model, images = model.double(), images.double()
    goal = Misclassify(torch.zeros(6, dtype=torch.int64))
    draws = Draws(0, range(6), dtype=torch.float64)
    options = {"steps": 40, "coordinates": 16, "c": 0.3, "switch_steps": 100, "step_size": 0.004}
    bundles, last = held(zoo(images, goal, FREE, **options, draws=draws), model, goal)
    points = images.clone().requires_grad_()
    optimiser = torch.optim.Adam([points], lr=0.004)
    for candidate, _ in bundles:
        assert torch.allclose(candidate.inputs, points.detach(), rtol=0, atol=1e-8)
        outputs = model(points)
        lead = (outputs[:, 0] - outputs[:, 1]).clamp(min=0)
        optimiser.zero_grad()
        (points - images).square().sum().add(0.3 * lead.sum()).backward()
        optimiser.step()
    assert torch.allclose(last, points.detach(), rtol=0, atol=1e-8)
    assert (points - images).abs().max() > 0.1


def test_it_comes_to_the_nearest_point(plane) -> None:
    images, goal = plane.images.double(), Misclassify(plane.labels)
    options = {"steps": 400, "coordinates": 16}
    result = attack(plane.model.double(), images, goal, FREE, zoo, **options)
    assert result.success.all()
    assert (result.distance - plane.l2).max() <= 0.004  # half a step of Adam
    assert (result.distance / plane.l2).median() <= 1.005
    assert (result.distance / plane.l2).min() >= 1 - 1e-9


def test_in_float32_it_comes_as_near(plane) -> None:
    goal, options = Misclassify(plane.labels), {"steps": 400, "coordinates": 16}
    result = attack(plane.model.float(), plane.images, goal, FREE, zoo, **options)
    assert result.success.all()
    assert (result.distance - plane.l2).max() <= 0.004
    assert (result.distance / plane.l2).median() <= 1.01


@pytest.mark.parametrize(("factor", "share"), [(0.99, 0.0), (1.05, 1.0)])
def test_in_a_ball_it_finds_what_is_there_and_nothing_else(plane, factor, share) -> None:
    goal, threat = Misclassify(plane.labels), L2(factor * plane.l2 + (factor > 1) * 0.004)
    options = {"steps": 300, "coordinates": 16}
    result = attack(plane.model.float(), plane.images, goal, threat, zoo, **options)
    assert result.success.float().mean() == share


def test_every_query_is_counted(net, pictures, labels_of) -> None:
    """Two for each coordinate, and the point itself; and the two looks."""
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, FREE, zoo, steps=7, coordinates=5)
    assert result.queries.tolist() == [2 + 7 * 11] * 3
    whole = attack(model, images, goal, FREE, zoo, steps=2, coordinates=1000)
    assert whole.queries.tolist() == [2 + 2 * (1 + 2 * 72)] * 3


@pytest.mark.parametrize("budget", [12, 24, 25, 40])
def test_a_budget_ends_it_to_the_query(budget, net, pictures, labels_of) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, FREE, zoo, steps=9, coordinates=5, budget=budget)
    assert result.queries.tolist() == [budget] * 3


def test_a_step_moves_as_many_coordinates_as_asked_and_each_row_its_own(net, pictures) -> None:
    model, images = net(), 0.2 + 0.6 * pictures(8)
    goal = Misclassify(model(images).argmax(1))
    draws = Draws(0, range(8), dtype=torch.float64)
    bundles, _ = held(zoo(images, goal, FREE, steps=2, coordinates=5, draws=draws), model, goal)
    moved = (bundles[1][0].inputs != images).flatten(1)
    assert moved.sum(1).tolist() == [5] * 8
    assert len(moved.unique(dim=0)) == 8


def test_a_point_outside_the_ball_costs_one_query_more(net, pictures, labels_of) -> None:
    """The image's own lies inside; from then on none does."""
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, L2(1e-6), zoo, steps=7, coordinates=5)
    assert result.queries.tolist() == [2 + 7 * 11 + 6] * 3


def test_a_target_is_reached_and_named(net, pictures, labels_of) -> None:
    model, images = net(), pictures(4)
    targets = (labels_of(model, images) + 1) % 4
    options = {"steps": 200, "coordinates": 72}
    result = attack(model, images, Target(targets), FREE, zoo, **options)
    assert result.success.all()
    assert torch.equal(result.outputs.argmax(1), targets)


class Bowl(nn.Module):
    """The label's lead is 3 ‖x - 0.75‖² + 1."""

    def forward(self, images: Tensor) -> Tensor:
        lead = 3 * (images - 0.75).flatten(1).square().sum(1) + 1
        return torch.stack([lead, torch.zeros_like(lead)], dim=1)


def test_newton_goes_to_the_bottom_of_a_parabola_in_one_step() -> None:
    """f = ‖x - image‖² + 2 (3 ‖x - 0.75‖² + 1) is lowest at (image + 6 · 0.75) / 7."""
    images, goal = torch.full((2, 4), 0.5).double(), Misclassify(torch.tensor([0, 0]))
    images[1] = torch.tensor([0.1, 0.9, 0.3, 0.7])
    options = {"steps": 1, "coordinates": 4, "step_size": 1, "c": 2, "solver": "newton"}
    draws = Draws(0, [0, 1], dtype=torch.float64)
    _, last = held(zoo(images, goal, FREE, **options, draws=draws), Bowl(), goal)
    assert torch.allclose(last, (images + 4.5) / 7, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"coordinates": 0}, "coordinates is a count ≥ 1"),
        ({"width": 0}, r"width is a number in \(0, 1\]"),
        ({"width": 1.5}, r"width is a number in \(0, 1\]"),
        ({"solver": "sgd"}, "solver is a name"),
        ({"levels": 0}, "levels is a count ≥ 1"),
        ({"sampling": "random"}, "sampling is a name"),
    ],
)
def test_a_search_that_sees_nothing_is_refused(options, told, net, pictures, labels_of) -> None:
    model, images = net(), pictures(1)
    goal = Misclassify(labels_of(model, images))
    with pytest.raises(InputError, match=told):
        attack(model, images, goal, FREE, zoo, **options)
    attack(model, images, goal, FREE, zoo, width=1, coordinates=1, steps=1)


@pytest.mark.parametrize(
    ("options", "most"), [({"levels": 2}, 0.05), ({"sampling": "importance"}, 0.004)], ids=str
)
def test_on_other_ways_it_comes_to_the_nearest_point_too(plane, options, most) -> None:
    """Where the coarse space has no success at all, the weight that it leaves is too large."""
    images, goal = plane.images.double(), Misclassify(plane.labels)
    plan = {"steps": 500, "coordinates": 12, **options}
    result = attack(plane.model.double(), images, goal, FREE, zoo, **plan)
    assert result.success.all()
    assert (result.distance - plane.l2).max() <= most
    assert (result.distance / plane.l2).median() <= 1.01
    assert (result.distance / plane.l2).min() >= 1 - 1e-9


def test_a_slow_wave_is_found_sooner_in_a_coarse_space() -> None:
    """Four numbers say what 256 pixels would have to be told one by one."""
    images, goal = torch.full((4, 1, 16, 16), 0.5).double(), Misclassify(torch.zeros(4).long())
    slope = torch.linspace(-1, 1, 16).double()
    model = lambda points: torch.stack(  # noqa: E731
        [torch.full((len(points),), 3.0).double(), 2 + (points @ slope).flatten(1).mean(1)], dim=1
    )
    options = {"steps": 60, "coordinates": 4, "step_size": 0.05, "c": 100}
    fine, coarse = (
        attack(model, images, goal, L2(torch.inf), zoo, **options, levels=levels).success
        for levels in (1, 4)
    )
    assert not fine.any()
    assert coarse.all()


def test_on_other_ways_a_row_is_its_own_too(net, pictures, labels_of) -> None:
    model, images = net(), pictures(6)
    goal = Misclassify(labels_of(model, images))
    options = {"steps": 30, "coordinates": 4, "switch_steps": 4, "levels": 3}
    options["sampling"] = "importance"
    whole = attack(model, images, goal, FREE, zoo, **options)
    rows = torch.tensor([4, 1])
    part = attack(model, images[rows], goal.take(rows), FREE, zoo, **options, keys=[4, 1])
    assert torch.allclose(part.adversarial, whole.adversarial[rows], rtol=0, atol=1e-9)
    assert (whole.adversarial != images).any()
