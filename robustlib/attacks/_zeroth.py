"""What ZOO and AutoZOOM share: the objective, its weight, Adam by coordinate, and the two loops."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from robustlib._border import check_counts, check_range
from robustlib.attacks._codes import Code
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.losses import margin
from robustlib.questions import ScoreBased, Scores, ScoresAnswer
from robustlib.threats import ThreatModel
from robustlib.types import Images, PerRow

_LARGEST = 1e8
"""The weight is not raised beyond."""

Places = Int[Tensor, "n k"]
Values = Float[Tensor, "n k"]
Codes = Float[Tensor, "n size"]


@dataclass(frozen=True)
class Plan:
    """What all four take.

    Args:
        steps: Of the descent, ≥ 1.
        step_size: Adam's, in the unit of the codes, > 0.
        c: The loss's weight at the start, > 0.
        switch_steps: Steps between two changes of the weight, ≥ 1.

    Raises:
        InputError: If one is out of its range.
    """

    steps: int
    step_size: float
    c: float
    switch_steps: int

    def __post_init__(self) -> None:
        """Check them once."""
        check_counts(steps=self.steps, switch_steps=self.switch_steps)
        check_range("(0, inf)", step_size=self.step_size, c=self.c)


class Adam:
    """Adam's two means for each coordinate of each row, and how often it has been met.

    Args:
        codes: Like which they are.
    """

    def __init__(self, codes: Codes) -> None:
        self._like = codes[:0]  # in whose own bfloat16 0.999 would be 1
        zeros = torch.zeros_like(codes, dtype=torch.promote_types(codes.dtype, torch.float32))
        self._mean, self._square, self._count = zeros, zeros.clone(), zeros.clone()

    def step(self, slope: Values, places: Places) -> Values:
        """Takes note of slopes at some coordinates: the way up there, of length 1 at first."""
        mean = 0.9 * self._mean.gather(1, places) + 0.1 * (slope := slope.to(self._mean))
        square = 0.999 * self._square.gather(1, places) + 0.001 * slope**2
        count = self._count.gather(1, places) + 1
        for kept, new in ((self._mean, mean), (self._square, square), (self._count, count)):
            kept.scatter_(1, places, new)
        root = (square / (1 - 0.999**count)).sqrt()
        return (mean / (1 - 0.9**count) / (root + 1e-8)).to(self._like)

    def forget(self, rows: Bool[Tensor, " n"]) -> None:
        """Begins anew in some rows."""
        for kept in (self._mean, self._square, self._count):
            kept[rows] = 0


class Weight:
    """Each row's c: tenfold after a failure until the first success, then halved towards it.

    Args:
        first: Of every row.
        like: One number a row.
    """

    def __init__(self, first: float, like: PerRow) -> None:
        self.c = torch.full_like(like, first, dtype=torch.float64)
        self._low, self._high = torch.zeros_like(self.c), torch.full_like(self.c, torch.inf)

    def turn(self, success: Bool[Tensor, " n"]) -> None:
        """Takes note of how the steps under this weight ended."""
        self._high = torch.where(success, torch.minimum(self._high, self.c), self._high)
        met = self._high.isfinite()
        self._low = torch.where(~success & met, torch.maximum(self._low, self.c), self._low)
        raised = torch.where(self.c < _LARGEST, 10 * self.c, self.c)
        self.c = torch.where(met, (self._low + self._high) / 2, raised)


class Search:
    """Each row's code, weight and Adam: ‖change‖² + c · max(0, -margin) falls, or should.

    Args:
        images: The clean images.
        goal: Its margin says how far the goal is.
        threat: Ball and box.
        code: Where is searched.
        plan: Of the descent.
    """

    def __init__(
        self, images: Images, goal: Goal, threat: ThreatModel, code: Code, plan: Plan
    ) -> None:
        self.images, self.threat, self.code, self.plan = images, threat, code, plan
        self._climb = goal.measured(margin)
        self.codes = images.new_zeros(len(images), code.size)
        self.adam, self.weight = Adam(self.codes), Weight(plan.c, images.flatten(1).sum(dim=1))
        self.rows = torch.arange(len(images), device=images.device)
        self.met = torch.zeros_like(self.rows, dtype=torch.bool)  # rows that have succeeded
        self._lately = self.met.clone()

    def iterates(self) -> Images:
        """Where the rows are: in the box; outside the ball too, as long as the way leads there."""
        return (self.images + self.code.change(self.codes)).clamp_(0, 1)

    def around(self, codes: Codes, rows: Int[Tensor, " m"]) -> "Probes":
        """The next question: other codes, and the iterates."""
        points = (self.images[rows] + self.code.change(codes)).clamp_(0, 1)
        here = self.iterates()
        length = (here - self.images).flatten(1).norm(dim=1)
        outside = (length > self.threat.radius(self.images)).nonzero().squeeze(1)
        return Probes(self, here, points, rows, outside)

    def value(
        self, points: Images, outputs: Tensor, rows: Int[Tensor, " m"]
    ) -> Float[Tensor, " m"]:
        """The objective in float64: differences of it are divided by little.

        The margin of logits is that of their log-softmax, so that nothing is exponentiated.
        """
        change = (points - self.images[rows]).flatten(1)
        length = torch.linalg.vector_norm(change, dim=1, dtype=torch.float64)
        lead = self._climb.loss(outputs.double(), rows)
        return length**2 + self.weight.c[rows] * (-lead).clamp(min=0)

    def note(self, reached: Bool[Tensor, " n"]) -> None:
        """Takes note of the model's word on the iterates; Adam begins anew at a first success."""
        self.adam.forget(reached & ~self.met)
        self.met, self._lately = self.met | reached, self._lately | reached

    def go(self, way: Values, places: Places | None = None) -> None:
        """Steps against a way up, in all coordinates or some; codes of pixels stay in the box."""
        back = -self.plan.step_size * way.to(self.codes)
        if places is None:
            self.codes = self.codes + back
        else:
            self.codes = self.codes.scatter_add(1, places, back)
        if self.code.is_pixels:
            self.codes = (self.iterates() - self.images).flatten(1)

    def go_on_in(self, code: Code, codes: Codes) -> None:
        """Changes where is searched, and where that stands; Adam begins anew."""
        self.code, self.codes, self.adam = code, codes, Adam(codes)

    def turn(self, step: int) -> None:
        """Changes the weights when their time is over."""
        if (step + 1) % self.plan.switch_steps:
            return
        self.weight.turn(self._lately)
        self.adam.forget(self.met)
        self._lately = torch.zeros_like(self.met)


