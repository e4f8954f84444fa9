"""What attacks that see only decisions share: where they start, and the way back to the border.

They look for the nearest point that has reached its goal, wherever that is, so they ask about
points outside a finite ball too. The books stay honest in this way: a point is asked about once; in
the row's ball it is a candidate, and closes the row if it has reached the goal; outside it is a
probe, which costs a query like any other and cannot be the result. Where eps is infinite every
point of the box is a candidate, and the engine keeps the nearest success.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import torch
from jaxtyping import Bool
from torch import Tensor

from robustlib._balls import column
from robustlib._border import allowed
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.goals import Goal, Misclassify
from robustlib.questions import Decision
from robustlib.threats import Linf, ThreatModel
from robustlib.types import Images, PerRow, Rows

T = TypeVar("T")
Asking: TypeAlias = Generator[Decision | tuple[Decision, ...], Any, T]
"""A part of a decision-based attack that comes to a T."""

_TRIES = 100
"""Random starts that a row may ask about; the paper of HopSkipJump stops the run after 10,000."""


@dataclass(frozen=True, eq=False)
class Ground:
    """The images of a conversation, and what may be changed in them.

    Args:
        images: Clean images.
        threat: Its norm is the distance; candidates lie in its ball.
        probing: Whether all that is asked about is a probe, none a candidate.
    """

    images: Images
    threat: ThreatModel
    probing: bool = False

    @property
    def size(self) -> int:
        """Numbers in an image."""
        return self.images[0].numel()

    def asks(self, points: Images, rows: Rows) -> Asking[Bool[Tensor, " m"]]:
        """Whether points of the box have reached the goal; those in the ball are candidates."""
        inside = self.holds(points, rows) & (not self.probing)
        if bool(inside.all()):
            (answer,) = yield (Decision(points, rows),)
            return answer.reached
        kinds = [kind for kind in (inside, ~inside) if bool(kind.any())]
        parts = [kind.nonzero().squeeze(1) for kind in kinds]
        answers = yield tuple(
            Decision(points[part], rows[part], candidate=kind is inside)
            for kind, part in zip(kinds, parts, strict=True)
        )
        reached = torch.zeros_like(inside)
        for part, answer in zip(parts, answers, strict=True):
            reached[part] = answer.reached
        return reached

    def holds(self, points: Images, rows: Rows) -> Bool[Tensor, " m"]:
        """Whether points lie in their rows' balls, as projected points do, to a rounding."""
        most = allowed(self.threat, self.images)[rows]
        if bool(most.isinf().all()):
            return torch.ones_like(rows, dtype=torch.bool)
        return self.threat.distance(points.double(), self.images[rows].double()) <= most

    def distance(self, points: Images, rows: Rows) -> PerRow:
        """How far points are from their rows' images."""
        return self.threat.distance(points, self.images[rows])

    def on_the_way(self, ends: Images, rows: Rows, shares: PerRow) -> Images:
        """The points at shares of the way from the images to its ends.

        In Linf the pixels that go furthest wait for the others: the end's projection onto a ball.
        """
        here, share = self.images[rows], column(shares, ends)
        if isinstance(self.threat, Linf):
            reach = share * column(self.distance(ends, rows), ends)
            return (here + (ends - here).clamp(-reach, reach)).clamp(0, 1)
        return torch.lerp(here, ends, share).clamp(0, 1)

    def result(self, points: Images, rows: Rows) -> Images:
        """Last candidates of all rows: the ball's nearest to the points, else the images."""
        return self.threat.project(self.images.index_copy(0, rows, points), self.images)


def check_starts(starts: object, images: Images, goal: Goal) -> None:
    """Raises an `InputError` unless these are images to start from, or none are needed."""
    if starts is None:
        if isinstance(goal, Misclassify):
            return
        raise InputError(
            "starts is a must for this goal, which noise will hardly reach: give images [k, ...] "
            "that the model answers as wanted, such as some of the wanted classes, not None"
        )
    if not isinstance(starts, Tensor):
        raise InputError(f"starts is a tensor of images [k, ...], not {starts!r}")
    fits = starts.shape[1:] == images.shape[1:] and len(starts) and starts.is_floating_point()
    if not (fits and bool((starts >= 0).all()) and bool((starts <= 1).all())):
        came = f"{starts.dtype} of shape {tuple(starts.shape)}"
        wanted = f"[k, {', '.join(map(str, images.shape[1:]))}]"
        raise InputError(f"starts is a tensor of images {wanted} in [0, 1], not {came}")


