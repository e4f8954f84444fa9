import pytest
import torch
from torch import Tensor

from robustlib.attacks._canvas import waves
from robustlib.attacks.simba import simba
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target
from robustlib.losses import margin
from robustlib.threats import L2, Linf
from tests.robustlib.attacks._talk import held

FREE = L2(torch.inf)


@pytest.mark.parametrize("basis", ["pixel", "dct"])
def test_on_a_plane_each_direction_goes_downhill(basis, open_plane) -> None:
    """Everything is known: the point after all directions, and what each of them has cost."""
    model, images = open_plane.model.double(), open_plane.images.double()
    far = type(model)(model.weight, model.offset + 10)  # out of reach
    flat = torch.kron(waves(4), waves(4)) if basis == "dct" else torch.eye(16).double()
    slopes = flat @ far.weight  # the label's lead grows by so much along each direction
    goal = Misclassify(open_plane.labels, measure=margin)
    options = {"steps": 16, "step_size": 0.01, "basis": basis, "side": 4}
    result = attack(far, images, goal, FREE, simba, **options, seed=5)
    wanted = images.flatten(1) - 0.01 * slopes.sign() @ flat
    assert torch.allclose(result.adversarial.flatten(1), wanted, atol=1e-12)
    cost = 16 + int((slopes < 0).sum())  # those that climb upwards have tried downwards first
    assert (slopes < 0).any()
    assert result.queries.tolist() == [1 + 1 + cost + 1] * 32


@pytest.mark.parametrize("threat", [Linf, L2])
@pytest.mark.parametrize(("factor", "steps"), [(0.98, 100), (1.2, 600)])
def test_it_finds_what_is_there_and_nothing_else(plane, threat, factor, steps) -> None:
    """Of rows that are some steps away: one step alone would fill a smaller ball."""
    rows = (plane.l2 > 0.1).nonzero()[:, 0][:12]
    goal, ball = Misclassify(plane.labels[rows]), threat(factor * plane.exact(threat)[rows])
    options = {"steps": steps, "step_size": 0.02}
    result = attack(plane.model, plane.images[rows], goal, ball, simba, **options)
    assert len(rows) > 3
    assert result.success.float().mean() == float(factor > 1)


class Slow:
    """One row by the algorithm box: the probability of a class falls, or rises where wanted."""

    def __init__(self, model, goal, image, basis) -> None:
        self.model, self.goal, self.image, self.basis = model, goal, image, basis
        self.point, self.asked = image.clone(), 0
        self.wanted = isinstance(goal, Target)
        self.label = int(goal.targets if self.wanted else goal.labels)
        self.chance, self.done = self.look(self.point)

    def look(self, point: Tensor) -> tuple[float, bool]:
        self.asked += 1
        with torch.no_grad():
            scores = self.model(point[None])[0]
        return float(scores.softmax(0)[self.label]), (
            int(scores.argmax()) == self.label
        ) == self.wanted

    def step(self, number: int) -> None:
        for end in (-0.1, 0.1):
            there = (self.point + end * self.basis[number]).clamp(0, 1)
            if torch.equal(there, self.point) or self.done:
                continue
            chance, done = self.look(there)
            if (chance > self.chance) if self.wanted else (chance < self.chance):
                self.point, self.chance, self.done = there, chance, done
                return


@pytest.mark.parametrize("wanted", [False, True])
@pytest.mark.parametrize("basis", ["pixel", "dct"])
def test_it_is_the_algorithm_box(basis, wanted, net, pictures, labels_of) -> None:
    model, images = net(), pictures(4)
    labels = (labels_of(model, images) + wanted) % 4
    goal = Target(labels) if wanted else Misclassify(labels)
    small = torch.kron(waves(6)[:3], waves(6)[:3]).view(9, 1, 6, 6)
    wave = torch.cat([torch.cat([small, 0 * small], 1), torch.cat([0 * small, small], 1)])
    ways = wave if basis == "dct" else torch.eye(72).double().view(72, 2, 6, 6)
    options = {"steps": 90, "step_size": 0.1, "basis": basis}
    draws = Draws(2, range(4), dtype=torch.float64)
    bundles, last = held(simba(images, goal, FREE, **options, draws=draws), model, goal)
    rows = torch.cat([asked.rows for (asked,) in bundles[1:]])
    for row in range(4):
        slow, draws = (
            Slow(model, goal.take(torch.tensor([row])), images[row], ways),
            Draws(2, [row]),
        )
        passes = [draws.uniform(len(ways)).argsort(1)[0] for _ in range(10)]
        for number in torch.cat(passes)[:90]:
            slow.step(int(number))
        assert torch.allclose(last[row], slow.point, rtol=0, atol=1e-12)
        assert int((rows == row).sum()) + 1 == slow.asked
    assert (last != images).flatten(1).any(1).all()


def test_no_direction_comes_twice_before_all_have_come() -> None:
    """Ten steps of five pixels are two of each."""
    images, goal = torch.full((2, 5), 0.2), Misclassify(torch.tensor([0, 0]), measure=margin)
    far = lambda points: torch.stack([9 - points.sum(1), 0 * points[:, 0]], dim=1)  # noqa: E731
    draws = Draws(0, range(2))
    _, last = held(simba(images, goal, FREE, steps=10, step_size=0.1, draws=draws), far, goal)
    assert torch.allclose(last, torch.full((2, 5), 0.4))


def test_a_side_at_a_wall_is_not_asked_about() -> None:
    images, goal = torch.zeros(2, 4), Misclassify(torch.tensor([0, 0]), measure=margin)
    far = lambda points: torch.stack([9 - points.sum(1), 0 * points[:, 0]], dim=1)  # noqa: E731
    result = attack(far, images, goal, FREE, simba, steps=4)
    assert result.queries.tolist() == [1 + 1 + 4 + 1] * 2


@pytest.mark.parametrize("threat", [FREE, L2(3.0)])
def test_a_row_ends_at_its_success(threat) -> None:
    images, goal = torch.tensor([[0.65], [0.85]]), Misclassify(torch.tensor([0, 0]))
    model = lambda points: torch.cat([points, 1 - points], dim=1)  # noqa: E731
    result = attack(model, images, goal, threat, simba, steps=50, step_size=0.1)
    assert result.success.all()
    assert torch.allclose(result.distance, torch.tensor([0.2, 0.4]), atol=1e-6)
    looks = 2 + (threat.eps == torch.inf)  # where the nearest is wanted the last point is looked at
    assert result.queries.tolist() == [looks + 2, looks + 4]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"step_size": 0}, r"step_size is a number in \(0, inf\)"),
        ({"side": 0}, "side is a count ≥ 1"),
        ({"basis": "fourier"}, "basis is a name"),
    ],
)
def test_a_walk_to_nowhere_is_refused(options, told, net, pictures) -> None:
    goal = Misclassify(torch.tensor([0]))
    with pytest.raises(InputError, match=told):
        attack(net(), pictures(1), goal, FREE, simba, **options, retire="never")
    attack(net(), pictures(1), goal, FREE, simba, side=1, basis="dct", steps=3)