@dataclass(frozen=True, eq=False)
class Probes:
    """What a step asks: the iterates, which are candidates, and points near each.

    Adam projected onto a ball would go to a point of its surface that is far from the highest. So
    the iterates are free, and where one leaves the ball its projection is the candidate, for one
    query more.
    """

    search: Search
    here: Images
    points: Images
    rows: Int[Tensor, " m"]
    outside: Int[Tensor, " k"]

    def questions(self) -> tuple[Scores, Scores]:
        """The candidates; the probes, and the iterates outside."""
        candidates, far = self.here.clone(), self.outside
        ball, images = self.search.threat.take(far), self.search.images
        candidates[far] = ball.project(self.here[far], images[far])
        points = torch.cat([self.points, self.here[far]])
        rows = torch.cat([self.rows, far])
        return Scores(candidates), Scores(points, rows, candidate=False)

    def heard(self, here: ScoresAnswer, there: ScoresAnswer) -> tuple[PerRow, Float[Tensor, " m"]]:
        """The objective at the iterates and at the probes; the search takes note of successes."""
        count, outputs, reached = len(self.rows), here.outputs.clone(), here.reached.clone()
        outputs[self.outside], reached[self.outside] = there.outputs[count:], there.reached[count:]
        middle = self.search.value(self.here, outputs, self.search.rows)
        values = self.search.value(self.points, there.outputs[:count], self.rows)
        self.search.note(reached)
        return middle, values