def started(ground: Ground, starts: Tensor | None, draws: Draws) -> Asking[tuple[Images, Rows]]:
    """Points that have reached their goals, and the rows that have found one.

    Each row asks about the given images, the nearest to it first, or about random ones. A row that
    finds none leaves the others as they are.

    Args:
        ground: Images and threat model.
        starts: Images [k, ...] that any row may begin at; None: random ones.
        draws: The rows' random streams.
    """
    points = ground.images.clone()
    rows = torch.arange(len(points), device=points.device)
    found = torch.zeros_like(rows, dtype=torch.bool)
    given = None if starts is None else _nearest_first(ground, starts.to(points))
    for number in range(_TRIES if starts is None else len(starts)):
        left = rows[~found]
        if not len(left):
            break
        if given is None:
            points[left] = _noise(ground.images[left], number, draws.take(left))
        else:
            points[left] = given(left, number)
        found[left] = yield from ground.asks(points[left], left)
    return points[found], rows[found]


def _noise(images: Images, number: int, draws: Draws) -> Images:
    """Uniform noise first; then of any brightness and contrast, since noise is much of a kind."""
    noise = draws.uniform(*images.shape[1:])
    if not number:
        return noise
    level, contrast = draws.uniform(2, *[1] * (images.ndim - 1)).unbind(1)
    return (level + 4 * contrast * (noise - 0.5)).clamp(0, 1)


def _nearest_first(ground: Ground, starts: Images) -> Callable[[Tensor, int], Images]:
    """The given image that stands at some place in a row's order."""
    rows = torch.arange(len(ground.images), device=starts.device)
    away = [ground.distance(each.expand_as(ground.images), rows) for each in starts]
    order = torch.stack(away, dim=1).argsort(dim=1, stable=True)
    return lambda some, place: starts[order[some, place]]


def bisect(
    ground: Ground,
    at: Callable[[PerRow, Tensor], Images],
    ends: Images,
    rows: Rows,
    span: tuple[PerRow, PerRow],
    *,
    tolerance: float | PerRow,
) -> Asking[tuple[Images, PerRow]]:
    """The border between a number whose point has failed and one whose point has reached the goal.

    Each row stops asking when its own span is no longer than the tolerance, or than a rounding.

    Args:
        ground: Images and threat model.
        at: at(numbers, places): the points of some numbers, of the rows at these places.
        ends: The points of the upper numbers, which have reached the goal.
        rows: The rows, each once.
        span: The lower and the upper numbers, [m] each.
        tolerance: How wide a span may remain, > 0.

    Returns:
        The last points that reached the goal, and their numbers.
    """
    (low, high), ends = (each.clone() for each in span), ends.clone()
    while True:
        middle = (low + high) / 2
        wide = (high - low > tolerance) & (low < middle) & (middle < high)
        left = wide.nonzero().squeeze(1)
        if not len(left):
            return ends, high
        tried = at(middle[left], left)
        reached = yield from ground.asks(tried, rows[left])
        better, worse = left[reached], left[~reached]
        high[better], low[worse] = middle[better], middle[worse]
        ends[better] = tried[reached]


def approach(ground: Ground, points: Images, rows: Rows, tolerance: float) -> Asking[Images]:
    """The points where the ways from images to points that have reached the goal cross the border.

    Args:
        ground: Images and threat model.
        points: Points that have reached the goal.
        rows: Their rows, each once.
        tolerance: How exactly, as a share of the way, in (0, 1).
    """

    def at(shares: PerRow, places: Tensor) -> Images:
        return ground.on_the_way(points[places], rows[places], shares)

    whole = torch.ones(len(rows), dtype=points.dtype, device=points.device)
    span = torch.zeros_like(whole), whole
    return (yield from bisect(ground, at, points, rows, span, tolerance=tolerance))[0]
