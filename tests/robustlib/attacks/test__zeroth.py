import pytest
import torch

from robustlib.attacks._codes import Code, pixels
from robustlib.attacks._zeroth import Adam, Plan, Search, Weight, by_coordinates, by_directions
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target
from robustlib.threats import L2
from tests.robustlib.attacks._talk import held

FREE = L2(torch.inf)


def test_adam_of_all_coordinates_is_adam() -> None:
    generator = torch.Generator().manual_seed(0)
    slopes = torch.randn(20, 3, 4, generator=generator, dtype=torch.float64)
    theirs = torch.zeros(3, 4, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.Adam([theirs], lr=0.01)
    ours, codes = Adam(theirs.detach()), torch.zeros(3, 4, dtype=torch.float64)
    places = torch.arange(4).expand(3, 4)
    for slope in slopes:
        theirs.grad = slope.clone()
        optimiser.step()
        codes -= 0.01 * ours.step(slope, places)
        assert torch.allclose(codes, theirs.detach(), rtol=0, atol=1e-12)


def test_each_coordinate_of_each_row_counts_its_own_steps() -> None:
    """Coordinates met at other times move as if each were alone."""
    generator = torch.Generator().manual_seed(1)
    both, alone = Adam(torch.zeros(2, 5).double()), {}
    for _ in range(30):
        places = torch.stack([torch.randperm(5, generator=generator)[:2] for _ in range(2)])
        slope = torch.randn(2, 2, generator=generator).double()
        way = both.step(slope, places)
        for row in range(2):
            for k in range(2):
                own = alone.setdefault((row, int(places[row, k])), Adam(torch.zeros(1, 1).double()))
                single = own.step(slope[row : row + 1, k : k + 1], torch.zeros(1, 1).long())
                assert single.item() == pytest.approx(way[row, k].item(), abs=1e-12)


def test_in_half_precision_it_goes_the_same_way() -> None:
    """In bfloat16 0.999 is 1, and the first step would be divided by zero."""
    places, slope = torch.zeros(2, 1).long(), torch.tensor([[0.5], [-0.25]])
    coarse = Adam(torch.zeros(2, 1, dtype=torch.bfloat16)).step(slope, places)
    assert coarse.dtype == torch.bfloat16
    assert torch.equal(coarse, Adam(torch.zeros(2, 1)).step(slope, places).bfloat16())


def test_a_row_that_begins_anew_leaves_the_others() -> None:
    adam, places = Adam(torch.zeros(2, 1).double()), torch.zeros(2, 1).long()
    for slope in (1.0, -3.0, 2.0):
        adam.step(torch.full((2, 1), slope).double(), places)
    adam.forget(torch.tensor([True, False]))
    first, fourth = adam.step(torch.full((2, 1), 5.0).double(), places).flatten().tolist()
    assert first == pytest.approx(1)
    assert fourth != pytest.approx(1)


def test_the_weight_grows_tenfold_and_is_then_halved_towards_success() -> None:
    """The official code's rule, worked by hand."""
    weight = Weight(0.1, torch.zeros(3))
    ends = [(0, 0, 1), (0, 1, 1), (1, 0, 1), (0, 0, 0), (1, 1, 0)]
    seen = []
    for end in ends:
        weight.turn(torch.tensor(end, dtype=torch.bool))
        seen.append(weight.c.tolist())
    by_hand = [
        [1, 1, 0.05],
        [10, 0.5, 0.025],
        [5, 0.75, 0.0125],
        [7.5, 0.875, 0.01875],
        [6.25, 0.8125, 0.021875],
    ]
    assert torch.allclose(torch.tensor(seen), torch.tensor(by_hand))


def test_the_weight_has_an_end() -> None:
    weight = Weight(1.0, torch.zeros(1))
    for _ in range(50):
        weight.turn(torch.tensor([False]))
    assert weight.c.item() == 1e8


@pytest.mark.parametrize("name", ["steps", "step_size", "c", "switch_steps"])
def test_nothing_of_the_plan_is_zero(name) -> None:
    options = {"steps": 1, "step_size": 0.1, "c": 1.0, "switch_steps": 1}
    Plan(**options)
    with pytest.raises(InputError, match=f"{name} is a"):
        Plan(**{**options, name: 0})


def objective(point, images, labels, c, model, *, wanted) -> torch.Tensor:
    """f of the paper, by its words: log-probabilities, and no margin of ours."""
    logp = model(point).log_softmax(1)
    own = logp.gather(1, labels[:, None]).squeeze(1)
    other = logp.scatter(1, labels[:, None], -torch.inf).amax(1)
    lead = other - own if wanted else own - other
    return (point - images).flatten(1).square().sum(1) + c * lead.clamp(min=0)


@pytest.mark.parametrize("wanted", [False, True])
def test_the_value_is_the_papers(wanted, net, pictures, labels_of) -> None:
    model, images = net(), pictures(5)
    labels = (labels_of(model, images) + wanted) % 4
    goal = Target(labels) if wanted else Misclassify(labels)
    search = Search(images, goal, FREE, pixels(images), Plan(1, 0.1, 3.0, 1))
    points = (images + 0.05).clamp(0, 1)
    with torch.no_grad():
        ours = search.value(points, model(points), search.rows)
        theirs = objective(points, images, labels, 3.0, model, wanted=wanted)
    assert torch.allclose(ours, theirs, atol=1e-12)


def test_symmetric_differences_are_the_gradient(net, pictures, labels_of) -> None:
    """All coordinates at once, walls and all, against autograd."""
    model, images = net(), pictures(4)
    labels = labels_of(model, images)
    search = Search(images, Misclassify(labels), FREE, pixels(images), Plan(1, 0.01, 2.0, 9))
    seen = {}

    def way(_, places, slope, __):
        seen.update(places=places, slope=slope)
        return torch.zeros_like(slope)

    everywhere = torch.arange(search.code.size).expand(4, -1)
    talk = by_coordinates(search, lambda _: everywhere, 1e-4, way)
    held(talk, model, Misclassify(labels))
    points = images.clone().requires_grad_()
    total = objective(points, images, labels, 2.0, model, wanted=False).sum()
    (exact,) = torch.autograd.grad(total, points)
    found = torch.zeros_like(images).flatten(1).scatter(1, seen["places"], seen["slope"])
    inside = ((images > 0) & (images < 1)).flatten(1)
    assert 0.2 < inside.float().mean() < 0.9
    assert torch.allclose(found[inside], exact.flatten(1)[inside], atol=1e-7)
    assert torch.allclose(found, exact.flatten(1), atol=1e-3)  # one way only: first order


def test_random_directions_are_followed_as_in_the_paper(net, pictures, labels_of) -> None:
    """One row in plain Python beside ours, until after its success and two changes of c."""
    model, images = net(), pictures(3)
    labels = labels_of(model, images)
    goal, plan = Misclassify(labels), Plan(60, 0.05, 1.0, 20)
    matrix = torch.randn(8, 72, generator=torch.Generator().manual_seed(0)).double() / 3
    code = Code((8,), lambda codes: (codes @ matrix).view(-1, 2, 6, 6))
    search = Search(images, goal, FREE, code, plan)
    talk = by_directions(search, 3, Draws(5, range(3), dtype=torch.float64))
    bundles, _ = held(talk, model, goal)
    met = 0
    for row in range(3):
        points, done = slow(model, images[row], labels[row], matrix, draws=Draws(5, [row]))
        met += done[-1]
        for (candidate, probes), point in zip(bundles, points, strict=True):
            assert torch.allclose(candidate.inputs[row], point[0], rtol=0, atol=1e-9)
            assert not probes.candidate
        counts = [int((probes.rows == row).sum()) for _, probes in bundles]
        assert counts == [3 if before else 1 for before in done]
    assert met >= 2


class Slow:
    """AutoZOOM of one row with three directions: 60 steps of 0.05, c = 1 changed every 20."""

    def __init__(self, model, image, label, matrix) -> None:
        self.model, self.image, self.label, self.matrix = model, image, label, matrix
        self.code = torch.zeros(8, dtype=torch.float64)
        self.c, self.low, self.high = 1.0, 0.0, None
        self.met = self.lately = False
        self.anew()

    def anew(self) -> None:
        self.mean = self.square = torch.zeros(8, dtype=torch.float64)
        self.count = 0

    def at(self, code):
        return (self.image + (code @ self.matrix).view(1, 2, 6, 6)).clamp(0, 1)

    def f(self, code):
        image, label = self.image[None], self.label[None]
        with torch.no_grad():
            return objective(self.at(code), image, label, self.c, self.model, wanted=False)

    def step(self, directions) -> None:
        gradient = torch.zeros(8, dtype=torch.float64)
        for u in directions[: 3 if self.met else 1]:
            unit = u / u.norm()
            gradient += (self.f(self.code + unit / 72) - self.f(self.code)) * 72 * unit
        with torch.no_grad():
            success = bool(self.model(self.at(self.code)).argmax() != self.label)
        if success and not self.met:
            self.anew()
        self.met, self.lately = self.met or success, self.lately or success
        self.count += 1
        self.mean = 0.9 * self.mean + 0.1 * gradient
        self.square = 0.999 * self.square + 0.001 * gradient**2
        mean, square = self.mean / (1 - 0.9**self.count), self.square / (1 - 0.999**self.count)
        self.code = self.code - 0.05 * mean / (square.sqrt() + 1e-8)

    def turn(self) -> None:
        if self.lately:
            self.high = self.c if self.high is None else min(self.high, self.c)
        elif self.high is not None:
            self.low = max(self.low, self.c)
        self.c = 10 * self.c if self.high is None else (self.low + self.high) / 2
        if self.met:
            self.anew()
        self.lately = False


def slow(*task, draws):
    """Its points, and before which of its steps it had succeeded."""
    one, points, met = Slow(*task), [], []
    for step in range(60):
        points.append(one.at(one.code))
        met.append(one.met)
        one.step(draws.normal(3, 8)[0].double())
        if step % 20 == 19:
            one.turn()
    return points, met