def by_coordinates(
    search: Search, choose: Callable[[int], Places], width: float, way: Callable[..., Values]
) -> ScoreBased:
    """Descends along some coordinates, by symmetric differences.

    Each step asks for the iterate and for two probes a coordinate.

    Args:
        search: What is descended.
        choose: choose(step): the coordinates of a step, no two of a row the same.
        width: From the iterate to a probe.
        way: way(adam, places, slope, bend): the step up, from the objective's slopes and bends.
    """
    for step in range(search.plan.steps):
        places = choose(step)
        count = places.shape[1]
        rows = search.rows.repeat_interleave(2 * count)
        ends = _ends(search, places, width)
        probes = search.around(_shifted(search, places, ends), rows)
        middle, values = probes.heard(*(yield probes.questions()))
        values = values.view(len(middle), 2, count)
        slope, bend = _differences(search.codes.gather(1, places), ends, middle, values)
        search.go(way(search.adam, places, slope, bend), places)
        search.turn(step)
    return search.threat.project(search.iterates(), search.images)


def by_directions(search: Search, directions: int, draws: Draws) -> ScoreBased:
    """Descends along random directions, of which one is tried until a row's first success.

    Each step asks for the iterate and for one probe a direction.

    Args:
        search: What is descended.
        directions: After the first success, ≥ 1.
        draws: The rows' random streams.
    """
    size, width = search.code.size, 1 / max(1, search.images[:1].numel())
    everywhere = torch.arange(size, device=search.rows.device).expand(len(search.rows), size)
    number = torch.arange(directions, device=search.rows.device)
    for step in range(search.plan.steps):
        used = number < torch.where(search.met, directions, 1).unsqueeze(1)
        ways = _unit(draws.normal(directions, size))
        rows = used.nonzero()[:, 0]
        probes = search.around(search.codes[rows] + width * ways[used], rows)
        middle, values = probes.heard(*(yield probes.questions()))
        rise = (values - middle[rows]) / width
        slopes = torch.zeros_like(used, dtype=rise.dtype).masked_scatter(used, rise)
        slope = (slopes.unsqueeze(2) * ways).sum(dim=1)
        search.go(search.adam.step(slope, everywhere))
        search.turn(step)
    return search.threat.project(search.iterates(), search.images)


Ends = tuple[Values, Values]


def _ends(search: Search, places: Places, width: float) -> Ends:
    """Some coordinates' codes, moved up and down; those of pixels no further than the box."""
    here = search.codes.gather(1, places)
    up, down = here + width, here - width
    if not search.code.is_pixels:
        return up, down
    image = search.images.flatten(1).gather(1, places)
    return torch.minimum(up, 1 - image), torch.maximum(down, -image)


def _shifted(search: Search, places: Places, ends: Ends) -> Codes:
    """For each row, one code after another with one coordinate moved up, then those moved down."""
    count, size = places.shape[1], search.code.size
    codes = search.codes[:, None, None].repeat(1, 2, count, 1)
    codes.scatter_(
        3, places[:, None, :, None].expand(-1, 2, -1, -1), torch.stack(ends, 1)[..., None]
    )
    return codes.view(-1, size)


def _differences(here: Values, ends: Ends, middle: PerRow, values: Tensor) -> Ends:
    """The slope from end to end, and the bend, which is unknown (zero) where an arm has no length.

    Lengths are those that rounding has left of them.
    """
    up, down = ((end - here).abs().double() for end in ends)
    risen, fallen = (values - middle[:, None, None]).unbind(1)
    whole = up + down
    slope = torch.where(whole > 0, (risen - fallen) / whole, 0)
    bend = torch.where((up > 0) & (down > 0), 2 * (risen / up + fallen / down) / whole, 0)
    return slope, bend


def _unit(ways: Tensor) -> Tensor:
    return ways / ways.norm(dim=-1, keepdim=True)
